package site

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/signin"
	"first5/web"
)

// flow is what the browser keeps, sealed, while its person is at the provider.
type flow struct {
	signin.Flow
	Return string `json:"return"` // an own path, or empty

	// Former is the institution where somebody is signed in who has agreed to
	// sign in at another.
	Former app.InstitutionID `json:"former,omitempty"`
}

func (s *Site) beginSignIn(c *fiber.Ctx) error {
	institution := app.InstitutionID(c.Params("institution"))
	back := leading(c.Query("return"))
	former, asked, err := s.askToSwitch(c, institution, back)
	if asked || err != nil {
		return err
	}
	address, f, err := s.SignIn.Begin(c.UserContext(), institution, s.takeHint(c, institution))
	if err != nil {
		return s.signInProblem(c, institution, back, err)
	}
	sealed, err := s.keys.seal(flowCookie, flow{Flow: f, Return: back, Former: former})
	if err != nil {
		return err
	}
	// A cookie for each flow, so that two windows don't spoil each other's.
	s.dropFlows(c)
	s.setCookie(c, flowCookie+f.State[:flowCookieState], sealed, signin.FlowLife)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(address, fiber.StatusSeeOther)
}

const (
	// flowCookieState is how much of a flow's state its cookie is named by.
	flowCookieState = 8

	flowsAtOnce   = 5     // that a browser keeps
	longestReturn = 1_000 // bytes of an address to return to
)

// dropFlows gives up the sign-ins that a browser has begun if they are very many:
// somebody who tries again and again would in the end send more cookies than a
// request may have.
func (s *Site) dropFlows(c *fiber.Ctx) {
	var begun []string
	c.Request().Header.VisitAllCookie(func(name, _ []byte) {
		if name, ok := strings.CutPrefix(string(name), s.cookieName(flowCookie)); ok {
			begun = append(begun, name)
		}
	})
	if len(begun) < flowsAtOnce {
		return
	}
	for _, name := range begun {
		s.dropCookie(c, flowCookie+name)
	}
}

func (s *Site) finishSignIn(c *fiber.Ctx) error {
	institution := app.InstitutionID(c.Params("institution"))
	c.Set(fiber.HeaderCacheControl, "no-store")
	f, err := s.takeFlow(c, institution)
	if err != nil {
		return s.signInProblem(c, institution, f.Return, err)
	}
	err = s.checkFormer(c, f)
	if err != nil {
		return err
	}
	arrival, err := s.SignIn.Finish(c.UserContext(), f.Flow, signin.Callback{
		Code:   c.Query("code"),
		State:  c.Query("state"),
		Error:  c.Query("error"),
		Issuer: c.Query("iss"),
	})
	if err != nil {
		return s.signInProblem(c, institution, f.Return, err)
	}
	err = s.beginSession(c, arrival)
	if err != nil {
		return err
	}
	back := f.Return
	if back == "" {
		back = "/"
	}
	return seeOther(c, back)
}

// beginSession begins a session in this browser, and ends the one that there was.
func (s *Site) beginSession(c *fiber.Ctx, a app.Arrival) error {
	former, formerErr := s.visitor(c)
	token, p, uncounted, err := s.Training.SignIn(c.UserContext(), a)
	if err != nil {
		return err
	}
	for _, err := range uncounted {
		s.Log.Error("answers stay parked", slog.String("learner", string(p.Learner)), slog.Any("error", err))
	}
	if formerErr == nil {
		_, err = s.Training.SignOut(c.UserContext(), former.Person, former.token, app.SignOutAgain)
		if err != nil {
			return err
		}
	}
	c.Locals(learnerKey, string(p.Learner))
	s.setCookie(c, sessionCookie, string(token), s.Training.SessionLife)
	s.setCookie(c, institutionCookie, string(a.Institution), remembered)
	return nil
}

// takeFlow returns the flow that this browser began at the institution, once: it
// takes its cookie away, and its state counts no more.
func (s *Site) takeFlow(c *fiber.Ctx, institution app.InstitutionID) (flow, error) {
	var f flow
	state := c.Query("state")
	if len(state) < flowCookieState {
		return f, fmt.Errorf("%w: the callback has no state", signin.ErrRejected)
	}
	name := flowCookie + state[:flowCookieState]
	sealed := c.Cookies(s.cookieName(name))
	if sealed == "" {
		return f, fmt.Errorf("%w: this browser has not begun it", signin.ErrRejected)
	}
	s.dropCookie(c, name)
	err := s.keys.unseal(flowCookie, sealed, &f)
	if err != nil {
		return flow{}, fmt.Errorf("%w: %w", signin.ErrRejected, err)
	}
	if f.Institution != institution {
		return f, &signin.Failure{Kind: signin.ErrRejected, Reason: signin.ReasonOtherFlow, Err: fmt.Errorf("it was begun at %s", f.Institution)}
	}
	err = s.Training.UseFlow(c.UserContext(), f.State, f.Expires)
	if errors.Is(err, app.ErrConflict) {
		return f, &signin.Failure{Kind: signin.ErrRejected, Reason: signin.ReasonOtherFlow, Err: err}
	}
	return f, err
}

// signInProblem offers another try, at the same institution if there is one, and
// tells the audit trail.
func (s *Site) signInProblem(c *fiber.Ctx, institution app.InstitutionID, back string, err error) error {
	unavailable, rejected := errors.Is(err, signin.ErrUnavailable), errors.Is(err, signin.ErrRejected)
	i, known := s.Training.Institution(institution)
	if known != nil || !unavailable && !rejected {
		return err
	}
	// Whoever has begun nothing here may send anything, and as much as they like:
	// that is for the log alone.
	if reason := signin.ReasonOf(err); reason != "" {
		failed := s.Training.SignInFailed(c.UserContext(), institution, string(reason))
		if failed != nil {
			s.Log.Error("a failed sign-in is missing in the audit trail", slog.Any("error", failed))
		}
	}
	p := &problem{
		err:   err,
		link:  &web.Link{Address: web.SignInAddress(institution, back), Words: web.T("Sign in again")},
		other: &web.Link{Address: chooseAddress(back), Words: web.T("Choose another institution")},
	}
	switch {
	case unavailable:
		p.link.Words = web.T("Try again")
		p.title = web.T("No answer from %s", i.Name)
		p.text = web.T("First5 reached out to the sign-in of %s and got no usable answer. Try again in a moment; if it lasts, tell the IT there.", i.Name)
	case signin.ReasonOf(err) == signin.ReasonRefused:
		p.title = web.T("%s did not let you in", i.Name)
		p.text = web.T("Either you stopped, or your account there may not use First5. If you think that it should, ask the IT of %s.", i.Name)
	case signin.ReasonOf(err) == signin.ReasonTwoFit:
		p.title = web.T("Your account belongs to two institutions")
		p.text = web.T("First5 can’t tell whose you are. Ask the IT of %s to have that settled with First5’s operator.", i.Name)
	case signin.ReasonOf(err) == signin.ReasonRequired:
		p.title = web.T("That account is not one of %s", i.Name)
		p.text = web.T("You signed in, but with an account that does not belong to %s. Sign out of it in this browser, and sign in with the account of your work.", i.Name)
	}
	return p
}
