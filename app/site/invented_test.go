package site_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
)

// invented is an institution whose people and records are drawn by chance: names
// that files and pages break at, and records of every kind, many of them alike in
// what they are ordered by.
type invented struct {
	*house
	chance *rand.Rand
	at     app.InstitutionID
	known  map[app.LearnerID]app.Identity // of everybody, of those who have left too
}

// edition is what there are records of.
type edition struct{ program, module, edition string }

func editions() []edition {
	return []edition{
		{"first-5-minutes", "greet", "2026"}, {"first-5-minutes", "listen", "2026"}, {"first-5-minutes", "greet", "2025"},
		{"an-older-programme", "gone", "2024"}, {"an-older-programme", "greet", "2024"},
	}
}

func oddTexts() []string {
	return []string{
		"", "", "Ana Núñez", "ana nunez", "Nu\u0301n\u0303ez, Ana", "=HYPERLINK(\"http://evil.example\",\"x\")", "+47 22 00", "-2+3", "@SUM(A1)", "\t=1",
		"“Ana”, \"MD\"; 'x'", "Ana\r\nNúñez\nMD", "a\u2028b\u0085c", "\u202eסער\u202c ד״ר", "د. أمل", "李小龍 𠮷", "👩🏽\u200d⚕️", "_x0041_\x01\x1b[2J",
		"<b>&amp;</b>", "100%_of'them\\", "  Bo  ", "0012", "1-2", "null", "İstanbul ß", strings.Repeat("Long Name-", 300),
	}
}

// invent puts people into the house until they have so many records.
func (h *house) invent(seed uint64, at app.InstitutionID, records int) *invented {
	h.t.Helper()
	i := &invented{house: h, chance: rand.New(rand.NewPCG(seed, 7)), at: at, known: map[app.LearnerID]app.Identity{}}
	var people, works []archive.Item
	for n := 0; len(works) < records; n++ {
		p := i.person(n)
		for _, e := range editions() {
			if i.chance.IntN(2) == 0 {
				works = append(works, archive.Item{Kind: archive.Records, Record: i.record(p, e)})
			}
		}
		people = append(people, archive.Item{Kind: archive.People, Person: i.maybeGone(p, works)})
	}
	to, takes := h.store.(archive.Store)
	require.True(h.t, takes)
	require.NoError(h.t, to.Put(h.t.Context(), people))
	require.NoError(h.t, to.Put(h.t.Context(), works))
	return i
}

func pick[T any](chance *rand.Rand, from []T) T { return from[chance.IntN(len(from))] }

func (i *invented) person(n int) *archive.Person {
	p := &archive.Person{
		Institution: i.at, Issuer: "https://login.example/" + string(i.at), Subject: fmt.Sprintf("%s%03d", pick(i.chance, []string{"", "00", "=", "Ü-"}), n),
		Name: pick(i.chance, oddTexts()), SignedInAt: i.day().AddDate(1, 0, 0), Roles: []app.Role{}, Sessions: []archive.Session{},
	}
	if i.chance.IntN(4) > 0 {
		p.Email, p.NPI = fmt.Sprintf("Person.%d@%s.example", n, i.at), fmt.Sprintf("2%09d", n)
	}
	p.Learner = app.NewLearnerID(p.Issuer, p.Subject)
	i.known[p.Learner] = app.Identity{Institution: i.at, Issuer: p.Issuer, Subject: p.Subject, Name: p.Name, Email: p.Email, NPI: p.NPI}
	return p
}

// day draws a moment of the last year; many are the same.
func (i *invented) day() time.Time {
	at := i.now().Truncate(24*time.Hour).AddDate(0, 0, -40-i.chance.IntN(320))
	if i.chance.IntN(3) > 0 {
		at = at.Add(time.Duration(i.chance.Int64N(int64(24 * time.Hour)))).Truncate(time.Millisecond)
	}
	return at
}

func (i *invented) record(p *archive.Person, e edition) *archive.Record {
	r := &archive.Record{
		ID: app.NewRecordID(p.Learner, e.module, e.edition), Institution: i.at, Learner: p.Learner, Program: e.program, Module: e.module, Edition: e.edition,
		Title: pick(i.chance, []string{"About " + e.module, "=About “" + e.module + "”", "A \"long\"\r\ntitle"}), Version: 1 + i.chance.IntN(3), StartedAt: i.day(), Attempts: []archive.Attempt{},
	}
	r.ActiveAt, r.ChangedAt = r.StartedAt, r.StartedAt
	status := pick(i.chance, app.Statuses())
	for range i.chance.IntN(3) {
		i.attempt(r, i.chance.IntN(21), 20)
	}
	switch status {
	case app.InProgress:
		return r
	case app.Waived:
		r.ChangedAt = r.ActiveAt.Add(time.Hour)
		r.Completion = &archive.Completion{Status: status, At: r.ChangedAt, Reason: "Teaches it."}
	default:
		i.earn(r, status)
	}
	r.Completion.Version, r.Completion.Name, r.Completion.Title, r.Completion.Institution = r.Version, p.Name, r.Title, string(i.at)
	if i.chance.IntN(6) == 0 { // they were called otherwise, or their institution told their name then
		r.Completion.Name = "Née " + pick(i.chance, oddTexts())
	}
	return r
}

