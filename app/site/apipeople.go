package site

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
)

// apiLearner is a person as systems are told of them. What is not known is null.
type apiLearner struct {
	Learner     app.LearnerID     `json:"learner_id"`
	Institution app.InstitutionID `json:"institution"`
	Subject     *string           `json:"subject"`
	Name        *string           `json:"name"`
	Email       *string           `json:"email"`
	NPI         *string           `json:"npi"`
	SignedInAt  string            `json:"signed_in_at"`
}

func newAPILearner(p app.Person) apiLearner {
	return apiLearner{
		Learner: p.Learner, Institution: p.Institution, SignedInAt: apiTime(p.SignedInAt),
		Subject: known(p.Subject), Name: known(p.Name), Email: known(p.Email), NPI: known(p.NPI),
	}
}

func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// apiTime writes a time as the record columns have it.
func apiTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// learners answers with a part of the people who have signed in and have not left.
func (a *api) learners(c *fiber.Ctx, access app.Access, q query) error {
	most, err := q.most(usualRecords, mostRecords)
	if err != nil {
		return err
	}
	f, err := a.filter(query{"q": q["q"]})
	if err != nil {
		return err
	}
	from := listing(learnerListing, access.Institution.ID, q.chosen())
	if q.get("cursor") != "" {
		from, err = from.read("cursor", q.get("cursor"))
		if err != nil {
			return err
		}
	}
	after := app.PersonCursor{Key: from.Text, Learner: app.LearnerID(from.ID)}
	people, more, err := a.Training.LearnersThrough(c.UserContext(), access, app.PersonFilter{Query: f.Query}, after, most)
	if err != nil {
		return err
	}
	answer := struct {
		Learners []apiLearner `json:"learners"`
		Next     *string      `json:"next"`
	}{Learners: []apiLearner{}}
	for _, p := range people {
		answer.Learners = append(answer.Learners, newAPILearner(p))
	}
	if more {
		end := app.AfterPerson(people[len(people)-1])
		from.Text, from.ID = end.Key, string(end.Learner)
		answer.Next = known(from.write())
	}
	return sendJSON(c, answer)
}

// learner answers with one person.
func (a *api) learner(c *fiber.Ctx, access app.Access, _ query) error {
	id := c.Params("learner")
	if !isID(id) {
		return app.ErrNotFound
	}
	p, err := a.Training.LearnerThrough(c.UserContext(), access, app.LearnerID(id))
	if err != nil {
		return err
	}
	return sendJSON(c, newAPILearner(p))
}

// apiModule is a module as systems are told of it.
type apiModule struct {
	Module      string `json:"module"`
	Program     string `json:"program"`
	Title       string `json:"title"`
	Summary     string `json:"summary"`
	Edition     string `json:"edition"`
	Version     int    `json:"version"`
	Minutes     int    `json:"minutes"`
	PublishedAt string `json:"published_at"`
	URL         string `json:"url"`
}

// modules answers with what the institution's people see now.
func (a *api) modules(c *fiber.Ctx, access app.Access, _ query) error {
	modules, err := a.Training.ModulesThrough(access)
	if err != nil {
		return err
	}
	answer := struct {
		Modules []apiModule `json:"modules"`
	}{Modules: []apiModule{}}
	for _, m := range modules {
		answer.Modules = append(answer.Modules, apiModule{
			Module: m.Slug, Program: m.Program, Title: m.Title, Summary: m.Summary, Edition: m.Edition, Version: m.Version,
			Minutes: m.Minutes, PublishedAt: apiTime(m.PublishedAt), URL: a.BaseURL + "/modules/" + m.Slug,
		})
	}
	return sendJSON(c, answer)
}
