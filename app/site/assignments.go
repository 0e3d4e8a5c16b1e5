package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/report"
	"first5/web"
)

const assignmentsPath = "/records/assignments"

// assignments lists what the manager's institution requires.
func (s *Site) assignments(c *fiber.Ctx, v visitor) error {
	page, err := s.assignmentsPage(c, v)
	if err != nil {
		return err
	}
	page.Ended = c.Query("did") == "ended"
	return s.show(c, fiber.StatusOK, page)
}

// assignmentsPage returns the page with an empty form.
func (s *Site) assignmentsPage(c *fiber.Ctx, v visitor) (web.AssignmentsPage, error) {
	noStore(c)
	all, err := s.Training.Assignments(c.UserContext(), v.Person)
	if err != nil {
		return web.AssignmentsPage{}, err
	}
	page := web.AssignmentsPage{
		Frame:    s.frame(c, v, web.Records, web.T("Assignments")),
		Programs: s.Training.Programs(v.Person),
	}
	page.Wide = true
	page.Draft = app.AssignmentDraft{Everyone: true, By: page.Viewer.Institution}
	for _, one := range all {
		page.All = append(page.All, web.Assigned{AssignmentProgress: one})
	}
	return page, nil
}

// assign makes an assignment. It guards itself: a long list outlives a session. A
// draft that can't be taken comes back in its form.
func (s *Site) assign(c *fiber.Ctx) error {
	v, err := s.visitor(c)
	switch {
	case errors.Is(err, app.ErrSignedOut):
		return s.keepTyped(c, assignmentsPath, web.T("This assignment is not made yet. Sign in, which opens beside this page; then come back here and go on."))
	case err != nil:
		return err
	case !s.keys.checkCSRF(v.token, c.FormValue("csrf")):
		return s.askDraft(c, v, fiber.StatusForbidden, nil)
	}
	made, err := s.Training.Assign(c.UserContext(), v.Person, draft(c))
	var unfit app.UnfitDraft
	switch {
	case errors.As(err, &unfit):
		return s.askDraft(c, v, fiber.StatusUnprocessableEntity, unfit)
	case err != nil:
		return err
	}
	return seeOther(c, assignmentsPath+"/"+made.ID+"?did=made")
}

// draft reads the form of an assignment.
func draft(c *fiber.Ctx) app.AssignmentDraft {
	d := app.AssignmentDraft{
		Everyone: c.FormValue("who") == web.OfEveryone,
		People:   c.FormValue("people"),
		By:       c.FormValue("by"),
		Because:  c.FormValue("because"),
		Due:      c.FormValue("due"),
	}
	kind, slug, _ := strings.Cut(c.FormValue("what"), ":")
	switch kind {
	case "program":
		d.Program = slug
	case "module":
		d.Module = slug
	}
	return d
}

// askDraft shows the form again with what was written, and with what is wrong with
// it: nothing, if it came from a page of another session.
func (s *Site) askDraft(c *fiber.Ctx, v visitor, status int, unfit app.UnfitDraft) error {
	page, err := s.assignmentsPage(c, v)
	if err != nil {
		return err
	}
	page.Draft, page.Unfit, page.Aged = draft(c), unfit, unfit == nil
	return s.show(c, status, page)
}

// assignment shows one assignment with how far its people are.
func (s *Site) assignment(c *fiber.Ctx, v visitor) error {
	f, err := readAssignedFilter(c)
	if err != nil {
		return err
	}
	progress, err := s.Training.AssignmentProgress(c.UserContext(), v.Person, c.Params("assignment"))
	if err != nil {
		return err
	}
	page := web.AssignmentPage{
		Frame:    s.frame(c, v, web.Records, web.Verbatim(progress.Title)),
		Assigned: web.Assigned{AssignmentProgress: progress},
		Filter:   f,
		Made:     c.Query("did") == "made",
	}
	page.Wide = true
	noStore(c)
	return s.show(c, fiber.StatusOK, page)
}

// readAssignedFilter reads which people of an assignment are asked for.
func readAssignedFilter(c *fiber.Ctx) (app.AssignedFilter, error) {
	f := app.AssignedFilter{State: app.Status(c.Query("show")), Module: c.Query("module")}
	if !slices.Contains([]app.Status{"", app.NotBegun, app.InProgress, app.Completed}, f.State) {
		return f, filterProblem(assignmentsPath+"/"+c.Params("assignment"), web.T("There is no status “%s” here. Choose one from the list.", f.State))
	}
	return f, nil
}

// assignmentCSV streams how far the people of an assignment are.
func (s *Site) assignmentCSV(c *fiber.Ctx, v visitor) error {
	f, err := readAssignedFilter(c)
	if err != nil {
		return err
	}
	id := c.Params("assignment")
	noted := web.AssignedQuery(f)
	noted.Set("assignment", id)
	return s.download(c, sending{
		Download:  app.Download{File: "assignment.csv", Filter: readable(noted)},
		by:        v.Downloader(),
		of:        string(v.Institution),
		mediaType: report.CSV.MediaType(),
		prepare: func(ctx context.Context) (fileWriter, error) {
			about, people, err := s.Training.AllAssigned(ctx, v.Person, id)
			return func(w io.Writer) (int, error) {
				return report.WriteAssigned(w, about.Modules, chosenOf(f, about.Modules, people))
			}, err
		},
	})
}

// chosenOf yields the people whom a filter chooses, and any error.
func chosenOf(f app.AssignedFilter, modules []*app.Module, all iter.Seq2[app.AssignedPerson, error]) iter.Seq2[app.AssignedPerson, error] {
	return func(yield func(app.AssignedPerson, error) bool) {
		for one, err := range all {
			if (err != nil || f.Chooses(one, modules)) && !yield(one, err) {
				return
			}
		}
	}
}

// endAssignment ends an assignment.
func (s *Site) endAssignment(c *fiber.Ctx, v visitor) error {
	err := s.Training.EndAssignment(c.UserContext(), v.Person, c.Params("assignment"))
	if errors.Is(err, app.ErrNotFound) {
		return &problem{
			err:   fmt.Errorf("it has ended already: %w", err),
			title: web.T("It has ended already"),
			text:  web.T("Somebody was first and has ended this assignment. Nothing was changed."),
			link:  &web.Link{Address: assignmentsPath, Words: web.T("See all assignments")},
		}
	}
	if err != nil {
		return err
	}
	return seeOther(c, assignmentsPath+"?did=ended")
}
