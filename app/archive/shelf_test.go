package archive

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"first5/app"
)

// shelf is a store in memory. As every store does, it takes parked answers that
// are counted for attempts alone.
type shelf struct {
	held    map[Kind]map[string]Item
	begun   string
	batches [][]Item                // that were put
	cleared int                     // how often
	reads   int                     // how often it was read whole
	during  func(k Kind, reads int) // is called when a kind has been read
}

func newShelf(items ...Item) *shelf {
	s := &shelf{held: map[Kind]map[string]Item{}}
	s.add(items...)
	return s
}

func (s *shelf) add(items ...Item) {
	for _, i := range items {
		if s.held[i.Kind] == nil {
			s.held[i.Kind] = map[string]Item{}
		}
		s.held[i.Kind][i.Key()] = i
	}
	for _, r := range s.held[Records] {
		for _, a := range r.Record.Attempts {
			delete(s.held[ParkedAnswers], string(r.Record.Learner)+"/"+string(a.ID))
		}
	}
}

func (s *shelf) Items(_ context.Context, kind Kind) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(s.held[kind])) {
			if !yield(s.held[kind][key], nil) {
				return
			}
		}
		if kind == Kinds()[len(Kinds())-1] {
			s.reads++
		}
		if s.during != nil {
			s.during(kind, s.reads)
		}
	}
}

func (s *shelf) Put(_ context.Context, items []Item) error {
	s.batches = append(s.batches, slices.Clone(items))
	s.add(items...)
	return nil
}

func (s *shelf) Empty(context.Context) (bool, error) {
	for _, items := range s.held {
		if len(items) > 0 {
			return false, nil
		}
	}
	return true, nil
}

func (s *shelf) Clear(context.Context) error {
	if s.begun == "" {
		return errors.New("nobody would know that it is not whole if this broke off")
	}
	s.cleared++
	s.held = map[Kind]map[string]Item{}
	return nil
}

func (s *shelf) Unfinished(context.Context) (string, error) { return s.begun, nil }

func (s *shelf) SetUnfinished(_ context.Context, what string) error {
	s.begun = what
	return nil
}

func minute(n int) time.Time { return time.Date(2026, 10, 1, 9, n, 0, 120_000_000, time.UTC) }

func onceItem(key string) Item {
	return Item{Kind: OnceKeys, Once: &Once{Key: app.OnceKey(key), Until: minute(10)}}
}

func parkedItem(id string) Item {
	return Item{Kind: ParkedAnswers, Parked: &Parked{ID: app.AttemptID(id), Learner: "rivera", Module: "names-first", Version: 1,
		Answers: []Answer{{Question: "need", Chosen: []string{"heard"}}}, At: minute(3)}}
}

func recordItem(id string, attempts ...string) Item {
	score := 75
	r := &Record{ID: app.RecordID(id), Institution: "mercy-lakes", Learner: "rivera", Program: "first-5-minutes", Module: "names-first",
		Title: "Names first", Edition: "2026", Version: 1, Score: &score, StartedAt: minute(1), ActiveAt: minute(2), Attempts: []Attempt{},
		Completion: &Completion{Status: app.Passed, At: minute(2), Version: 1, Score: &score, Certificate: app.CertificateID("certificate of " + id),
			Name: "Ana Rivera", Title: "Names first", Institution: "Mercy Lakes Health"}}
	for n, a := range attempts {
		r.Attempts = append(r.Attempts, Attempt{ID: app.AttemptID(a), Module: "names-first", Version: 1, Right: 3, Graded: 4, At: minute(n),
			Answers: []Answer{{Question: "need", Chosen: []string{"heard", "seen"}}, {Question: "next", Chosen: []string{}}}})
	}
	return Item{Kind: Records, Record: r}
}

func publicationItem(number int, slugs ...string) Item {
	p := &Publication{Number: number, At: minute(number), Origin: "embedded", Current: []Ref{}, Versions: []Version{}}
	for _, slug := range slugs {
		v := Version{Ref: Ref{Kind: app.ModuleVersion, Slug: slug, Number: 1}, Program: "first-5-minutes", Hash: "hash of " + slug, At: minute(number)}
		p.Current, p.Versions = append(p.Current, v.Ref), append(p.Versions, v)
	}
	return Item{Kind: Publications, Publication: p}
}

func fileItem(slug string, data string) Item {
	return Item{Kind: Files, File: &File{Version: Ref{Kind: app.ModuleVersion, Slug: slug, Number: 1}, Name: "module.md", Data: []byte(data)}}
}

func workbookItem(record string, revision int) Item {
	return Item{Kind: Workbooks, Workbook: &Workbook{Record: app.RecordID(record), Learner: "rivera", Module: "names-first", Edition: "2026",
		Title: "Names first", Revision: revision, Reflections: []Reflection{}, Commitments: []Commitment{}}}
}

