package site

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/signin"
	"first5/web"
)

// flow is what the browser keeps, sealed, while its person is at the provider.
type flow struct {
	signin.Flow
	Return string `json:"return"` // an own path, or empty
}

func (s *Site) chooseInstitution(c *fiber.Ctx) error {
	return s.show(c, fiber.StatusOK, web.SignInPage{
		Frame:        web.Frame{Title: "Sign in"},
		Institutions: s.Training.Institutions,
		Return:       ownPath(c.Query("return")),
		AnswersKept:  c.Query("kept") == "1",
	})
}

func (s *Site) beginSignIn(c *fiber.Ctx) error {
	institution := app.InstitutionID(c.Params("institution"))
	address, f, err := s.SignIn.Begin(c.UserContext(), institution)
	if err != nil {
		return s.signInProblem(c, institution, err)
	}
	sealed, err := s.keys.seal(flow{Flow: f, Return: ownPath(c.Query("return"))})
	if err != nil {
		return err
	}
	// A cookie for each flow, so that two windows don't spoil each other's.
	s.setCookie(c, flowCookie+f.State[:flowCookieState], sealed, signin.FlowLife)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(address, fiber.StatusSeeOther)
}

// flowCookieState is how much of a flow's state its cookie is named by.
const flowCookieState = 8

func (s *Site) finishSignIn(c *fiber.Ctx) error {
	institution := app.InstitutionID(c.Params("institution"))
	c.Set(fiber.HeaderCacheControl, "no-store")
	f, err := s.takeFlow(c, institution)
	if err != nil {
		return s.signInProblem(c, institution, err)
	}
	id, err := s.SignIn.Finish(c.UserContext(), f.Flow, signin.Callback{
		Code:  c.Query("code"),
		State: c.Query("state"),
		Error: c.Query("error"),
	})
	if err != nil {
		return s.signInProblem(c, institution, err)
	}
	token, p, uncounted, err := s.Training.SignIn(c.UserContext(), id)
	if err != nil {
		return err
	}
	for _, err := range uncounted {
		s.Log.Error("answers stay parked", slog.String("learner", string(p.Learner)), slog.Any("error", err))
	}
	s.setCookie(c, sessionCookie, string(token), s.Training.SessionLife)
	back := f.Return
	if back == "" {
		back = "/"
	}
	return seeOther(c, back)
}

// takeFlow returns the flow that this browser began at the institution, and
// takes its cookie away: a flow is finished once.
func (s *Site) takeFlow(c *fiber.Ctx, institution app.InstitutionID) (flow, error) {
	state := c.Query("state")
	if len(state) < flowCookieState {
		return flow{}, fmt.Errorf("%w: the callback has no state", signin.ErrRejected)
	}
	name := flowCookie + state[:flowCookieState]
	sealed := c.Cookies(s.cookieName(name))
	if sealed == "" {
		return flow{}, fmt.Errorf("%w: this browser has not begun it", signin.ErrRejected)
	}
	s.dropCookie(c, name)
	var f flow
	err := s.keys.unseal(sealed, &f)
	if err != nil {
		return flow{}, fmt.Errorf("%w: %w", signin.ErrRejected, err)
	}
	if f.Institution != institution {
		return flow{}, fmt.Errorf("%w: it was begun at %s", signin.ErrRejected, f.Institution)
	}
	return f, nil
}

// signInProblem offers another try, at the same institution if there is one.
func (s *Site) signInProblem(c *fiber.Ctx, institution app.InstitutionID, err error) error {
	p := &problem{err: err, link: &web.Link{Address: "/signin", Words: "Sign in again"}}
	if errors.Is(err, signin.ErrUnavailable) {
		page := web.SignInPage{Return: ownPath(c.Query("return"))}
		p.link = &web.Link{Address: page.Address(institution), Words: "Try again"}
	}
	return p
}

func (s *Site) signOut(c *fiber.Ctx, v visitor) error {
	err := s.Training.SignOut(c.UserContext(), v.token)
	if err != nil {
		return err
	}
	s.dropCookie(c, sessionCookie)
	c.Set("Clear-Site-Data", `"cache"`)
	return seeOther(c, "/")
}
