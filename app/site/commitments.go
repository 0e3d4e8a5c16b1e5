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
	if o.Record == nil || o.Record.Completion == nil {
		return notCompleted(o.Slug, fmt.Errorf("%s: %w: %w", o.Slug, app.ErrConflict, app.ErrNotCompleted))
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

// commit keeps what a learner will try. It guards itself, as reflect does: own
// words outlive a session. What can't be kept comes back with what is wrong with
// it.
func (s *Site) commit(c *fiber.Ctx) error {
	v, on, err := s.fromModule(c)
	if errors.Is(err, app.ErrSignedOut) {
		return s.commitSignedOut(c, on.Module)
	}
	if err != nil {
		return keepIntended(c, err)
	}
	chosen, own := chosenIn(c), c.FormValue("own")
	err = s.Training.Commit(c.UserContext(), v.Person, on, chosen, own)
	switch {
	case errors.Is(err, app.ErrNotCompleted):
		return keepIntended(c, notCompleted(on.Module, err))
	case errors.Is(err, app.ErrInvalid):
		return s.askAgain(c, v, chosen, own)
	case err != nil:
		return keepIntended(c, err)
	}
	return seeOther(c, afterwards(on.Module, c.FormValue("return")))
}

func (s *Site) commitSignedOut(c *fiber.Ctx, slug string) error {
	_, ours := s.keys.readTicket(slug, c.FormValue("page"))
	if !ours {
		return fmt.Errorf("a commitment without a session and a ticket: %w", fiber.ErrForbidden)
	}
	return keepIntended(c, s.signedOutBeside(c, "/modules/"+slug,
		web.T("What you chose is not kept yet: it is for you alone, so you have to be signed in for it. Sign in, which opens beside this page; then come back here and keep it.")))
}

// notCompleted says that a module comes before what is tried after it.
func notCompleted(slug string, err error) error {
	return &problem{
		err:   err,
		title: web.T("First complete the module"),
		text:  web.T("What you will try is chosen after a module. Complete this one; then it asks you."),
		link:  openModule(slug),
	}
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
	p := problemOf(err)
	if p.link == nil {
		p.link = openModule(c.Params("slug"))
	}
	p.again = &web.Again{
		Action: c.Path(),
		Fields: fields(c),
		Note:   web.T("What you chose is kept in this page."),
		Button: web.T("Keep it"),
	}
	return p
}