// clinic returns a shelf with something of everything.
func clinic() *shelf {
	s := clinicOf(2)
	first := s.held[Records]["record 1"].Record
	first.ChangedAt, first.Completion.Attempt = minute(4), "second"
	waived, left := recordItem("record 4"), recordItem("record 5", "third")
	waived.Record.ChangedAt = minute(6)
	waived.Record.Completion.Status, waived.Record.Completion.Certificate, waived.Record.Completion.Reason = app.Waived, "", "Teaches it,\n<b>elsewhere</b> 🩺"
	left.Record.Learner, left.Record.Former, left.Record.ChangedAt, left.Record.ForgetAt = "okafor", true, minute(7), minute(2).AddDate(6, 0, 0)
	left.Record.Attempts[0].Answers = []Answer{}
	none := &Office{Institution: "north", Revision: 1, Assignments: []Assignment{}, Tokens: []AccessToken{}, Filters: []SavedFilter{}}
	erased := &Person{Learner: "okafor", Institution: "mercy-lakes", Roles: []app.Role{}, SignedInAt: minute(0), ErasedAt: minute(7), Sessions: []Session{}}
	s.add(waived, left, officeItem(), Item{Kind: Offices, Office: none}, Item{Kind: People, Person: erased})
	return s
}

// officeItem is what managers keep who keep everything.
func officeItem() Item {
	return Item{Kind: Offices, Office: &Office{Institution: "mercy-lakes", Revision: 5,
		Assignments: []Assignment{
			{ID: "second", Maker: "rivera", MadeAt: minute(1), People: []string{"Ana@mercy-lakes.example", "s-1"}, Module: "names-first",
				By: "Nursing \u2028 education", Because: "\"Names\" matter\nto everyone 🩺", Due: minute(9)},
			{ID: "first", Maker: "okafor", MadeAt: minute(0), Program: "first-5-minutes", By: "The board", Because: "We promised.",
				People: []string{}},
		},
		Tokens: []AccessToken{{ID: "t-1", Hash: "hash of a token", Name: "The warehouse's", Scopes: []app.Scope{app.ReadRecords, app.ReadLearners},
			Maker: "rivera", MadeAt: minute(2), ExpiresAt: minute(8)}},
		Filters: []SavedFilter{{Name: "<b>Last week</b> & before", Query: "status=completed&q=%F0%9F%A9%BA&sort=name&up=1"}},
	}}
}

// clinicOf returns a shelf with all that a format knew.
func clinicOf(format int) *shelf {
	if format == 1 {
		return clinicOfFormat1()
	}
	s := clinicOfFormat1()
	r := s.held[Records]["record 1"].Record
	r.Completion.Credit, r.Withdrawn = "0.25 AMA PRA Category 1 Credit™", &Withdrawal{At: minute(4), Reason: "<b>A mistake</b>\nof ours"}
	full := workbookItem("record 1", 7)
	full.Workbook.Card, full.Workbook.CardAt, full.Workbook.Read = "rivera", minute(2), true
	full.Workbook.Reflections = []Reflection{{ID: "when", Prompt: "When?", Text: "On the ward,\nthis morning \u2028 🩺", At: minute(1)}}
	full.Workbook.Commitments = []Commitment{{Text: "Sit down first", At: minute(1), DoneAt: minute(3)}, {Text: "Ask for the name", At: minute(2)}}
	s.add(full, workbookItem("record 3", 1))
	return s
}

// clinicOfFormat1 returns a shelf with all that the first format knew.
func clinicOfFormat1() *shelf {
	begun := recordItem("record 2")
	begun.Record.Completion, begun.Record.Score, begun.Record.StartedAt = nil, nil, time.UnixMilli(-1).UTC()
	return newShelf(
		parkedItem("waits"), recordItem("record 1", "first", "second"), begun, onceItem("state"), onceItem("word"),
		Item{Kind: Events, Event: &Event{ID: "event 1", At: minute(1), Kind: app.SignedIn, Institution: "mercy-lakes", Learner: "rivera",
			Details: []Detail{{Name: "first_time", Text: "yes"}, {Name: "text", Text: "<b>&amp;</b> \u2028 \u0001 \"quoted\" 🩺"}}}},
		Item{Kind: Events, Event: &Event{ID: "event 2", At: minute(2), Kind: app.ModulesPublished, Details: []Detail{}}},
		Item{Kind: People, Person: &Person{Learner: "rivera", Institution: "mercy-lakes", Issuer: "https://login.example", Subject: "s-1",
			Name: "Ana Rivera", Email: "ana@mercy-lakes.example", NPI: "1234567893", Roles: []app.Role{app.Manager}, SignedInAt: minute(0),
			Sessions: []Session{{Hash: "hash", CreatedAt: minute(0), SeenAt: minute(1), Provider: "provider's", LogoutHint: "hint"}}}},
		publicationItem(1, "names-first"), publicationItem(2), fileItem("names-first", "# Names first\n\x00\xff"),
	)
}

// about is what the first line says of the tests' backups.
func about() About { return About{At: minute(5), Program: "1.2.3", Store: "sqlite"} }

// counts returns what a store holds.
func counts(t *testing.T, s Store) []Count {
	t.Helper()
	all, err := pass(t.Context(), newStored(s), nowhere{}, nil)
	require.NoError(t, err)
	return all
}
