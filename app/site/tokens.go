package site

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

const (
	tokensPath   = "/records/tokens"
	usualLife    = 90 // days for which a token is valid, unless a manager says otherwise
	tokenRevoked = "revoked"
)

// tokens lists the access tokens of the manager's institution.
func (s *Site) tokens(c *fiber.Ctx, v visitor) error {
	page, err := s.tokensPage(c, v)
	if err != nil {
		return err
	}
	page.Revoked = c.Query("did") == tokenRevoked
	return s.show(c, fiber.StatusOK, page)
}

// tokensPage returns the page with an empty form.
func (s *Site) tokensPage(c *fiber.Ctx, v visitor) (web.TokensPage, error) {
	noStore(c)
	listed, err := s.Training.Tokens(c.UserContext(), v.Person)
	if err != nil {
		return web.TokensPage{}, err
	}
	page := web.TokensPage{
		Frame:  s.frame(c, v, web.Records, web.T("Access for systems")),
		Tokens: listed,
		Draft:  app.TokenDraft{ID: app.NewToken(), Scopes: []app.Scope{app.ReadRecords}, Days: usualLife},
		Base:   s.BaseURL,
	}
	page.Wide = true
	return page, nil
}

// makeToken makes an access token and shows it. There is no other page to go on to:
// nobody else, and no later moment, has the token's text. It guards itself: what was
// typed outlives a session.
func (s *Site) makeToken(c *fiber.Ctx) error {
	v, err := s.visitor(c)
	switch {
	case errors.Is(err, app.ErrSignedOut):
		return s.keepTyped(c, tokensPath, web.T("No token was made. Sign in, which opens beside this page; then come back here and go on."))
	case err != nil:
		return err
	case !s.keys.checkCSRF(v.token, c.FormValue("csrf")):
		return s.askToken(c, v)
	}
	return s.makeTokenOf(c, v, tokenDraft(c))
}

// askToken shows the form again with what was typed on a page of another session.
func (s *Site) askToken(c *fiber.Ctx, v visitor) error {
	page, err := s.tokensPage(c, v)
	if err != nil {
		return err
	}
	fresh := page.Draft.ID
	page.Draft, page.Aged = tokenDraft(c), true
	page.Draft.ID = fresh // the other may be made already
	return s.show(c, fiber.StatusForbidden, page)
}

func (s *Site) makeTokenOf(c *fiber.Ctx, v visitor, d app.TokenDraft) error {
	text, made, err := s.Training.MakeToken(c.UserContext(), v.Person, d)
	var fault app.TokenFault
	if err != nil && !errors.Is(err, app.ErrConflict) && !errors.As(err, &fault) {
		return err
	}
	page, failed := s.tokensPage(c, v)
	if failed != nil {
		return failed
	}
	status := fiber.StatusOK
	switch {
	case fault != "":
		fresh := page.Draft.ID
		page.Wrong, page.Draft, status = fault, d, fiber.StatusUnprocessableEntity
		page.Draft.ID = fresh // what was sent may be why it could not be taken
	case err != nil:
		page.Again, status = true, fiber.StatusConflict
	default:
		page.Made = &web.MadeToken{AccessToken: made, Text: text}
	}
	return s.show(c, status, page)
}

// tokenDraft reads the form that asks for a token.
func tokenDraft(c *fiber.Ctx) app.TokenDraft {
	d := app.TokenDraft{ID: c.FormValue("id"), Name: c.FormValue("name")}
	d.Days, _ = strconv.Atoi(c.FormValue("days")) // what is no number is no length either
	for _, f := range fields(c) {
		if f.Name == "scope" {
			d.Scopes = append(d.Scopes, app.Scope(f.Value))
		}
	}
	return d
}

// revokeToken takes an access token away. One that is gone already is gone.
func (s *Site) revokeToken(c *fiber.Ctx, v visitor) error {
	err := s.Training.RevokeToken(c.UserContext(), v.Person, c.Params("token"))
	if errors.Is(err, app.ErrNotFound) {
		return &problem{
			err:   fmt.Errorf("revoking: %w", err),
			title: web.T("There is no such token"),
			text:  web.T("It was revoked before, and no system can use it."),
			link:  &web.Link{Address: tokensPath, Words: web.T("Access for systems")},
		}
	}
	if err != nil {
		return err
	}
	return seeOther(c, tokensPath+"?did="+tokenRevoked)
}
