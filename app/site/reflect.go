package site

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// reflect keeps what a learner wrote to a module's private questions. It guards
// itself: whose session has ended is told so, with what they wrote in the page.
// It is never kept without a session, as answers are: it is for nobody's eyes but
// the learner's, and a page that is left open proves less than a sign-in.
func (s *Site) reflect(c *fiber.Ctx) error {
	v, on, err := s.fromModule(c)
	if errors.Is(err, app.ErrSignedOut) {
		return s.reflectSignedOut(c, on.Module)
	}
	if err != nil {
		return keepWritten(c, err)
	}
	wanted, kept := c.FormValue("save"), app.Reflection{}
	for _, w := range reflections(c) {
		r, err := s.Training.Reflect(c.UserContext(), v.Person, on, w.prompt, w.text, w.mark)
		if err != nil {
			return keepWritten(c, refused(c, w, err))
		}
		if w.prompt == wanted {
			kept = r
		}
	}
	if forScript(c) {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.JSON(fiber.Map{"mark": kept.Mark(), "text": kept.Text})
	}
	return s.backToPrompt(c, v, wanted)
}

// backToPrompt leads to the card of a question, on the page that now shows what
// is kept.
func (s *Site) backToPrompt(c *fiber.Ctx, v visitor, prompt string) error {
	o, err := s.Training.Open(c.UserContext(), v.Person, c.Params("slug"))
	if err != nil {
		return err
	}
	address := "/modules/" + o.Slug
	if p, ok := o.Prompt(prompt); ok {
		address += "#" + p.Card
	}
	return seeOther(c, address)
}

// reflectWithAnswers keeps what was written to private questions on a page whose
// answers were sent: where no script runs, nothing else may have saved it. The
// answers have counted by then; what can't be taken is in the page that says so.
func (s *Site) reflectWithAnswers(c *fiber.Ctx, v visitor, result string) error {
	all := reflections(c)
	if len(all) == 0 || forScript(c) {
		return nil
	}
	_, on, err := s.fromModule(c)
	if err != nil {
		return err
	}
	var first error
	for _, w := range all {
		_, err := s.Training.Reflect(c.UserContext(), v.Person, on, w.prompt, w.text, w.mark)
		switch {
		case errors.Is(err, app.ErrInvalid) && first == nil:
			first = refused(c, w, err)
		case err != nil && !errors.Is(err, app.ErrInvalid):
			return err
		}
	}
	if first == nil {
		return nil
	}
	p := problemOf(first)
	if p.text.IsZero() {
		_, _, p.text = explain(first)
	}
	p.title = web.T("Your answers are counted. What you wrote is not saved yet.")
	p.link = &web.Link{Address: result, Words: web.T("See the result"), Beside: true}
	return keepWritten(c, p)
}

// reflectParked tells somebody who is signed out, and whose answers wait for
// them now, that what they wrote for themself can't.
func (s *Site) reflectParked(c *fiber.Ctx, slug string) error {
	return keepWritten(c, s.signedOutBeside(c, "/modules/"+slug,
		web.T("Your answers are kept and count as soon as you sign in. What you wrote for yourself is not saved yet. Sign in, which opens beside this page; then come back here and save it.")))
}

func (s *Site) reflectSignedOut(c *fiber.Ctx, slug string) error {
	_, ours := s.keys.readTicket(slug, c.FormValue("page"))
	switch {
	case !ours:
		return fmt.Errorf("a reflection without a session and a ticket: %w", fiber.ErrForbidden)
	case forScript(c):
		return c.SendStatus(fiber.StatusUnauthorized)
	}
	return keepWritten(c, s.signedOutBeside(c, "/modules/"+slug,
		web.T("What you wrote is not saved yet: it is for you alone, so you have to be signed in for it. Sign in, which opens beside this page; then come back here and save it.")))
}

// refused explains an error because of which something written was not kept.
func refused(c *fiber.Ctx, w written, err error) error {
	switch {
	case !errors.Is(err, app.ErrTooLong):
		return err
	case utf8.RuneCountInString(strings.TrimSpace(w.text)) > app.LongestReflection:
		return &problem{
			err:   err,
			title: web.T("What you wrote is too long"),
			text:  web.T("Go back, make it shorter and save it again. %s", web.T("At most %d characters.", app.LongestReflection)),
		}
	}
	link := openModule(c.Params("slug"))
	link.Beside = true
	return &problem{
		err:   err,
		title: web.T("Both texts together are too long"),
		text:  web.T("Another page has saved another text to this question since. Open the module, which opens beside this page, and make what stands there shorter; then come back here and save this one."),
		link:  link,
	}
}

// written is what a form has in the field of a private question.
type written struct{ prompt, text, mark string }

// reflections returns what a form has in the fields of private questions, in
// their order: those in which something is written or was once.
func reflections(c *fiber.Ctx) []written {
	var all []written
	for _, field := range fields(c) {
		prompt, ok := strings.CutPrefix(field.Name, "r.")
		if !ok {
			continue
		}
		// A form has two characters where a line ends, and the learner wrote one.
		w := written{prompt: prompt, text: strings.ReplaceAll(field.Value, "\r\n", "\n"), mark: c.FormValue("w." + prompt)}
		if strings.TrimSpace(w.text) != "" || w.mark != "" {
			all = append(all, w)
		}
	}
	return all
}

// keepWritten makes an error's page hold what could not be saved, with a button
// that saves it.
func keepWritten(c *fiber.Ctx, err error) error {
	slug := c.Params("slug")
	p := problemOf(err)
	if p.link == nil && isLasting(err) {
		p.link = openModule(slug)
	}
	p.again = &web.Again{
		Action: "/modules/" + slug + "/reflections",
		Note:   web.T("What you wrote is kept in this page."),
		Button: web.T("Save what I wrote"),
	}
	for _, field := range fields(c) {
		if !strings.HasPrefix(field.Name, "q.") {
			p.again.Fields = append(p.again.Fields, field)
		}
	}
	return p
}

// keepSent makes an error's page hold what a module's page has sent.
func keepSent(c *fiber.Ctx, err error) error {
	switch {
	case strings.HasSuffix(c.Path(), "/reflections"):
		return keepWritten(c, err)
	case strings.HasSuffix(c.Path(), "/attempts"):
		return keepAnswers(c, err)
	case strings.HasSuffix(c.Path(), "/commitments"):
		return keepIntended(c, err)
	}
	return err
}
