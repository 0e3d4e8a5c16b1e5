package app_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func TestDownloadsStandInTheTrailWithFilterCountAndHash(t *testing.T) {
	c := newCourse(t)
	_, boss := c.signIn("mercy", "boss", app.Manager)
	file := app.Download{File: "records.csv", Filter: "status=passed"}
	sent := app.Finished{Rows: 12, Bytes: 3456, SHA256: "ab12"}
	require.NoError(t, c.DownloadBegins(t.Context(), boss.Downloader(), file))
	require.NoError(t, c.DownloadEnds(t.Context(), boss.Downloader(), file, sent, true))
	require.NoError(t, c.DownloadEnds(t.Context(), boss.Downloader(), app.Download{File: "records.csv"}, app.Finished{Rows: 3, Bytes: 99, SHA256: "cd34"}, false))
	trail := c.trail(boss, app.EventFilter{})
	assert.Contains(t, trail, "download_begun mercy boss map[file:records.csv filter:status=passed]")
	assert.Contains(t, trail, "downloaded mercy boss map[bytes:3456 file:records.csv filter:status=passed outcome:complete rows:12 sha256:ab12]")
	assert.Contains(t, trail, "downloaded mercy boss map[bytes:99 file:records.csv outcome:broken off rows:3]", "no hash proves a part of a file")
}

func TestASystemsDownloadNamesItsTokenAndNobody(t *testing.T) {
	c := newCourse(t)
	system := app.Downloader{Institution: "mercy", Token: "t1"}
	file := app.Download{File: "records.jsonl"}
	require.NoError(t, c.DownloadBegins(t.Context(), system, file))
	require.NoError(t, c.DownloadEnds(t.Context(), system, file, app.Finished{Rows: 1, Bytes: 2, SHA256: "ef"}, true))
	assert.ElementsMatch(t, []string{
		"download_begun mercy  map[file:records.jsonl token:t1]",
		"downloaded mercy  map[bytes:2 file:records.jsonl outcome:complete rows:1 sha256:ef token:t1]",
	}, c.trail(managerOf("mercy"), app.EventFilter{}))
	last, err := c.LastDownloads(t.Context(), managerOf("mercy"), 5)
	require.NoError(t, err)
	require.Len(t, last, 1)
	assert.Equal(t, system, last[0].Downloader)
	assert.Empty(t, last[0].Name)
}

func TestManagersSeeTheLastWholeFilesOfTheirOwnInstitution(t *testing.T) {
	c := newCourse(t)
	_, boss := c.signIn("mercy", "boss", app.Manager)
	_, other := c.signIn("harbor", "other", app.Manager)
	end := func(p app.Person, file string, rows int, whole bool) {
		c.then()
		d := app.Download{File: file, Filter: "status: passed"}
		require.NoError(t, c.DownloadEnds(t.Context(), p.Downloader(), d, app.Finished{Rows: rows, Bytes: int64(rows) * 100, SHA256: fmt.Sprintf("hash-%d", rows)}, whole))
	}
	end(boss, "records.csv", 1, true)
	end(boss, "records.xlsx", 2, true)
	end(boss, "records.csv", 3, false)
	end(boss, "audit.csv", 4, true)
	end(other, "records.csv", 5, true)
	end(boss, "records.xapi.jsonl", 6, true)
	latest := c.time

	last, err := c.LastDownloads(t.Context(), boss, 2)
	require.NoError(t, err)
	require.Len(t, last, 2)
	assert.Equal(t, app.FinishedDownload{
		Download:   app.Download{File: "records.xapi.jsonl", Filter: "status: passed"},
		Downloader: boss.Downloader(),
		Finished:   app.Finished{Rows: 6, Bytes: 600, SHA256: "hash-6"},
		At:         latest,
		Name:       "boss",
	}, last[0])
	assert.Equal(t, "records.xlsx", last[1].File, "and neither what broke off nor what is no records")
	all, err := c.LastDownloads(t.Context(), boss, 100)
	require.NoError(t, err)
	assert.Len(t, all, 3)

	theirs, err := c.LastDownloads(t.Context(), other, 100)
	require.NoError(t, err)
	require.Len(t, theirs, 1)
	assert.Equal(t, "hash-5", theirs[0].SHA256)
	for _, role := range []app.Role{app.Educator, app.Operator} {
		p := app.Person{Identity: app.Identity{Institution: "mercy", Roles: []app.Role{role}}}
		_, err := c.LastDownloads(t.Context(), p, 5)
		assert.ErrorIs(t, err, app.ErrForbidden)
	}
}

func TestAFewFilesOfRecordsAreFoundAmongManyOthers(t *testing.T) {
	c := newCourse(t)
	_, boss := c.signIn("mercy", "boss", app.Manager)
	end := func(file string) {
		c.then()
		require.NoError(t, c.DownloadEnds(t.Context(), boss.Downloader(), app.Download{File: file}, app.Finished{Rows: 1, Bytes: 1, SHA256: file}, true))
	}
	end("records.csv")
	for range 120 {
		end("audit.csv")
	}
	last, err := c.LastDownloads(t.Context(), boss, 5)
	require.NoError(t, err)
	require.Len(t, last, 1)
	for range 400 {
		end("audit.csv")
	}
	last, err = c.LastDownloads(t.Context(), boss, 5)
	require.NoError(t, err)
	assert.Empty(t, last, "but the page is not kept waiting for ever")
}

// deaf is a store whose audit trail takes nothing.
type deaf struct{ app.Store }

func (deaf) AddEvent(context.Context, app.Event) error { return errors.New("the disk is full") }

func TestADownloadThatTheTrailDoesNotTakeDoesNotBegin(t *testing.T) {
	c := newCourse(t)
	_, boss := c.signIn("mercy", "boss", app.Manager)
	c.Store = deaf{c.Store}
	assert.ErrorContains(t, c.DownloadBegins(t.Context(), boss.Downloader(), app.Download{File: "records.csv"}), "audit trail")
}
