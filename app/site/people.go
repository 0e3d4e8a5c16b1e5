package site

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

const (
	peoplePath    = "/records/people"
	peoplePerPage = 100
)

// people lists the people of a manager's institution.
func (s *Site) people(c *fiber.Ctx, v visitor) error {
	f, after, err := s.readPersonFilter(c, v)
	if err != nil {
		return err
	}
	listing, err := s.Training.People(c.UserContext(), v.Person, f, after, peoplePerPage)
	if err != nil {
		return err
	}
	page := web.PeoplePage{
		Frame:   s.frame(c, v, web.Records, web.T("People")),
		Filter:  f,
		Modules: s.Training.Modules(v.Person),
		Page:    listing,
		Later:   after != app.PersonCursor{},
	}
	page.Wide = true
	page.Institution = page.Viewer.Institution
	if listing.Next != nil {
		q := web.PeopleQuery(f)
		q.Set("after", writePersonCursor(*listing.Next))
		page.NextAddress = web.WithQuery(peoplePath, q)
	}
	noStore(c)
	return s.show(c, fiber.StatusOK, page)
}

// readPersonFilter reads the filter of the list of people, and where the list goes
// on. A module without an edition means its current one.
func (s *Site) readPersonFilter(c *fiber.Ctx, v visitor) (app.PersonFilter, app.PersonCursor, error) {
	r := inAddress(c, peoplePath)
	f := app.PersonFilter{}
	after, err := readPersonCursor(c.Query("after"))
	if err != nil {
		return f, after, err
	}
	f.Query, err = r.sought()
	if err != nil {
		return f, after, err
	}
	f.NotBegun, err = s.readEdition(c, v, r)
	return f, after, err
}

// readEdition reads of which edition of a module the people are to have no record.
func (s *Site) readEdition(c *fiber.Ctx, v visitor, r filterReader) (app.EditionRef, error) {
	ref := app.EditionRef{Module: r.text("not_begun"), Edition: r.text("edition")}
	if ref.Module == "" {
		return app.EditionRef{}, nil
	}
	if ref.Edition == "" {
		modules := s.Training.Modules(v.Person)
		i := slices.IndexFunc(modules, func(m *app.Module) bool { return m.Slug == ref.Module })
		if i < 0 {
			return ref, r.problem(web.T("There is no module “%s”. Choose one from the list.", ref.Module))
		}
		return app.EditionRef{Module: ref.Module, Edition: modules[i].Edition}, nil
	}
	was, err := s.Training.HasEdition(c.UserContext(), v.Person, ref)
	if err == nil && !was {
		err = r.problem(web.T("There never was an edition “%s” of a module “%s”. Choose a module from the list.", ref.Edition, ref.Module))
	}
	return ref, err
}

// writePersonCursor writes a place in the list of people as a part of an address.
func writePersonCursor(after app.PersonCursor) string { return string(after.Learner) + "." + after.Key }

// readPersonCursor reads where the list of people goes on.
func readPersonCursor(written string) (app.PersonCursor, error) {
	if written == "" {
		return app.PersonCursor{}, nil
	}
	learner, key, ok := strings.Cut(written, ".")
	if !ok || learner == "" || !utf8.ValidString(written) {
		return app.PersonCursor{}, filterProblem(peoplePath, web.T("The address does not say where the list goes on. Begin at its start."))
	}
	return app.PersonCursor{Key: key, Learner: app.LearnerID(learner)}, nil
}

// person shows one person of a manager's institution.
func (s *Site) person(c *fiber.Ctx, v visitor) error {
	page, err := s.personPage(c, v)
	if err != nil {
		return err
	}
	page.Told = web.Told(c.Query("did"))
	return s.show(c, fiber.StatusOK, page)
}

// personPage returns the page of the person whom the address names, or why the
// visitor may not have it.
func (s *Site) personPage(c *fiber.Ctx, v visitor) (web.PersonPage, error) {
	noStore(c)
	learner := app.LearnerID(c.Params("learner"))
	records, err := s.Training.PersonRecords(c.UserContext(), v.Person, learner)
	if err != nil {
		return web.PersonPage{}, fmt.Errorf("showing a person: %w", err)
	}
	page := web.PersonPage{Frame: s.frame(c, v, web.Records, web.T("Records of one person")), PersonRecords: records}
	page.Wide = true
	return page, nil
}
