package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"first5/app"
	"first5/content"
)

// everythingPath is where a learner downloads all that is kept of them.
const everythingPath = "/account/everything.json"

// everything sends all that is kept of the visitor as one file.
func (s *Site) everything(c *fiber.Ctx, v visitor) error {
	var b bytes.Buffer
	if c.Method() != fiber.MethodHead {
		e, err := s.Training.Everything(c.UserContext(), v.Person)
		if err != nil {
			return err
		}
		err = s.writeOwnFile(&b, e)
		if err != nil {
			return err
		}
	}
	name := "first5-everything-" + s.Training.Now().UTC().Format(time.DateOnly) + ".json"
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	noStore(c)
	return c.Send(b.Bytes())
}

// writeOwnFile writes the file for people, line by line and as its words are.
func (s *Site) writeOwnFile(w io.Writer, e app.Everything) error {
	to := json.NewEncoder(w)
	to.SetEscapeHTML(false)
	to.SetIndent("", "  ")
	err := to.Encode(s.ownFile(e))
	if err != nil {
		return fmt.Errorf("writing all that is kept of a learner: %w", err)
	}
	return nil
}

// ownFile is the file that a learner downloads. Its keys are in the README.
type ownFile struct {
	MadeAt      time.Time       `json:"made_at"`
	Person      ownPerson       `json:"person"`
	Sessions    []ownSession    `json:"sessions"`
	Records     []ownRecord     `json:"records"`
	Workbooks   []ownWorkbook   `json:"workbooks"`
	Parked      []ownParked     `json:"answers_not_counted_yet"`
	Assignments []ownAssignment `json:"assignments"`
	Assigned    []ownAssignment `json:"assignments_made"`
	Tokens      []ownToken      `json:"access_tokens_made"`
	Events      []ownEvent      `json:"events"`
}

type ownPerson struct {
	Learner         app.LearnerID     `json:"learner_id"`
	Institution     app.InstitutionID `json:"institution"`
	InstitutionName string            `json:"institution_name"`
	Months          int               `json:"kept_for_months_after_last_sign_in,omitzero"`
	Issuer          string            `json:"issuer"`
	Subject         string            `json:"subject"`
	Name            string            `json:"name"`
	Email           string            `json:"email"`
	NPI             string            `json:"npi"`
	Roles           []app.Role        `json:"roles"`
	SignedInAt      time.Time         `json:"signed_in_at"`
}

type ownSession struct {
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
}

type ownRecord struct {
	ID          app.RecordID      `json:"record_id"`
	Institution app.InstitutionID `json:"institution"`
	Program     string            `json:"program"`
	Module      string            `json:"module"`
	Title       string            `json:"title"`
	Edition     string            `json:"edition"`
	Version     int               `json:"version"`
	Status      app.Status        `json:"status"`
	Score       *int              `json:"score"`
	Attempts    int               `json:"attempts"`
	StartedAt   time.Time         `json:"started_at"`
	ActiveAt    time.Time         `json:"active_at"`
	ChangedAt   time.Time         `json:"changed_at"`
	Completion  *ownCompletion    `json:"completion"`
	Withdrawn   *ownWithdrawal    `json:"certificate_withdrawn,omitempty"`
	Tries       []ownTry          `json:"tries"`
}

type ownCompletion struct {
	Status      app.Status        `json:"status"`
	At          time.Time         `json:"at"`
	Version     int               `json:"version"`
	Score       *int              `json:"score"`
	Attempt     app.AttemptID     `json:"attempt_id,omitempty"`
	Certificate app.CertificateID `json:"certificate_id,omitempty"`
	Address     string            `json:"certificate_address,omitempty"`
	Name        string            `json:"name"`
	Title       string            `json:"title"`
	Institution string            `json:"institution_name"`
	Credit      string            `json:"credit,omitempty"`
	Reason      string            `json:"reason,omitempty"`
}

type ownWithdrawal struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

