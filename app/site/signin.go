package site

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

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

const (
	// listedInstitutions is how many are listed for choosing: more are searched.
	listedInstitutions = 12
	foundInstitutions  = 20
	longestSearch      = 200 // bytes

	remembered = 365 * 24 * time.Hour
)

// chooseInstitution helps somebody to their institution. A link that names one
// goes there at once.
func (s *Site) chooseInstitution(c *fiber.Ctx) error {
	page := s.signInPage(c, leading(c.Query("return")))
	page.AnswersKept = c.Query("kept") == "1"
	if named := c.Query("institution"); named != "" {
		i, err := s.Training.Institution(app.InstitutionID(named))
		if err == nil {
			return seeOther(c, web.SignInAddress(i.ID, page.Return))
		}
		page.Unknown = cut(named, longestSearch)
	}
	return s.show(c, fiber.StatusOK, page)
}

// findInstitution searches for what somebody typed. It is a form that posts, so
// that an e-mail address stands in no address and no log.
func (s *Site) findInstitution(c *fiber.Ctx) error {
	err := s.checkOrigin(c)
	if err != nil {
		return err
	}
	page := s.signInPage(c, leading(c.FormValue("return")))
	page.AnswersKept = c.FormValue("kept") == "1"
	page.Typed = cut(c.FormValue("find"), longestSearch)
	found := s.Training.FindInstitutions(page.Typed)
	page.Found = found[:min(len(found), foundInstitutions)]
	c.Set(fiber.HeaderCacheControl, "no-store")
	if one := page.One(); one != nil && one.HasAddress(page.Typed) {
		err = s.keepHint(c, one.ID, page.Typed)
		if err != nil {
			return err
		}
	}
	return s.show(c, fiber.StatusOK, page)
}

func (s *Site) signInPage(c *fiber.Ctx, back string) web.SignInPage {
	page := web.SignInPage{Frame: web.Frame{Title: "Sign in"}, Return: back}
	if i, err := s.Training.Institution(app.InstitutionID(c.Cookies(s.cookieName(institutionCookie)))); err == nil {
		page.Remembered = &i
	}
	if len(s.Training.Institutions) <= listedInstitutions {
		page.Listed = s.Training.Institutions
	}
	return page
}

// hint is the e-mail address by which somebody found their institution. Its
// provider gets it, so that it need not be typed again.
type hint struct {
	Institution app.InstitutionID `json:"institution"`
	Email       string            `json:"email"`
}

func (s *Site) keepHint(c *fiber.Ctx, i app.InstitutionID, email string) error {
	sealed, err := s.keys.seal(hintCookie, hint{Institution: i, Email: email})
	if err != nil {
		return err
	}
	s.setCookie(c, hintCookie, sealed, signin.FlowLife)
	return nil
}

// takeHint returns the address that was typed for the institution, or nothing.
func (s *Site) takeHint(c *fiber.Ctx, i app.InstitutionID) string {
	sealed := c.Cookies(s.cookieName(hintCookie))
	if sealed == "" {
		return ""
	}
	s.dropCookie(c, hintCookie)
	var h hint
	err := s.keys.unseal(hintCookie, sealed, &h)
	if err != nil || h.Institution != i {
		return ""
	}
	return h.Email
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

// askToSwitch asks somebody who is signed in at another institution whether they
// want to leave it. Without that, any page's link could put another's person
// into their browser, and their answers would count for that person. If they
// have agreed it returns the institution that they leave.
func (s *Site) askToSwitch(c *fiber.Ctx, to app.InstitutionID, back string) (former app.InstitutionID, asked bool, err error) {
	v, err := s.visitor(c)
	if errors.Is(err, app.ErrSignedOut) {
		return "", false, nil
	}
	if err != nil || v.Institution == to {
		return "", false, err
	}
	if s.keys.checkSwitch(v.token, to, c.Query("switch")) {
		return v.Institution, false, nil
	}
	there, err := s.Training.Institution(to)
	if err != nil {
		return "", false, err
	}
	q := url.Values{"switch": {s.keys.switchToken(v.token, to)}}
	if back != "" {
		q.Set("return", back)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return "", true, s.show(c, fiber.StatusOK, web.SwitchPage{
		Frame: s.frame(v, web.Anywhere, "Sign in elsewhere"), To: there.Name, Address: web.WithQuery("/signin/"+string(to), q),
	})
}

// checkFormer refuses to replace the session of somebody who has not agreed to
// leave the institution where they are signed in.
func (s *Site) checkFormer(c *fiber.Ctx, f flow) error {
	v, err := s.visitor(c)
	if errors.Is(err, app.ErrSignedOut) {
		return nil
	}
	if err != nil || v.Institution == f.Institution || v.Institution == f.Former {
		return err
	}
	return &problem{
		err:   fmt.Errorf("%w: somebody of %s is signed in", signin.ErrRejected, v.Institution),
		title: "You are signed in elsewhere",
		text:  "In this browser you are signed in with another institution. Sign out there first if you want to sign in here.",
		link:  &web.Link{Address: "/account", Words: "Your account"},
	}
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
	_, known := s.Training.Institution(institution)
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
	words := "Sign in again"
	if unavailable {
		words = "Try again"
	}
	return &problem{err: err, link: &web.Link{Address: web.SignInAddress(institution, back), Words: words}}
}

// cut returns the beginning of a text that is too long, on a rune's border.
func cut(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	for bytes > 0 && text[bytes]&0xC0 == 0x80 {
		bytes--
	}
	return text[:bytes]
}

// signInAddress returns the address that leads through the sign-in to a page. A
// page's address may name the institution, and nobody is asked for it then.
func (s *Site) signInAddress(c *fiber.Ctx, back string) string {
	named := app.InstitutionID(c.Query("institution"))
	if named != "" {
		back = without(back, "institution")
	}
	_, err := s.Training.Institution(named)
	if err == nil {
		return web.SignInAddress(named, leading(back))
	}
	q := url.Values{}
	if back = leading(back); back != "" {
		q.Set("return", back)
	}
	if named != "" {
		q.Set("institution", string(named))
	}
	return web.WithQuery("/signin", q)
}

// keptAddress leads through the sign-in to the result of answers that wait.
func keptAddress(result string) string {
	return web.WithQuery("/signin", url.Values{"return": {result}, "kept": {"1"}})
}

// leading returns an own path that is worth returning to: home is where people
// come to anyway.
func leading(back string) string {
	back = ownPath(back)
	if back == "/" || len(back) > longestReturn { // it stands in a cookie
		return ""
	}
	return back
}

// without returns an own path without one part of its query.
func without(address, name string) string {
	u, err := url.Parse(ownPath(address))
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Del(name)
	u.RawQuery = q.Encode()
	return u.String()
}
