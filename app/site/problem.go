package site

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/signin"
	"first5/content"
	"first5/web"
)

// problem is an error with what to tell the person about it.
type problem struct {
	err   error
	title web.Message // zero: the one for the kind of error
	text  web.Message // likewise
	link  *web.Link
	other *web.Link
	again *web.Again
}

// retryAfter is in how many seconds to try again what could not be done just now.
const retryAfter = "10"

func (p *problem) Error() string { return p.err.Error() }
func (p *problem) Unwrap() error { return p.err }

// answerError is the one place where errors become pages. What an error says
// goes to the log; people read fixed sentences.
func (s *Site) answerError(c *fiber.Ctx, err error) error {
	if isAPI(c.Path()) {
		return s.answerAPI(c, err)
	}
	status, title, text := explain(err)
	var p *problem
	page := web.ProblemPage{Frame: s.outside(c, title), Text: text}
	if v, ok := c.Locals(viewerKey).(visitor); ok {
		page.Frame = s.frame(c, v, web.Anywhere, title)
	}
	if errors.As(err, &p) {
		page.Link, page.Other, page.Again = p.link, p.other, p.again
		if !p.title.IsZero() {
			page.Title, page.Text = p.title, p.text
		}
	}
	// Whatever was answered before the error is gone, and so are its headers.
	c.Response().ResetBody()
	c.Response().Header.Del(fiber.HeaderContentDisposition)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if status == fiber.StatusServiceUnavailable || status == fiber.StatusFailedDependency {
		c.Set(fiber.HeaderRetryAfter, retryAfter)
	}
	if forScript(c) {
		return s.answerScript(c, status, page)
	}
	return s.show(c, status, page)
}

// explain returns the status, the title and the text for an error. A provider's
// failures come first: they may have any cause.
func explain(err error) (status int, title, text web.Message) {
	var foreign *content.AnswerError
	var ferr *fiber.Error
	switch {
	case errors.Is(err, signin.ErrUnavailable):
		// Not a 5xx: it is no fault of ours, and nobody else is touched by it.
		return fiber.StatusFailedDependency, web.T("Your institution’s sign-in does not answer"), web.T("First5 reached out to it and got no usable answer. Try again in a moment; if it lasts, tell your institution’s IT.")
	case errors.Is(err, signin.ErrRejected):
		return 403, web.T("The sign-in did not work out"), web.T("It was refused, took too long, or belongs to another window. Sign in again from the start.")
	case errors.As(err, &foreign):
		return 422, web.T("These answers are not to this module"), web.T("An answer names a question or an option that the module does not have, so nothing was counted. Open the module again and answer it there.")
	case errors.Is(err, app.ErrNotFound):
		return 404, web.T("There is no such page"), web.T("The address may be mistyped, or what was here is not offered to your institution.")
	case errors.Is(err, app.ErrForbidden):
		return 403, web.T("This page is not for your account"), web.T("Your institution decides who may see it. If you think that you should, ask your institution’s office for medical education.")
	case errors.Is(err, app.ErrConflict):
		return 409, web.T("That version is not published"), web.T("The page that you sent was made from a version of the module that is not published. Nothing was counted. Open the module again.")
	case errors.Is(err, app.ErrInvalid):
		return 422, web.T("That can’t be taken"), web.T("Something in what was sent is not as it should be. Go back and try again.")
	case errors.Is(err, app.ErrStoreAway), errors.Is(err, context.DeadlineExceeded):
		return 503, web.T("First5 can’t save or read just now"), web.T("The database does not answer. This is not your doing. Try again in a moment.")
	case errors.As(err, &ferr):
		return explainStatus(ferr.Code)
	}
	return explainStatus(fiber.StatusInternalServerError)
}

// explainStatus explains the errors that fiber itself finds, and any fault of
// ours.
func explainStatus(status int) (int, web.Message, web.Message) {
	switch status {
	case fiber.StatusNotFound:
		return explain(app.ErrNotFound)
	case fiber.StatusMethodNotAllowed:
		return status, web.T("That can’t be done here"), web.T("The address exists, but not for this kind of request. Go to the page and use its buttons.")
	case fiber.StatusRequestEntityTooLarge:
		return status, web.T("That is too much at once"), tooMuch(bodyLimit)
	case fiber.StatusRequestHeaderFieldsTooLarge:
		return status, web.T("Your browser sent too many cookies"), web.T("Delete the cookies of this site and try again.")
	case fiber.StatusUnauthorized:
		return status, web.T("You are signed out"), web.T("For what you sent, you have to be signed in. Sign in and try again.")
	case fiber.StatusForbidden:
		return status, web.T("This form was not sent from its own page"), web.T("To protect you, nothing was done. Open the page in First5 itself and send it from there.")
	case fiber.StatusTooManyRequests:
		return status, web.T("That was very often"), web.T("So many requests came from you or your network in the last minute that First5 takes a breath. Try again in a minute.")
	case fiber.StatusUnsupportedMediaType:
		return status, web.T("That form can’t be read"), web.T("First5 takes ordinary web forms only.")
	case fiber.StatusRequestTimeout:
		return status, web.T("That took too long to arrive"), web.T("The connection was too slow, and what you sent did not arrive whole. Go back and send it again.")
	case fiber.StatusBadRequest:
		return status, web.T("That request can’t be read"), web.T("It was incomplete or broken. Go back and try again.")
	}
	return 500, web.T("Something went wrong here"), web.T("This is First5’s fault and not yours; it has been written down. Try again in a moment.")
}
