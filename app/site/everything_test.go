package site_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

const everything = "/account/everything.json"

// live fills all that can be kept of a learner; the mark is in every word of theirs.
func (h *house) live(person, mark string) (*browser, app.Person) {
	h.t.Helper()
	b := h.as(person)
	p, err := h.store.Person(h.t.Context(), h.learnerOf(person))
	require.NoError(h.t, err)
	b.open("stay")
	b.reflects("Wrote-" + mark)
	b.again(leaves)
	b.again(stays)
	require.NoError(h.t, h.training.Commit(h.t.Context(), p, app.Page{Module: "stay"}, nil, "Means-"+mark))
	require.NoError(h.t, h.training.Park(h.t.Context(), p.Learner, app.Submission{
		Attempt: app.AttemptID("parked-" + mark), Module: "stay", Version: 77, Answers: content.Answers{"first": {"later-" + mark}}}))
	boss := h.as(manager)
	require.Equal(h.t, 200, boss.withdraw(h.certificateOf(p), "Withdrawn-"+mark).status)
	require.Equal(h.t, 200, boss.waive(h.personPath(person), "hush", "Waived-"+mark).status)
	h.as(person) // in another browser
	p, err = h.store.Person(h.t.Context(), p.Learner)
	require.NoError(h.t, err)
	return b, p
}

func (h *house) certificateOf(p app.Person) string {
	h.t.Helper()
	r, err := h.store.Record(h.t.Context(), app.NewRecordID(p.Learner, "stay", "2026"))
	require.NoError(h.t, err)
	return "/certificates/" + string(r.Completion.Certificate)
}

// keptOf returns all that the store has of a learner.
func (h *house) keptOf(p app.Person) []any {
	h.t.Helper()
	ctx := h.t.Context()
	sessions, err := h.store.Sessions(ctx, p.Learner)
	require.NoError(h.t, err)
	records, err := h.store.LearnerRecords(ctx, p.Learner)
	require.NoError(h.t, err)
	attempts, err := h.store.LearnerAttempts(ctx, p.Learner)
	require.NoError(h.t, err)
	workbooks, err := h.store.Workbooks(ctx, p.Learner)
	require.NoError(h.t, err)
	parked, err := h.store.ParkedBy(ctx, p.Learner)
	require.NoError(h.t, err)
	events, err := h.store.Events(ctx, app.EventFilter{Learner: p.Learner}, app.EventCursor{}, 1000)
	require.NoError(h.t, err)
	events = slices.DeleteFunc(events, func(e app.Event) bool { return e.Kind == app.OwnDataDownloaded }) // which came after
	assigned, err := h.training.AssignmentsOf(ctx, p)
	require.NoError(h.t, err)
	for _, some := range []int{len(sessions) - 1, len(records) - 1, len(attempts) - 1, len(workbooks), len(parked), len(events), len(assigned)} {
		require.Positive(h.t, some, "there is something of each kind")
	}
	return []any{p, sessions, records, attempts, workbooks, parked, events, assigned}
}

// everythingIn returns everything in a value that people can read, as it stands in JSON,
// but for what proves who somebody is, what is others', and how often it was saved.
func everythingIn(v reflect.Value) []string {
	hidden := []string{"Hash", "Provider", "LogoutHint", "Revision", "People", "Maker"}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return everythingIn(v.Elem())
	case reflect.Slice:
		var all []string
		for i := range v.Len() {
			all = append(all, everythingIn(v.Index(i))...)
		}
		return all
	case reflect.Map:
		var all []string
		for _, key := range v.MapKeys() {
			all = append(append(all, everythingIn(key)...), everythingIn(v.MapIndex(key))...)
		}
		return all
	case reflect.Struct:
		if at, is := v.Interface().(time.Time); is {
			if at.IsZero() {
				return nil
			}
			if at.Equal(at.Truncate(24 * time.Hour)) {
				return []string{at.Format(time.DateOnly)}
			}
			return []string{at.Format(time.RFC3339Nano)}
		}
		var all []string
		for i := range v.NumField() {
			if !slices.Contains(hidden, v.Type().Field(i).Name) {
				all = append(all, everythingIn(v.Field(i))...)
			}
		}
		return all
	case reflect.String:
		return []string{v.String()}
	case reflect.Int:
		return []string{strconv.FormatInt(v.Int(), 10)}
	}
	return nil
}

// saidBy returns every value in a JSON document, and every key.
func saidBy(of any) map[string]bool {
	all := map[string]bool{"": true}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, value := range v {
				all[key] = true
				walk(value)
			}
		case []any:
			for _, value := range v {
				walk(value)
			}
		default:
			all[fmt.Sprint(v)] = true
		}
	}
	walk(of)
	return all
}

