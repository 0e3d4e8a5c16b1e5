package seed

import (
	"crypto/sha256"
	"encoding/base32"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"first5/app"
	"first5/app/archive"
	"first5/content"
)

// work is what one person did with one edition of a module.
type work struct {
	chance      *rand.Rand
	institution app.Institution
	person      *archive.Person
	module      *app.Module
	begun       time.Time
}

// record invents the record. Its attempts are graded as real ones are.
func (w work) record() *archive.Record {
	r := &archive.Record{
		ID:          app.NewRecordID(w.person.Learner, w.module.Slug, w.module.Edition),
		Institution: w.institution.ID,
		Learner:     w.person.Learner,
		Program:     w.module.Program,
		Module:      w.module.Slug,
		Title:       w.module.Title,
		Edition:     w.module.Edition,
		Version:     w.module.Version,
		StartedAt:   w.begun,
		ActiveAt:    w.begun,
		ChangedAt:   w.begun,
		Attempts:    []archive.Attempt{},
	}
	w.fill(r, w.status())
	return r
}

// status draws how the record ends: all there are, as often as one might expect.
func (w work) status() app.Status {
	if w.module.Graded() == 0 && w.chance.IntN(4) > 0 {
		return app.Read
	}
	switch n := w.chance.IntN(100); {
	case n < 62 && w.module.Graded() > 0:
		return app.Passed
	case n < 76:
		return app.InProgress
	case n < 85 && w.module.Graded() > 0:
		return app.TestedOut
	case n < 94:
		return app.Read
	default:
		return app.Waived
	}
}

// fill adds the attempts that end in a status, and the completion.
func (w work) fill(r *archive.Record, s app.Status) {
	at := r.StartedAt
	next := func() time.Time {
		at = at.Add(time.Minute + time.Duration(w.chance.Int64N(int64(longest/8)))).Truncate(time.Millisecond)
		return at
	}
	if s == app.Passed || s == app.InProgress {
		for range w.chance.IntN(3) {
			w.attempt(r, 0.4, next())
		}
	}
	switch s {
	case app.InProgress:
		return
	case app.Waived:
		w.waive(r, next())
		return
	case app.Read: // every card, and no question answered
		w.send(r, content.Answers{}, content.Grade{}, next())
		w.complete(r, s, nil)
		return
	}
	if r.Completion == nil { // not passed by luck
		w.attempt(r, 1, next())
	}
	r.Completion.Status = s
	if w.chance.IntN(5) == 0 { // once more, to refresh it
		w.attempt(r, 0.8, next())
	}
}

// attempt adds one in which each answer is right by a chance. The first that
// reaches the pass mark completes the record.
func (w work) attempt(r *archive.Record, right float64, at time.Time) {
	answers := w.answers(right)
	grade, err := w.module.Grade(answers)
	if err != nil || grade.Graded == 0 {
		return // answers are made of the module's own options
	}
	w.send(r, answers, grade, at)
	score := grade.Score()
	if r.Score == nil || score > *r.Score {
		r.Score = &score
	}
	if r.Completion == nil && score >= w.module.Pass {
		w.complete(r, app.Passed, &score)
	}
}

// complete completes the record by its last attempt.
func (w work) complete(r *archive.Record, s app.Status, score *int) {
	by := r.Attempts[len(r.Attempts)-1]
	r.Completion = &archive.Completion{
		Status:      s,
		At:          by.At,
		Version:     w.module.Version,
		Score:       score,
		Certificate: app.CertificateID(token("certificate", string(r.ID))),
		Attempt:     by.ID,
		Name:        w.person.Name,
		Title:       w.module.Title,
		Institution: w.institution.Name,
	}
}

// waive completes the record as a manager does, which proves nothing.
func (w work) waive(r *archive.Record, at time.Time) {
	reasons := waivedBecause()
	r.ChangedAt = at
	r.Completion = &archive.Completion{
		Status:      app.Waived,
		At:          at,
		Version:     w.module.Version,
		Name:        w.person.Name,
		Title:       w.module.Title,
		Institution: w.institution.Name,
		Reason:      reasons[w.chance.IntN(len(reasons))],
	}
}

// waivedBecause returns why managers might waive a module.
func waivedBecause() []string {
	return []string{
		"Teaches this module to residents.",
		"Completed the same training at another hospital.",
		"Works without contact with patients.",
		"Was on leave when the training was due.",
	}
}

// answers draws answers to all graded questions.
func (w work) answers(right float64) content.Answers {
	answers := content.Answers{}
	for _, q := range w.module.Questions() {
		if !q.Graded() {
			continue
		}
		well := w.chance.Float64() < right
		for _, o := range q.Options {
			if o.Right == well {
				answers[q.ID] = append(answers[q.ID], o.ID)
			}
		}
		wrong := answers[q.ID]
		if !well && q.Kind == content.ChooseOne && len(wrong) > 1 {
			answers[q.ID] = wrong[w.chance.IntN(len(wrong)):][:1]
		}
	}
	return answers
}

// send adds an attempt to the record.
func (w work) send(r *archive.Record, answers content.Answers, g content.Grade, at time.Time) {
	a := archive.Attempt{
		ID:      app.AttemptID(token("attempt", string(r.ID), strconv.Itoa(len(r.Attempts)))),
		Module:  w.module.Slug,
		Version: w.module.Version,
		Answers: []archive.Answer{},
		Right:   g.Right,
		Graded:  g.Graded,
		At:      at,
	}
	for question, chosen := range answers {
		a.Answers = append(a.Answers, archive.Answer{Question: question, Chosen: chosen})
	}
	slices.SortFunc(a.Answers, func(a, b archive.Answer) int { return strings.Compare(a.Question, b.Question) })
	r.Attempts = append(r.Attempts, a)
	r.ActiveAt, r.ChangedAt = at, at
}

// token returns what [app.NewToken] might, always the same for the same parts: a
// record that is made again has the ids that it had, and no other one has them.
func token(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, " ")))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20]))
}
