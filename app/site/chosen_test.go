package site_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"first5/app"
	"first5/web"
)

// chosenBy is a filter as an address has it, and what it means.
type chosenBy struct {
	query  url.Values
	filter app.Filter
}

// parts returns what draws each part of a filter: most often one that chooses
// something.
func (c *comparison) parts() []func(*chosenBy) {
	record := func() app.Record { return pick(c.chance, c.all) }
	return []func(*chosenBy){
		func(f *chosenBy) { f.filter.Program = record().Program; f.set("program", f.filter.Program) },
		func(f *chosenBy) { f.filter.Module = record().Module; f.set("module", f.filter.Module) },
		func(f *chosenBy) { f.filter.Edition = record().Edition; f.set("edition", f.filter.Edition) },
		func(f *chosenBy) {
			f.filter.Status = pick(c.chance, append(app.Statuses(), app.Completed))
			f.set("status", string(f.filter.Status))
		},
		func(f *chosenBy) { f.filter.ScoreFrom = c.chance.IntN(100); f.scores() },
		func(f *chosenBy) { f.filter.ScoreBelow = 1 + c.chance.IntN(101); f.scores() },
		func(f *chosenBy) { f.filter.Dates = app.ByCompletion; f.set("dates", "completed") },
		func(f *chosenBy) { f.filter.From = wholeDay(record().ActiveAt); f.days() },
		func(f *chosenBy) { f.filter.To = wholeDay(record().ActiveAt).AddDate(0, 0, 1); f.days() },
		func(f *chosenBy) {
			f.filter.Query = c.partOf(pick(c.chance, []string{record().LearnerName(), record().Email, record().Subject}))
			f.set("q", f.filter.Query)
		},
		func(f *chosenBy) { f.filter.Learner = record().Learner; f.set("learner", string(f.filter.Learner)) },
		func(f *chosenBy) { f.filter.Present = true; f.set("people", "present") },
	}
}

func (f *chosenBy) set(name, value string) {
	if value != "" {
		f.query.Set(name, value)
	}
}

// scores and days keep the ends of what was chosen on their own sides.
func (f *chosenBy) scores() {
	if f.filter.ScoreBelow > 0 {
		f.filter.ScoreBelow = max(f.filter.ScoreBelow, f.filter.ScoreFrom+1)
		f.set("score_to", strconv.Itoa(f.filter.ScoreBelow-1))
	}
	if f.filter.ScoreFrom > 0 {
		f.set("score_from", strconv.Itoa(f.filter.ScoreFrom))
	}
}

func (f *chosenBy) days() {
	if !f.filter.To.IsZero() && !f.filter.To.After(f.filter.From) {
		f.filter.To = f.filter.From.AddDate(0, 0, 1)
	}
	if !f.filter.From.IsZero() {
		f.set("from", f.filter.From.Format(time.DateOnly))
	}
	if !f.filter.To.IsZero() {
		f.set("to", f.filter.To.AddDate(0, 0, -1).Format(time.DateOnly))
	}
}

func wholeDay(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// partOf draws some letters of a name, as somebody types them: in any case, and
// without what no key of a keyboard makes.
func (c *comparison) partOf(name string) string {
	letters := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\n' // where it ends
		}
		return r
	}, name))
	if at := slices.Index(letters, '\n'); at >= 0 {
		letters = letters[:at]
	}
	if len(letters) == 0 {
		return ""
	}
	from := c.chance.IntN(min(len(letters), 30))
	part := string(letters[from:min(len(letters), from+1+c.chance.IntN(6))])
	if c.chance.IntN(2) == 0 {
		part = strings.ToUpper(part)
	}
	return strings.TrimSpace(part)
}

// of returns those of some records that the filter chooses, in their order.
func (f chosenBy) of(all []app.Record) []app.Record {
	chosen := []app.Record{}
	for _, r := range all {
		if f.chooses(r) {
			chosen = append(chosen, r)
		}
	}
	return chosen
}

// chooses says what [app.Filter] says that a filter does.
func (f chosenBy) chooses(r app.Record) bool {
	of, at := f.filter, r.ActiveAt
	if of.Dates == app.ByCompletion {
		if r.Completion == nil {
			return false
		}
		at = r.Completion.At
	}
	alike := func(wanted, is string) bool { return wanted == "" || wanted == is }
	return alike(of.Program, r.Program) && alike(of.Module, r.Module) && alike(of.Edition, r.Edition) && alike(string(of.Learner), string(r.Learner)) &&
		(alike(string(of.Status), string(r.Status())) || of.Status == app.Completed && r.Completion != nil) &&
		(of.From.IsZero() || !at.Before(of.From)) && (of.To.IsZero() || at.Before(of.To)) &&
		f.scored(r) && f.named(r) && !(of.Present && r.Former)
}

func (f chosenBy) scored(r app.Record) bool {
	from, below := f.filter.ScoreFrom, f.filter.ScoreBelow
	if r.Score == nil {
		return from == 0 && below == 0
	}
	return from <= *r.Score && (below == 0 || *r.Score < below)
}

// named goes by what the sign-in says of a person. Only of somebody who has left is
// a record found by the name in its completion.
func (f chosenBy) named(r app.Record) bool {
	name := r.Name
	if r.Former {
		name = r.LearnerName()
	}
	for _, name := range []string{name, r.Email, r.Subject} {
		if strings.Contains(strings.ToLower(name), strings.ToLower(f.filter.Query)) {
			return true
		}
	}
	return false
}

// orderIn returns the query with an order in it.
func orderIn(q url.Values, o app.Order) string {
	all := url.Values{}
	for name, values := range q {
		all[name] = values
	}
	return web.OrderQuery(all, o).Encode()
}