type ownTry struct {
	ID      app.AttemptID `json:"attempt_id"`
	Version int           `json:"version"`
	At      time.Time     `json:"at"`
	Right   int           `json:"right"`
	Graded  int           `json:"graded"`
	Answers []ownAnswer   `json:"answers"`
}

type ownAnswer struct {
	Question string      `json:"question"`
	Asked    string      `json:"asked,omitempty"`
	Chosen   []ownChoice `json:"chosen"`
}

type ownChoice struct {
	Option string `json:"option"`
	Text   string `json:"text,omitempty"`
}

type ownWorkbook struct {
	Record      app.RecordID    `json:"record_id"`
	Module      string          `json:"module"`
	Title       string          `json:"title"`
	Edition     string          `json:"edition"`
	Card        string          `json:"card,omitempty"`
	CardAt      time.Time       `json:"card_at,omitzero"`
	Read        bool            `json:"read"`
	Reflections []ownReflection `json:"reflections"`
	Commitments []ownCommitment `json:"commitments"`
}

type ownReflection struct {
	ID     string    `json:"question"`
	Prompt string    `json:"asked"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
}

type ownCommitment struct {
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	DoneAt time.Time `json:"done_at,omitzero"`
}

type ownParked struct {
	ID      app.AttemptID `json:"attempt_id"`
	Module  string        `json:"module"`
	Version int           `json:"version"`
	Quiz    bool          `json:"quiz_alone"`
	At      time.Time     `json:"at"`
	Answers []ownAnswer   `json:"answers"`
}

type ownAssignment struct {
	ID      string    `json:"assignment_id"`
	Program string    `json:"program,omitempty"`
	Module  string    `json:"module,omitempty"`
	By      string    `json:"by"`
	Because string    `json:"because"`
	Due     string    `json:"due,omitempty"`
	MadeAt  time.Time `json:"made_at"`
}

type ownToken struct {
	ID        string      `json:"token_id"`
	Name      string      `json:"name"`
	Scopes    []app.Scope `json:"scopes"`
	MadeAt    time.Time   `json:"made_at"`
	ExpiresAt time.Time   `json:"expires_at"`
}

type ownEvent struct {
	ID          app.EventID       `json:"event_id"`
	At          time.Time         `json:"at"`
	Kind        app.EventKind     `json:"kind"`
	Institution app.InstitutionID `json:"institution"`
	Details     app.Details       `json:"details"`
}

// ownFile returns the file that says everything. Whatever proves who somebody is
// stays out of it, as do the right answers, which nobody has earned by asking.
func (s *Site) ownFile(e app.Everything) ownFile {
	p := e.Person
	f := ownFile{
		MadeAt: s.Training.Now().UTC(),
		Person: ownPerson{
			Learner: p.Learner, Institution: p.Institution, InstitutionName: e.Institution.Name, Months: e.Institution.RetentionMonths,
			Issuer: p.Issuer, Subject: p.Subject, Name: p.Name, Email: p.Email, NPI: p.NPI,
			Roles: append([]app.Role{}, p.Roles...), SignedInAt: p.SignedInAt,
		},
		Sessions: each(e.Sessions, func(o app.Session) ownSession { return ownSession{o.CreatedAt, o.SeenAt} }),
		Records:  each(e.Records, s.ownRecord),
		Workbooks: each(e.Workbooks, func(w app.Workbook) ownWorkbook {
			return ownWorkbook{
				Record: w.Record, Module: w.Module, Title: w.Title, Edition: w.Edition, Card: w.Card, CardAt: w.CardAt, Read: w.Read,
				Reflections: each(w.Reflections, func(r app.Reflection) ownReflection { return ownReflection(r) }),
				Commitments: each(w.Commitments, func(m app.Commitment) ownCommitment { return ownCommitment(m) }),
			}
		}),
		Parked: each(e.Parked, func(k app.Parked) ownParked {
			return ownParked{ID: k.ID, Module: k.Module, Version: k.Version, Quiz: k.Quiz, At: k.At, Answers: ownAnswers(k.Answers, nil)}
		}),
		Assignments: each(e.Required, newOwnAssignment),
		Assigned:    each(e.Assigned, newOwnAssignment),
		Tokens: each(e.Tokens, func(t app.AccessToken) ownToken {
			return ownToken{t.ID, t.Name, t.Scopes, t.MadeAt, t.ExpiresAt}
		}),
		Events: each(e.Events, func(o app.Event) ownEvent { return ownEvent{o.ID, o.At, o.Kind, o.Institution, o.Details} }),
	}
	return f
}

func (s *Site) ownRecord(h app.History) ownRecord {
	r := ownRecord{
		ID: h.ID, Institution: h.Institution, Program: h.Program, Module: h.Module, Title: h.Title, Edition: h.Edition, Version: h.Version,
		Status: h.Status(), Score: h.Score, Attempts: h.Attempts, StartedAt: h.StartedAt, ActiveAt: h.ActiveAt, ChangedAt: h.ChangedAt,
		Tries: each(h.Tries, func(t app.Try) ownTry {
			return ownTry{t.ID, t.Version, t.At, t.Grade.Right, t.Grade.Graded, ownAnswers(t.Answers, t.Of)}
		}),
	}
	if done := h.Completion; done != nil {
		r.Completion = &ownCompletion{
			Status: done.Status, At: done.At, Version: done.Version, Score: done.Score, Attempt: done.Attempt, Certificate: done.Certificate,
			Name: done.Name, Title: done.Title, Institution: done.Institution, Credit: done.Credit, Reason: done.Reason,
		}
		if done.Certificate != "" {
			r.Completion.Address = s.BaseURL + certificatePath(h.Record)
		}
	}
	if h.Withdrawn != nil {
		r.Withdrawn = &ownWithdrawal{h.Withdrawn.At, h.Withdrawn.Reason}
	}
	return r
}

func newOwnAssignment(a app.Assignment) ownAssignment {
	own := ownAssignment{ID: a.ID, Program: a.Program, Module: a.Module, By: a.By, Because: a.Because, MadeAt: a.MadeAt}
	if !a.Due.IsZero() {
		own.Due = a.Due.Format(time.DateOnly)
	}
	return own
}

// ownAnswers returns answers in the order in which they were asked for, and with
// the words, if there is the module that they are to.
func ownAnswers(answers content.Answers, m *app.Module) []ownAnswer {
	own, asked := []ownAnswer{}, map[string]bool{}
	if m != nil {
		for _, q := range m.Questions() {
			chosen, answered := answers[q.ID]
			if answered {
				own = append(own, ownAnswer{q.ID, q.Title, ownChoices(chosen, q.Options)})
				asked[q.ID] = true
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		if !asked[id] {
			own = append(own, ownAnswer{Question: id, Chosen: ownChoices(answers[id], nil)})
		}
	}
	return own
}

func ownChoices(chosen []string, options []content.Option) []ownChoice {
	return each(chosen, func(id string) ownChoice {
		i := slices.IndexFunc(options, func(o content.Option) bool { return o.ID == id })
		if i < 0 {
			return ownChoice{Option: id}
		}
		return ownChoice{id, textOf(options[i].HTML)}
	})
}

// textOf returns the words of HTML, and what stands for its pictures.
func textOf(markup string) string {
	var b strings.Builder
	for pieces := html.NewTokenizer(strings.NewReader(markup)); ; {
		switch pieces.Next() {
		case html.ErrorToken: // the end of it
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			b.WriteString(pieces.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range pieces.Token().Attr {
				if a.Key == "alt" {
					b.WriteString(" " + a.Val + " ")
				}
			}
		}
	}
}

// each returns what becomes of each of some things; an empty list is one, too.
func each[A, B any](all []A, become func(A) B) []B {
	made := make([]B, 0, len(all))
	for _, one := range all {
		made = append(made, become(one))
	}
	return made
}
