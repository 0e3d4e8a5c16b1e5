package site

import (
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/web"
)

// readBack reads a filter and an order out of the address that they make.
func readBack(t *testing.T, f app.Filter, o app.Order) (app.Filter, app.Order) {
	t.Helper()
	q, err := url.ParseQuery(web.OrderQuery(web.FilterQuery(f), o).Encode())
	require.NoError(t, err)
	again, err := filterReader{get: q.Get, list: "/records"}.filter()
	require.NoError(t, err, q.Encode())
	order, err := filterReader{get: q.Get, list: "/records"}.order()
	require.NoError(t, err, q.Encode())
	return again, order
}

func FuzzAFilterComesBackAsItWasRead(f *testing.F) {
	for _, query := range []string{
		"", "from=2026-01-31&to=2026-01-31", "from=2026-01-31T10:00:00Z&to=2026-01-31T10:00:00.0005Z", "from=2026-01-31T23:59:59.9999Z", "to=9999-12-31", "to=9999-12-31T23:59:59.9999Z",
		"to=2026-01-31T00:00:00%2B02:00", "dates=completed", "program=a&module=b&edition=2026", "status=completed", "status=waived&people=present",
		"score_from=0&score_to=0", "score_from=100&score_to=100", "score_from=%2B7", "q=%20a%26b%00%ff%20", "learner=l1", "sort=name&up=1", "sort=active", "sort=changed",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, _ := url.ParseQuery(query) // what can't be read is left out
		r := filterReader{get: q.Get, list: "/records"}
		filter, err := r.filter()
		if err != nil {
			assert.ErrorIs(t, err, app.ErrInvalid)
			return
		}
		order, err := r.order()
		if err != nil {
			assert.ErrorIs(t, err, app.ErrInvalid)
			return
		}
		again, same := readBack(t, filter, order)
		assert.Equal(t, filter, again)
		assert.Equal(t, order, same)
	})
}

func TestAnAddressSaysAllThatAFilterDoes(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		f, o := anyFilter(chance)
		again, order := readBack(t, f, o)
		require.Equal(t, f, again)
		require.Equal(t, o, order)
	}
}

// anyFilter invents a filter and an order.
func anyFilter(chance *rand.Rand) (app.Filter, app.Order) {
	one := func(texts ...string) string { return texts[chance.IntN(len(texts))] }
	moment := func() time.Time {
		at := time.Date(2026, 1, 1+chance.IntN(100), 0, 0, 0, 0, time.UTC)
		if chance.IntN(2) == 0 {
			at = at.Add(time.Duration(chance.IntN(86_400_000)) * time.Millisecond)
		}
		return at
	}
	f := app.Filter{
		Dates: app.FilterDates(one("", "completed")), Program: one("", "first"), Module: one("", "greet"), Edition: one("", "2026"),
		Status: app.Status(one("", "completed", "in_progress", "passed", "read", "tested_out", "waived")),
		Query:  one("", "Núñez & Söhne", `"a=b"`, "100%"), Learner: app.LearnerID(one("", "l1")), Present: chance.IntN(2) == 0,
		ScoreFrom: chance.IntN(50),
	}
	if chance.IntN(2) == 0 {
		f.From = moment()
	}
	if chance.IntN(2) == 0 {
		f.To = moment().AddDate(1, 0, 0)
	}
	if chance.IntN(2) == 0 {
		f.ScoreBelow = 51 + chance.IntN(51)
	}
	return f, app.Order{By: app.OrderKeys()[chance.IntN(4)], Up: chance.IntN(2) == 0}
}

func FuzzAPlaceInTheRecordsComesBackAsItWas(f *testing.F) {
	for _, seed := range []string{"active.1767225600000.abc", "active-up..abc", "name.QQ.a.b", "score.-1.x", "completed..x", "changed.1.x", "x", "..", "name..\xff"} {
		f.Add(seed, uint8(0))
		f.Add(seed, uint8(5))
	}
	keys := append(app.OrderKeys(), app.OrderChange)
	f.Fuzz(func(t *testing.T, text string, which uint8) {
		o := app.Order{By: keys[int(which)%len(keys)], Up: which >= 128}
		c, err := readRecordCursor(text, o, "/records")
		if err != nil {
			assert.ErrorIs(t, err, app.ErrInvalid)
			return
		}
		if text == "" {
			assert.Equal(t, app.Cursor{}, c)
			return
		}
		again, err := readRecordCursor(writeRecordCursor(o, c), o, "/records")
		require.NoError(t, err)
		assert.Equal(t, c, again)
		for _, other := range keys {
			for _, up := range []bool{false, true} {
				if (app.Order{By: other, Up: up}) != o {
					_, err := readRecordCursor(writeRecordCursor(o, c), app.Order{By: other, Up: up}, "/records")
					assert.ErrorIs(t, err, app.ErrInvalid, "a place in one order is none in another")
				}
			}
		}
	})
}

func TestAPlaceInTheRecordsIsThatAfterTheLastOne(t *testing.T) {
	score := 80
	at := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for _, r := range []app.Record{
		{ID: "r1", Name: "Ana Núñez. B", Subject: "s1", ActiveAt: at, ChangedAt: at},
		{ID: "r2", Subject: "s2", ActiveAt: at, ChangedAt: at, Score: &score, Completion: &app.Completion{At: at}},
	} {
		for _, key := range append(app.OrderKeys(), app.OrderChange) {
			o := app.Order{By: key, Up: strings.HasSuffix(string(r.ID), "1")}
			c, err := readRecordCursor(writeRecordCursor(o, o.After(r)), o, "/records")
			require.NoError(t, err)
			assert.Equal(t, o.After(r), c)
		}
	}
}
