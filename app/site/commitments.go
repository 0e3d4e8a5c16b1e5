package site

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// intend asks what a learner will try after a module: to choose it anew, and for
// those who don't come from its result.
func (s *Site) intend(c *fiber.Ctx, v visitor) error {
	edition, back := c.Query("edition"), c.Query("return")
	o, err := s.Training.Finished(c.UserContext(), v.Person, c.Params("slug"), edition)
	if err != nil {
		return err
	}
	f := s.intentions(c, v, o, back)
	chosen, own := o.Module.Chosen(o.Workbook.Commitments)
	f.Chosen = chosen
	if len(own) > 0 {
		f.Own = own[0]
	}
	return s.ask(c, v, fiber.StatusOK, f)
}

// intentions returns the form for what a learner will try after a module.
func (s *Site) intentions(c *fiber.Ctx, v visitor, o app.Opened, back string) web.Intentions {
	m, _ := s.inLanguage(c, o.Module)
	return web.Intentions{
		Module:  m,
		Edition: m.Edition,
		Ticket:  s.keys.writeTicket(ticket{Learner: v.Learner, Module: m.Slug, Version: m.Version}),
		CSRF:    s.keys.csrfToken(v.token),
		Return:  leading(back),
	}
}

func (s *Site) ask(c *fiber.Ctx, v visitor, status int, f web.Intentions) error {
	noStore(c)
	return s.show(c, status, web.CommitmentsPage{Frame: s.frame(c, v, web.MyWork, web.T("What will you try?")), Form: f})
}

// commit keeps what a learner will try. What can't be kept comes back with what
// is wrong with it.
func (s *Site) commit(c *fiber.Ctx, v visitor) error {
	on := app.Page{Module: c.Params("slug"), Language: c.FormValue("lang")}
	if page := c.FormValue("page"); page != "" {
		t, ok := s.keys.readTicket(on.Module, page)
		if !ok || t.Learner != v.Learner {
			return fmt.Errorf("sent from a page of %s that was not made for this learner: %w", on.Module, fiber.ErrForbidden)
		}
		on.Version = t.Version
	}
	chosen, own := chosenIn(c), c.FormValue("own")
	err := s.Training.Commit(c.UserContext(), v.Person, on, chosen, own)
	if errors.Is(err, app.ErrInvalid) {
		return s.askAgain(c, v, chosen, own)
	}
	if err != nil {
		return keepIntended(c, err)
	}
	return seeOther(c, afterwards(on.Module, c.FormValue("return")))
}

// chosenIn returns the ids of what is chosen in a form, each once.
func chosenIn(c *fiber.Ctx) []string {
	var ids []string
	for _, field := range fields(c) {
		if field.Name == "c" && !slices.Contains(ids, field.Value) {
			ids = append(ids, field.Value)
		}
	}
	return ids
}

func (s *Site) askAgain(c *fiber.Ctx, v visitor, chosen []string, own string) error {
	o, err := s.Training.Finished(c.UserContext(), v.Person, c.Params("slug"), c.FormValue("edition"))
	if err != nil {
		return err
	}
	f := s.intentions(c, v, o, c.FormValue("return"))
	f.Chosen, f.Own, f.Wrong = chosen, own, whatIsWrong(chosen, own)
	return s.ask(c, v, fiber.StatusUnprocessableEntity, f)
}

// whatIsWrong returns why what was chosen could not be kept.
func whatIsWrong(chosen []string, own string) web.Wrong {
	own = app.OneLine(own)
	n := len(chosen)
	if own != "" {
		n++
	}
	switch {
	case utf8.RuneCountInString(own) > app.LongestCommitment:
		return web.TooLong
	case n == 0:
		return web.NoneChosen
	case n > app.MostCommitments:
		return web.TooMany
	}
	return web.NotProposed
}

// afterwards is where a learner goes on who has chosen: back to a result of that
// module, if they came from there.
func afterwards(module, back string) string {
	back = leading(back)
	switch {
	case strings.HasPrefix(back, "/modules/"+module+"/attempts/"):
		return back + "#page_try"
	case back != "":
		return back
	}
	return learnt(web.ToldChosen)
}

// keepIntended makes an error's page hold what could not be kept, with a button
// that sends it again.
func keepIntended(c *fiber.Ctx, err error) error {
	return &problem{err: err, link: openModule(c.Params("slug")), again: &web.Again{
		Action: c.Path(),
		Fields: fields(c),
		Note:   web.T("What you chose is kept in this page."),
		Button: web.T("Keep it"),
	}}
}