func TestALearnerDownloadsEverythingThatIsKeptOfThemAndNothingOfOthers(t *testing.T) {
	h := staying(t)
	boss := h.as(manager)
	require.Equal(t, 200, boss.requires(url.Values{"what": {"module:stay"}, "due": {"2999-06-30"}, "who": {"list"}, "people": {"ml-20417\r\nml-20893"}}).status)
	h.clock.pass(11 * time.Second)
	b, p := h.live(noor, "noor")
	_, other := h.live(daniel, "daniel")

	got := b.get(everything)
	require.Equal(t, 200, got.status, got.body)
	assert.Regexp(t, `^attachment; filename="first5-everything-\d{4}-\d\d-\d\d\.json"$`, got.header.Get("Content-Disposition"))
	assert.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))
	assert.Equal(t, "no-store", got.header.Get("Cache-Control"))
	var file map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.body), &file))
	has := saidBy(file)
	for _, kept := range h.keptOf(p) {
		for _, said := range everythingIn(reflect.ValueOf(kept)) {
			assert.True(t, has[said], "%T: %q is not in the file", kept, said)
		}
	}
	for _, words := range []string{"Wrote-noor", "Means-noor", "Withdrawn-noor", "Waived-noor", "later-noor", "New staff begin here.", h.url + h.certificateOf(p), "What first?", "Stay"} {
		assert.True(t, has[words], words)
	}

	// of others
	for _, words := range []string{"daniel", string(other.Learner), other.Name, other.Email, other.Subject, string(h.learnerOf(manager)), "ml-31150", "Daniel"} {
		assert.NotContains(t, got.body, words)
	}
	// what proves who they are
	sessions, err := h.store.Sessions(t.Context(), p.Learner)
	require.NoError(t, err)
	for _, s := range sessions {
		assert.NotContains(t, got.body, string(s.Hash))
	}
	// and what only those see who have earned it
	assert.NotContains(t, got.body, "<")
	assert.NotContains(t, got.body, "tictac")

	events, err := h.store.Events(t.Context(), app.EventFilter{Kind: app.OwnDataDownloaded}, app.EventCursor{}, 9)
	require.NoError(t, err)
	require.Len(t, events, 1)
	assert.Equal(t, p.Learner, events[0].Learner)
	assert.Empty(t, events[0].Details)
}

func TestAManagersOwnFileSaysNothingOfTheirLearners(t *testing.T) {
	h := staying(t)
	boss := h.as(manager)
	require.Equal(t, 200, boss.requires(url.Values{"what": {"module:stay"}, "who": {"list"}, "people": {"ml-20417"}}).status)
	h.live(noor, "noor")
	h.system(manager, app.ReadRecords)
	require.Equal(t, 200, boss.get("/records.csv?q=Haddad").status)
	boss = h.as(manager)
	got := boss.get(everything)
	require.Equal(t, 200, got.status)
	for _, words := range []string{"noor", "Noor", "Haddad", "ml-20417", string(h.learnerOf(noor)), string(app.NewRecordID(h.learnerOf(noor), "stay", "2026"))} {
		assert.NotContains(t, got.body, words)
	}
	for _, words := range []string{"certificate_withdrawn", "module_waived", "download_begun", "HR, nightly", "the Dean’s office"} {
		assert.Contains(t, got.body, words, "that they did it is theirs")
	}
}

// reticent is a store whose audit trail does not take that somebody has their data.
type reticent struct{ app.Store }

func (s reticent) AddEvent(ctx context.Context, e app.Event) error {
	if e.Kind == app.OwnDataDownloaded {
		return errors.New("the disk is full")
	}
	return s.Store.AddEvent(ctx, e)
}

func TestAFileOfOnesOwnIsGivenOnlyIfTheAuditTrailIsTold(t *testing.T) {
	h := newHouseOn(t, func(s app.Store) app.Store { return reticent{s} })
	b := h.as(noor)
	p := b.get(everything)
	assert.Equal(t, 500, p.status)
	assert.Empty(t, p.header.Get("Content-Disposition"))
	assert.NotContains(t, p.body, "ml-20417")
	assert.Equal(t, "/signin", h.browser().get(everything).url.Path)
}

func TestTheAccountSaysForHowLongWhatIsKept(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	assert.Contains(t, b.get("/account").text(), "Mercy Lakes Health has set no end to it.")
	assert.Equal(t, everything, b.get("/account").link("Download everything about you"))
	h.training.Institutions[0].RetentionMonths = 36
	assert.Contains(t, b.get("/account").text(), "When you have not signed in for 36 months, who you are is erased.")
	assert.Contains(t, b.in("es", "/account").text(), "Cuando usted lleva 36 meses sin iniciar sesión")
	assert.Contains(t, h.as(amara).get("/account").text(), "Harbor Point Medical Center has set no end to it.")
}