func (i *invented) attempt(r *archive.Record, right, graded int) {
	r.ActiveAt = r.ActiveAt.Add(time.Duration(1+i.chance.IntN(100)) * time.Minute)
	r.ChangedAt = r.ActiveAt
	r.Attempts = append(r.Attempts, archive.Attempt{
		ID: app.AttemptID(app.NewToken()), Module: r.Module, Version: r.Version, Answers: []archive.Answer{}, Right: right, Graded: graded, At: r.ActiveAt,
	})
	if percent := right * 5; graded > 0 && (r.Score == nil || *r.Score < percent) {
		r.Score = &percent
	}
}

// earn completes the record by an attempt, and may withdraw its certificate.
func (i *invented) earn(r *archive.Record, s app.Status) {
	right := 16 + i.chance.IntN(5)
	score := new(right * 5)
	if s == app.Read {
		right, score = 0, nil
	}
	i.attempt(r, right, 20*min(right, 1))
	by := r.Attempts[len(r.Attempts)-1]
	r.Completion = &archive.Completion{Status: s, At: by.At, Score: score, Certificate: app.CertificateID(app.NewToken()), Attempt: by.ID}
	if i.chance.IntN(6) == 0 {
		r.Withdrawn = &archive.Withdrawal{At: by.At.Add(48 * time.Hour), Reason: "Somebody else answered."}
		r.ChangedAt = r.Withdrawn.At
	}
}

// maybeGone lets some of the people leave, whose records are the last of these.
func (i *invented) maybeGone(p *archive.Person, records []archive.Item) *archive.Person {
	if i.chance.IntN(7) > 0 {
		return p
	}
	e := app.Erasure{Learner: p.Learner, At: i.now().AddDate(0, 0, -10)}
	for _, item := range records {
		r := item.Record
		if r.Learner != p.Learner {
			continue
		}
		r.Former, r.ChangedAt = true, e.At
		if r.Completion != nil && r.Completion.Name != "" {
			r.ForgetAt = e.ForgetAt(app.Completion{At: r.Completion.At})
		}
	}
	return &archive.Person{Learner: p.Learner, Institution: p.Institution, SignedInAt: p.SignedInAt, ErasedAt: e.At, Roles: []app.Role{}, Sessions: []archive.Session{}}
}

// asPut returns what the store should say of all records that were put, by id.
func (i *invented) asPut() []app.Record {
	i.t.Helper()
	people := map[app.LearnerID]*archive.Person{}
	var all []app.Record
	for item := range i.items(archive.People) {
		people[item.Person.Learner] = item.Person
	}
	for item := range i.items(archive.Records) {
		r := item.Record
		if r.Institution != i.at {
			continue
		}
		p := people[r.Learner]
		as := app.Record{
			ID: r.ID, Institution: r.Institution, Learner: r.Learner, Subject: p.Subject, Name: p.Name, Email: p.Email, NPI: p.NPI,
			Program: r.Program, Module: r.Module, Title: r.Title, Edition: r.Edition, Version: r.Version, Attempts: len(r.Attempts), Score: r.Score,
			StartedAt: r.StartedAt, ActiveAt: r.ActiveAt, ChangedAt: r.ChangedAt, Former: r.Former,
		}
		if c := r.Completion; c != nil {
			as.Completion = &app.Completion{
				Status: c.Status, At: c.At, Version: c.Version, Score: c.Score, Certificate: c.Certificate, Attempt: c.Attempt,
				Name: c.Name, Title: c.Title, Institution: c.Institution, Credit: c.Credit, Reason: c.Reason,
			}
		}
		if w := r.Withdrawn; w != nil {
			as.Withdrawn = &app.Withdrawal{At: w.At, Reason: w.Reason}
		}
		all = append(all, as)
	}
	slices.SortFunc(all, func(a, b app.Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// items yields what the store holds of a kind.
func (h *house) items(kind archive.Kind) func(func(archive.Item) bool) {
	return func(yield func(archive.Item) bool) {
		for item, err := range h.store.(archive.Store).Items(h.t.Context(), kind) {
			require.NoError(h.t, err)
			if !yield(item) {
				return
			}
		}
	}
}

// everyInstitution runs a test over invented institutions, each drawn by its own
// seed, and says which one it was.
func everyInstitution(t *testing.T, seeds []uint64, test func(t *testing.T, seed uint64)) {
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("drawn by seed %d", seed), func(t *testing.T) { test(t, seed) })
	}
}
