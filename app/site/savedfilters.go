package site

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// inForm reads the filter of the records out of a query that a form has sent.
func inForm(query string) filterReader {
	q, err := url.ParseQuery(query)
	if err != nil {
		q = url.Values{} // no page of ours has written it
	}
	return filterReader{get: q.Get, list: recordsPath, days: true}
}

// saveFilter saves the filter of the page that it was sent from. It guards itself:
// what was typed outlives a session.
func (s *Site) saveFilter(c *fiber.Ctx) error {
	v, err := s.visitor(c)
	r := inForm(c.FormValue("query"))
	switch {
	case errors.Is(err, app.ErrSignedOut):
		return s.keepTyped(c, recordsPath, web.T("The filter is not saved yet. Sign in, which opens beside this page; then come back here and go on."))
	case err != nil:
		return err
	case !s.keys.checkCSRF(v.token, c.FormValue("csrf")):
		return s.askName(c, v, r, fiber.StatusForbidden, "")
	}
	f, o, _, err := r.listing()
	if err != nil {
		return err
	}
	q := web.OrderQuery(web.FilterQuery(f), o)
	err = s.Training.SaveFilter(c.UserContext(), v.Person, app.SavedFilter{Name: c.FormValue("name"), Query: q.Encode()})
	var fault app.FilterFault
	if !errors.As(err, &fault) {
		if err != nil {
			return err
		}
		return seeOther(c, web.WithQuery(recordsPath, q))
	}
	return s.askName(c, v, r, fiber.StatusUnprocessableEntity, fault)
}

// askName shows the page that a filter was to be saved on, with the name that was
// typed and what is wrong with it: nothing, if it came from a page of another session.
func (s *Site) askName(c *fiber.Ctx, v visitor, r filterReader, status int, fault app.FilterFault) error {
	page, err := s.recordsPage(c, v, r)
	if err != nil {
		return err
	}
	page.WrongName, page.Aged, page.Name = fault, fault == "", c.FormValue("name")
	return s.show(c, status, page)
}

// removeFilter removes a saved filter.
func (s *Site) removeFilter(c *fiber.Ctx, v visitor) error {
	err := s.Training.RemoveFilter(c.UserContext(), v.Person, c.FormValue("name"))
	if err != nil {
		return err
	}
	return seeOther(c, recordsPath)
}
