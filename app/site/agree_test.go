package site_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/mongostore"
	"first5/app/mongostore/mongotest"
	"first5/app/report"
	"first5/app/site"
)

// unhurried is a house that counts no requests.
func unhurried(t *testing.T, wrap func(app.Store) app.Store) *house {
	t.Helper()
	return newHouseWith(t, wrap, func(c *site.Config) { c.RateLimits = false })
}

// onMongoDB is the same on a MongoDB server.
func onMongoDB(t *testing.T) *house {
	t.Helper()
	store, err := mongostore.Open(mongotest.Address(t), mongostore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	require.NoError(t, store.CreateIndexes(t.Context(), func(string) {}))
	return unhurried(t, func(app.Store) app.Store { return store })
}

func onSQLite(t *testing.T) *house {
	t.Helper()
	return unhurried(t, func(s app.Store) app.Store { return s })
}

func TestEveryPageFileAndAnswerTellsOfTheSameRecords(t *testing.T) {
	everyInstitution(t, []uint64{1, 2, 3}, func(t *testing.T, seed uint64) {
		agreeing(t, onSQLite(t), seed, 150+50*int(seed), 25)
	})
}

func TestEveryPageFileAndAnswerTellsOfTheSameRecordsOnMongoDB(t *testing.T) {
	everyInstitution(t, []uint64{4}, func(t *testing.T, seed uint64) {
		agreeing(t, onMongoDB(t), seed, 130, 14)
	})
}

// agreeing compares everything that tells of an institution's records, as they were
// put there and after everything that can change them.
func agreeing(t *testing.T, h *house, seed uint64, records, filters int) {
	h.invent(seed+100, "harbor-point", 40) // beside which there is another one
	i := h.invent(seed, "mercy-lakes", records)
	office := comparison{invented: i, test: t, office: h.as(manager), system: h.system(manager, app.ReadRecords)}
	office.all = i.asPut()
	require.GreaterOrEqual(h.t, len(office.all), records)
	require.Equal(h.t, office.all, h.stored(i.at, app.Filter{}), "what was put is there, and nothing else")
	office.compareAll(filters)
	office.glance()
	office.follow(64)
	office.all = i.asPut()
	office.compareAll(filters / 3)
	office.glance()
}

// comparison holds what tells of an institution's records against each other.
type comparison struct {
	*invented
	test   *testing.T
	office *browser
	system system
	all    []app.Record // what there is, by id
}

// compareAll draws filters, in which each part of a filter comes alone and together
// with others, and for each of them an order.
func (c *comparison) compareAll(filters int) {
	c.t.Helper()
	parts := c.parts()
	some := 0
	for n := range filters {
		f := chosenBy{query: url.Values{}}
		if n > 0 {
			parts[(n-1)%len(parts)](&f)
		}
		for range c.chance.IntN(3) * min(n/len(parts), 1) {
			pick(c.chance, parts)(&f)
		}
		want := f.of(c.all)
		some += min(len(want), 1)
		for _, o := range []app.Order{{By: pick(c.chance, app.OrderKeys())}, {By: pick(c.chance, app.OrderKeys()), Up: true}} {
			c.pages(f, o, want)
			c.answers(f, o, want)
		}
		c.files(f, want)
		if c.t.Failed() {
			require.FailNow(c.t, "they do not agree", "filter %s", f.query.Encode())
		}
	}
	assert.Greater(c.t, some, filters/2, "most filters choose something")
}

// files compares the files of a filter, of the page and of the API, with what it
// chooses, and what was noted of them with what came.
func (c *comparison) files(f chosenBy, want []app.Record) {
	c.t.Helper()
	query := f.query.Encode()
	rows, statements := rowsOf(want), statementsTold(want)
	assert.Equal(c.t, want, append([]app.Record{}, c.stored(c.at, f.filter)...), query)
	last := map[string]finishedFile{}
	for _, from := range []string{"/records.", apiFiles} {
		for _, format := range report.Formats() {
			file := c.take(from, format, query)
			n := len(rows)
			switch format {
			case report.CSV:
				assert.Equal(c.t, safe(rows), csvRows(c.t, file), "%s%s %s", from, format, query)
			case report.Workbook:
				assert.Equal(c.t, rows, sheetOf(c.test, file), "%s%s %s", from, format, query)
			case report.JSONLines:
				assert.Equal(c.t, rows, linesOf(c.test, file), "%s%s %s", from, format, query)
			case report.XAPI:
				assert.ElementsMatch(c.t, statements, statementsIn(c.t, file), "%s%s %s", from, format, query)
				n = len(statements)
			}
			sum := sha256.Sum256([]byte(file))
			last["records."+string(format)+" "+hex.EncodeToString(sum[:])] = finishedFile{n, len(file)}
		}
		c.noted(last)
		clear(last)
	}
}

const apiFiles = "/api/v1/records."

// take takes a file, as a manager or as a system.
func (c *comparison) take(from string, format report.Format, query string) string {
	c.t.Helper()
	if from == apiFiles {
		a := c.system.do("GET", from+string(format)+"?"+query, nil)
		require.Equal(c.t, 200, a.status, a.body)
		return a.body
	}
	p := c.office.get(from + string(format) + "?" + query)
	require.Equal(c.t, 200, p.status, p.text())
	return p.body
}

// finishedFile is what is told of a file that was sent whole.
type finishedFile struct{ rows, bytes int }

// noted looks for files, by their kinds and hashes, on the page and in the audit
// trail.
func (c *comparison) noted(files map[string]finishedFile) {
	c.t.Helper()
	page := map[string]finishedFile{}
	for _, cells := range c.office.get("/records").table(c.t, "records files") {
		rows, err := strconv.Atoi(strings.ReplaceAll(strings.Fields(cells[3])[0], ",", "")) // of xAPI, it says that they are statements
		require.NoError(c.t, err)
		page[strings.Fields(cells[0])[0]+" "+cells[5]] = finishedFile{rows: rows}
	}
	trail := map[string]app.Details{}
	events, err := c.store.Events(c.t.Context(), app.EventFilter{Institution: c.at, Kind: app.Downloaded}, app.EventCursor{}, 20)
	require.NoError(c.t, err)
	for _, e := range events {
		trail[e.Details["file"]+" "+e.Details["sha256"]] = e.Details
	}
	audit := c.office.get("/audit?kind=downloaded").text()
	for file, f := range files {
		assert.Equal(c.t, finishedFile{rows: f.rows}, page[file], "%s on the page", file)
		assert.Equal(c.t, []string{strconv.Itoa(f.rows), strconv.Itoa(f.bytes)}, []string{trail[file]["rows"], trail[file]["bytes"]}, file)
		assert.Contains(c.t, audit, file[strings.Index(file, " ")+1:])
	}
}

// pages compares all pages of a listing, and the number that they say, with what the
// filter chooses.
func (c *comparison) pages(f chosenBy, o app.Order, want []app.Record) {
	c.t.Helper()
	query := orderIn(f.query, o)
	address, ids, shown := "/records?"+query, []app.RecordID{}, [][]string{}
	for address != "" {
		p := c.office.get(address)
		require.Equal(c.t, 200, p.status, p.text())
		assert.Equal(c.t, len(want), p.said(c.t), address)
		some, cells := p.listed(c.t)
		ids, shown = append(ids, some...), append(shown, cells...)
		next := p.link("More records")
		require.True(c.t, next == "" || len(some) == 100, "a page that is not the last is full")
		address = next
	}
	sorted := inOrder(want, o)
	assert.Equal(c.t, idsOf(sorted), ids, "%s", query)
	assert.Equal(c.t, shownOf(sorted), shown, "%s", query)
}

// answers compares the API's listing, in parts of any size.
func (c *comparison) answers(f chosenBy, o app.Order, want []app.Record) {
	c.t.Helper()
	query := orderIn(f.query, o)
	if c.chance.IntN(3) == 0 { // without saying, in the order of their changes
		query, o = f.query.Encode(), app.Order{By: app.OrderChange, Up: true}
	} else if o.By == app.OrderActivity {
		query += "&sort=active"
	}
	rows, _ := c.fetch("/api/v1/records?"+query, 1+c.chance.IntN(90))
	assert.Equal(c.t, rowsOf(inOrder(want, o)), rows, query)
}

// glance compares every number at the top of the page with the rows behind it.
func (c *comparison) glance() {
	c.t.Helper()
	page := c.office.get("/records")
	numbers := page.numbers(c.test)
	assert.Greater(c.t, len(numbers), 35)
	for _, n := range numbers {
		assert.Equal(c.t, n.number, c.office.rows(n.address), "%s: %s", n.words, n.address)
		query, ofRecords := strings.CutPrefix(n.address, "/records?")
		if !ofRecords {
			continue
		}
		assert.Len(c.t, csvRows(c.t, c.take("/records.", report.CSV, query)), n.number, n.address)
		assert.Equal(c.t, n.number, c.office.get(n.address).said(c.t), n.address)
	}
	total := strings.ReplaceAll(fmt.Sprint(len(c.all)), ",", "")
	assert.Equal(c.t, total, fmt.Sprint(page.said(c.t)))
}

// inOrder returns records in an order: where the keys are equal, by id.
func inOrder(all []app.Record, o app.Order) []app.Record {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b app.Record) int {
		x := compareKeys(a, b, o.By)
		if x == 0 {
			x = strings.Compare(string(a.ID), string(b.ID))
		}
		if !o.Up {
			x = -x
		}
		return x
	})
	return sorted
}

func compareKeys(a, b app.Record, by app.OrderKey) int {
	x, y := app.Order{By: by}.After(a), app.Order{By: by}.After(b)
	switch by {
	case app.OrderName:
		return strings.Compare(x.Text, y.Text)
	case app.OrderScore:
		return x.Number - y.Number
	}
	return x.At.Compare(y.At)
}

func idsOf(all []app.Record) []app.RecordID {
	ids := []app.RecordID{}
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	return ids
}
