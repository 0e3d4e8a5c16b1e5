package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/web"
)

// problemJSON is the type of an error that a script is told.
const problemJSON = "application/problem+json"

// leadOn sends the browser to another page of ours after answers were taken. A
// script is told where that is, with a status that says what became of them.
func leadOn(c *fiber.Ctx, status int, path string) error {
	if !forScript(c) {
		return seeOther(c, path)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).JSON(fiber.Map{"result": path})
}

// problemForScript is what a script is told of an error. It sends again by itself
// what may be taken later, and shows the rest to its reader.
type problemForScript struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	Retry bool   `json:"retry"`
}

func (s *Site) answerScript(c *fiber.Ctx, status int, page web.ProblemPage) error {
	language := s.language(c)
	return c.Status(status).JSON(problemForScript{
		Title: s.Views.Say(language, page.Title),
		Text:  s.Views.Say(language, page.Text),
		Retry: passes(status),
	}, problemJSON)
}

// passes says whether what was refused with a status may be taken later.
func passes(status int) bool {
	switch status {
	case fiber.StatusRequestTimeout, fiber.StatusFailedDependency, fiber.StatusTooManyRequests:
		return true
	}
	return status >= fiber.StatusInternalServerError
}
