package mongostore

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"first5/app"
)

// eventful adds so many events to the trail, two at each time, and returns
// their ids, the latest first.
func eventful(t *testing.T, s *Store, n int) []app.EventID {
	t.Helper()
	docs := make([]eventDoc, n)
	ids := make([]app.EventID, n)
	for i := range docs {
		e := app.Event{ID: app.EventID(fmt.Sprintf("event-%05d", i)), At: after(i / 2), Kind: app.SignedIn, Learner: known("rivera").Learner}
		docs[i], ids[n-1-i] = newEventDoc(e), e.ID
	}
	require.NoError(t, s.insertEvents(t.Context(), docs))
	return ids
}

// idsOf reads a download to its end.
func idsOf(t *testing.T, s *Store) []app.EventID {
	t.Helper()
	var ids []app.EventID
	for e, err := range s.AllEvents(t.Context(), app.EventFilter{}) {
		require.NoError(t, err)
		ids = append(ids, e.ID)
	}
	return ids
}

func TestADownloadIsWholeOverABrokenLine(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		want := eventful(t, s, firstPart+2*wholePart+7)
		breaks()
		assert.Equal(t, want, idsOf(t, s))
	})
}

func TestADownloadIsWholeWhereverItsPartsEnd(t *testing.T) {
	s, _ := openOn(t)
	assert.Empty(t, idsOf(t, s))
	for _, n := range []int{1, firstPart - 1, firstPart, firstPart + 1, firstPart + wholePart - 1, firstPart + wholePart, firstPart + wholePart + 1} {
		assert.Equal(t, eventful(t, s, n), idsOf(t, s)) // those that are there stay as they are
	}
}

// reading returns a walk through the trail of which rows makes the rows.
func reading(s *Store, rows func(docs []eventDoc) error) walk[eventDoc, app.EventID] {
	return walk[eventDoc, app.EventID]{
		doing: "reading", from: s.downloads.Collection(events), sort: latestFirst(), fields: bson.D{{Key: "details", Value: 0}},
		after: func(last *eventDoc) bson.D {
			if last == nil {
				return trail(app.EventFilter{}, app.EventCursor{})
			}
			return trail(app.EventFilter{}, app.EventCursor{At: last.At, ID: last.ID})
		},
		rows: func(_ context.Context, docs []eventDoc) ([]app.EventID, error) {
			var ids []app.EventID
			for _, d := range docs {
				ids = append(ids, d.ID)
			}
			return ids, rows(docs)
		},
	}
}

func TestADownloadGoesOnWhereTheServerHasLostItsPlace(t *testing.T) {
	s, _ := openOn(t)
	want := eventful(t, s, firstPart+wholePart+7)
	faults := passingFaults()
	parts := 0
	w := reading(s, func([]eventDoc) error {
		parts++
		if parts%2 == 1 {
			return mongo.CommandError{Code: int32(faults[parts/2%len(faults)])}
		}
		return nil
	})
	var got []app.EventID
	for id, err := range download(t.Context(), s, w) {
		require.NoError(t, err)
		got = append(got, id)
	}
	assert.Equal(t, want, got, "each once")
	assert.Greater(t, parts, 4)
}

func TestADownloadWhoseCursorIsGoneGoesOn(t *testing.T) {
	s, _ := openOn(t)
	want := eventful(t, s, 3*wholePart)
	p := place[eventDoc, app.EventID]{walk: reading(s, func([]eventDoc) error { return nil })}
	var got []app.EventID
	for {
		part, err := p.next(t.Context())
		require.NoError(t, err)
		if len(part) == 0 {
			break
		}
		got = append(got, part...)
		if p.cursor.ID() != 0 { // somebody who reads slowly, and a server that does not wait
			kill := bson.D{{Key: "killCursors", Value: events}, {Key: "cursors", Value: bson.A{p.cursor.ID()}}}
			require.NoError(t, s.db.RunCommand(t.Context(), kill).Err())
		}
	}
	assert.Equal(t, want, got)
}

func TestADownloadThatComesNoFurtherEndsWithAnError(t *testing.T) {
	s, _ := openOn(t)
	eventful(t, s, 2*wholePart)
	tries := 0
	lost := mongo.CommandError{Code: 43, Name: "CursorNotFound"}
	w := reading(s, func(docs []eventDoc) error {
		if docs[0].ID > "event-01900" {
			return nil // the first part comes
		}
		tries++
		return lost
	})
	n := 0
	var last error
	for _, err := range download(t.Context(), s, w) {
		require.NoError(t, last, "an error is the last thing")
		last = err
		n++
	}
	assert.ErrorContains(t, last, "reading: store away: (CursorNotFound)")
	assert.Equal(t, partTries, tries)
	assert.Greater(t, n, 1, "what came before is not taken back")
}

func TestADownloadThatCannotBeginSaysSoSoon(t *testing.T) {
	s, _ := openOn(t)
	eventful(t, s, 3)
	tries := 0
	for _, err := range download(t.Context(), s, reading(s, func([]eventDoc) error { tries++; return context.DeadlineExceeded })) {
		assert.ErrorIs(t, err, app.ErrStoreAway)
	}
	assert.Equal(t, firstTries, tries)
}

func TestADownloadIsNotTriedAgainWhereThatCannotHelp(t *testing.T) {
	for _, fault := range []error{errors.New("a document that makes no row"), mongo.CommandError{Code: 13, Name: "Unauthorized"}} {
		s, _ := openOn(t)
		eventful(t, s, 3)
		tries := 0
		w := reading(s, func([]eventDoc) error { tries++; return fault })
		for _, err := range download(t.Context(), s, w) {
			assert.ErrorContains(t, err, fault.Error())
		}
		assert.Equal(t, 1, tries)
	}
}
