package content_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

const validModule = `---
title: Names first
summary: Use the name.
minutes: 3
edition: "2026"
objectives: [Use the name]
authors: [A. Educator]
reviewed: 2026-10-01
---

## Hello

Text.
`

const validProgram = `---
title: The First 5 Minutes
audience: Physicians
order: [names-first]
---

Welcome.
`

func folder(files content.Source) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, f := range files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}

func library() fstest.MapFS {
	return folder(content.Source{
		{Name: "first-5-minutes/program.md", Data: []byte(validProgram)},
		{Name: "first-5-minutes/names-first/module.md", Data: []byte(validModule)},
	})
}

func TestModulesComeInTheOrderOfTheirProgramme(t *testing.T) {
	fsys := library()
	fsys["first-5-minutes/program.md"].Data = []byte(strings.Replace(validProgram, "[names-first]", "[sit, names-first, ask]", 1))
	fsys["first-5-minutes/ask/module.md"] = &fstest.MapFile{Data: []byte(validModule)}
	fsys["first-5-minutes/sit/module.md"] = &fstest.MapFile{Data: []byte(validModule)}
	fsys["first-5-minutes/left-out/module.md"] = &fstest.MapFile{Data: []byte(validModule)}

	l, findings, err := content.Load(fsys)

	require.NoError(t, err)
	assert.Equal(t, []string{"not-in-order"}, rules(findings))
	require.Len(t, l.Programs, 1)
	p := l.Programs[0]
	assert.Equal(t, "first-5-minutes", p.Slug)
	assert.Equal(t, "The First 5 Minutes", p.Title)
	assert.Equal(t, "Physicians", p.Audience)
	assert.Equal(t, "<p>Welcome.</p>\n", p.Cover)
	var slugs []string
	for _, m := range p.Modules {
		slugs = append(slugs, m.Slug)
		assert.Equal(t, "first-5-minutes", m.Program)
	}
	assert.Equal(t, []string{"sit", "names-first", "ask", "left-out"}, slugs, "one without a place is shown last")
}

func TestAModuleKeepsItsFilesSortedByName(t *testing.T) {
	fsys := library()
	for _, name := range []string{"zoo.txt", "a/b.txt", "a.txt", "module.es.md", ".hidden"} {
		fsys["first-5-minutes/names-first/"+name] = &fstest.MapFile{Data: []byte(name)}
	}

	l, _, err := content.Load(fsys)

	require.NoError(t, err)
	var names []string
	for _, f := range l.Programs[0].Modules[0].Source {
		names = append(names, f.Name)
	}
	assert.Equal(t, []string{"a.txt", "a/b.txt", "module.es.md", "module.md", "zoo.txt"}, names)
}

func TestAPublishedSourceMakesTheSameModuleAgain(t *testing.T) {
	l, findings, err := content.Load(os.DirFS("testdata/full"))
	require.NoError(t, err)
	require.Empty(t, findings)
	p := l.Programs[0]
	m := p.Modules[0]

	again, findings := content.ParseModule(m.Program, m.Slug, m.Source)
	assert.Empty(t, findings)
	assert.Equal(t, m, again)

	cover, findings := content.ParseProgram(p.Slug, p.Source)
	assert.Empty(t, findings)
	assert.Equal(t, p.Cover, cover.Cover)
	assert.Equal(t, p.Order, cover.Order)
	require.NotEmpty(t, cover.Translations)
	assert.Equal(t, p.Translations, cover.Translations)
}

func TestALargeFileIsRefused(t *testing.T) {
	fsys := library()
	fsys["first-5-minutes/names-first/film.mp4"] = &fstest.MapFile{Data: make([]byte, 1<<20+1)}
	fsys["first-5-minutes/names-first/fits.mp4"] = &fstest.MapFile{Data: make([]byte, 1<<20)}

	l, findings, err := content.Load(fsys)

	require.NoError(t, err)
	assert.Equal(t, []string{"file-too-large", "unused-file"}, rules(findings))
	assert.Equal(t, "first-5-minutes/names-first/film.mp4", findings[0].File)
	assert.Len(t, l.Programs[0].Modules[0].Source, 2)
}

func TestALargeModuleIsReportedOnce(t *testing.T) {
	fsys := library()
	fsys["first-5-minutes/names-first/module.md"].Data = make([]byte, 1<<20+1)

	_, findings, err := content.Load(fsys)

	require.NoError(t, err)
	assert.Equal(t, []string{"file-too-large"}, rules(findings))
}

func TestALinkToAFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, library()))
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("secret"), 0o600))
	require.NoError(t, os.Symlink(secret, filepath.Join(dir, "first-5-minutes", "names-first", "handout.pdf")))
	require.NoError(t, os.Symlink(filepath.Dir(secret), filepath.Join(dir, "elsewhere")))

	l, findings, err := content.Load(os.DirFS(dir))

	require.NoError(t, err)
	assert.Equal(t, []string{"symlink", "symlink"}, rules(findings))
	require.Len(t, l.Programs, 1)
	assert.Len(t, l.Programs[0].Modules[0].Source, 1)
}

// unreadable is a folder in which one file can't be read.
type unreadable struct {
	fstest.MapFS
	name string
}

var errDisk = errors.New("disk failure")

func (u unreadable) ReadFile(name string) ([]byte, error) {
	if name == u.name {
		return nil, errDisk
	}
	return u.MapFS.ReadFile(name)
}

func (u unreadable) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == u.name {
		return nil, errDisk
	}
	return u.MapFS.ReadDir(name)
}

func TestAFileThatCannotBeReadIsAnError(t *testing.T) {
	for _, name := range []string{
		".", "first-5-minutes", "first-5-minutes/program.md",
		"first-5-minutes/names-first", "first-5-minutes/names-first/module.md",
	} {
		_, _, err := content.Load(unreadable{library(), name})
		require.ErrorIs(t, err, errDisk)
		assert.ErrorContains(t, err, name, "the error says which file")
	}
}

func TestAReviewExpiresAfterTwoYears(t *testing.T) {
	l, _, err := content.Load(library())
	require.NoError(t, err)
	day := func(year, month, day int) time.Time {
		return time.Date(year, time.Month(month), day, 23, 59, 0, 0, time.FixedZone("", -11*3600))
	}

	assert.Empty(t, l.ExpiredReviews(day(2026, 10, 1)))
	assert.Empty(t, l.ExpiredReviews(day(2028, 10, 1)))
	expired := l.ExpiredReviews(day(2028, 10, 2))
	require.Len(t, expired, 1)
	assert.Equal(t, "first-5-minutes/names-first/module.md:8:11: warning: the last clinical review is more than two years ago: "+
		"have the module reviewed, and write the day here (review-expired)", expired[0].String())

	never := content.Module{}
	assert.False(t, never.ReviewExpired(day(2100, 1, 1)), "what was not reviewed yet has no review to expire")
}
