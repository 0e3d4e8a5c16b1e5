package site

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/content"
	"first5/web"
)

// submit takes a module's answers from our own page. It guards itself: somebody whose session has
// ended meanwhile does not lose them, since the page's ticket says whose they
// are. Whatever fails, the answers are in the page that says so.
func (s *Site) submit(c *fiber.Ctx) error {
	v, err := s.visitor(c)
	if errors.Is(err, app.ErrSignedOut) {
		return s.park(c)
	}
	if err == nil && !s.keys.checkCSRF(v.token, c.FormValue("csrf")) {
		return s.refuseForeign(c, v)
	}
	if err == nil {
		err = s.count(c, v)
	}
	if err != nil {
		return keepAnswers(c, err)
	}
	return nil
}

func (s *Site) count(c *fiber.Ctx, v visitor) error {
	sub, err := s.submission(c)
	if err != nil {
		return err
	}
	err = s.Training.Submit(c.UserContext(), v.Person, sub)
	if err != nil {
		return err
	}
	err = s.reflectWithAnswers(c, v, resultAddress(sub))
	if err != nil {
		return err
	}
	return leadOn(c, fiber.StatusCreated, resultAddress(sub))
}

// refuseForeign answers a form whose token is not the session's. It may be a
// page of the same learner's earlier session, which its ticket tells; a page
// that was made for somebody else counts for nobody. But a device sends by itself
// what waited on it, whoever has signed in there since: such answers are kept for
// the learner whose they are.
func (s *Site) refuseForeign(c *fiber.Ctx, v visitor) error {
	t, ok := s.keys.readTicket(c.Params("slug"), c.FormValue("page"))
	if ok && t.Learner != v.Learner && forScript(c) {
		return s.park(c)
	}
	if !ok || t.Learner != v.Learner {
		return fmt.Errorf("the answers' page is not this session's: %w", fiber.ErrForbidden)
	}
	err := s.count(c, v)
	if err != nil {
		return keepAnswers(c, err)
	}
	return nil
}

// park keeps the answers of somebody who is no longer signed in, and leads them
// through the sign-in to the result.
func (s *Site) park(c *fiber.Ctx) error {
	t, ok := s.keys.readTicket(c.Params("slug"), c.FormValue("page"))
	if !ok {
		return fmt.Errorf("answers without a session and a ticket: %w", fiber.ErrForbidden)
	}
	sub, err := s.submission(c)
	if err == nil {
		err = s.Training.Park(c.UserContext(), t.Learner, sub)
	}
	if err != nil {
		return keepAnswers(c, err)
	}
	if len(reflections(c)) > 0 && !forScript(c) {
		return s.reflectParked(c, sub.Module)
	}
	return leadOn(c, fiber.StatusAccepted, keptAddress(resultAddress(sub)))
}

// submission reads the form. The version is that of the page's ticket; a form
// without one is taken to answer the version that the learner would see now.
func (s *Site) submission(c *fiber.Ctx) (app.Submission, error) {
	sub := app.Submission{
		Attempt: app.AttemptID(c.FormValue("attempt")),
		Module:  c.Params("slug"),
		Answers: content.Answers{},
	}
	if !isToken(string(sub.Attempt)) {
		return sub, &problem{
			err:   fmt.Errorf("attempt id %q: %w", sub.Attempt, app.ErrInvalid),
			title: web.T("The page did not say which attempt this is"),
			text:  web.T("Without that, answers sent twice would count twice, so nothing was counted. Open the module again and send the answers from there."),
			link:  openModule(sub.Module),
		}
	}
	if page := c.FormValue("page"); page != "" {
		t, ok := s.keys.readTicket(sub.Module, page)
		if !ok {
			return sub, fmt.Errorf("the page's ticket is not ours: %w", app.ErrConflict)
		}
		sub.Version, sub.Quiz = t.Version, t.Quiz
	}
	for _, field := range fields(c) {
		if question, ok := strings.CutPrefix(field.Name, "q."); ok {
			sub.Answers[question] = append(sub.Answers[question], field.Value)
		}
	}
	return sub, nil
}

// fields returns copies of the form's fields, in their order.
func fields(c *fiber.Ctx) []web.Field {
	var all []web.Field
	c.Request().PostArgs().VisitAll(func(name, value []byte) {
		all = append(all, web.Field{Name: string(name), Value: string(value)})
	})
	return all
}

// isToken says whether an id that a page made may stand in an address.
func isToken(s string) bool {
	if len(s) < 8 || len(s) > 64 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_')
	})
}

// keepAnswers makes an error's page hold the answers that could not be saved,
// with a button that sends them again. A page that holds something already is of
// answers that were saved.
func keepAnswers(c *fiber.Ctx, err error) error {
	p := problemOf(err)
	if p.again != nil {
		return p
	}
	slug := c.Params("slug")
	if isLasting(err) {
		p.link = openModule(slug)
	}
	p.again = &web.Again{Action: "/modules/" + slug + "/attempts", Fields: fields(c)}
	return p
}

// problemOf returns a copy of the problem that an error is, or a new one.
func problemOf(err error) *problem {
	p := &problem{err: err}
	if known := (*problem)(nil); errors.As(err, &known) {
		*p = *known
	}
	return p
}

// isLasting says whether sending the same thing again mends nothing.
func isLasting(err error) bool {
	return errors.Is(err, app.ErrInvalid) || errors.Is(err, app.ErrConflict) || errors.Is(err, app.ErrNotFound)
}
