package storetest

import (
	"fmt"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

func publications() []test {
	return []test{
		{"there is none at first", noPublication},
		{"come back as they went in", publicationComesBack},
		{"are numbered without a gap", publicationsAreNumbered},
		{"that add a version twice add nothing", versionTwice},
		{"may add no version", publicationWithoutVersions},
		{"keep files of any bytes", filesOfAnyBytes},
		{"keep files in their order, and each version's own", filesInOrder},
		{"have no files of a version that there is not", filesOfNothing},
		{"list versions by kind, slug and number", versionsInOrder},
	}
}

// version returns a version of a module or programme with one file.
func version(kind app.VersionKind, slug string, number int) app.Version {
	source := content.Source{{Name: "module.md", Data: []byte("# " + slug)}}
	return app.Version{
		VersionRef: app.VersionRef{Kind: kind, Slug: slug, Number: number},
		Program:    "first-5-minutes",
		Hash:       source.Hash(),
		At:         minute(number),
		Source:     source,
	}
}

// publication returns the publication with that number of those versions.
func publication(number int, versions ...app.Version) app.Publication {
	p := app.Publication{Number: number, At: minute(number), Origin: "embedded"}
	for _, v := range versions {
		p.Current = append(p.Current, v.VersionRef)
	}
	return p
}

// published returns the event that tells of the publication.
func published(p app.Publication) app.Event {
	return event(app.EventID(app.NewToken()), p.At)
}

func (c clinic) publish(number int, versions ...app.Version) app.Publication {
	c.Helper()
	p := publication(number, versions...)
	require.NoError(c, c.store.Publish(c.Context(), p, versions, published(p)))
	return p
}

func (c clinic) versions() []app.Version {
	c.Helper()
	versions, err := c.store.Versions(c.Context())
	require.NoError(c, err)
	return versions
}

// heads returns the versions as a list of them shows them: without sources.
func heads(versions ...app.Version) []app.Version {
	var all []app.Version
	for _, v := range versions {
		v.Source = nil
		all = append(all, v)
	}
	return all
}

// source returns the files of the version, as the store has them.
func (c clinic) source(v app.Version) content.Source {
	c.Helper()
	source, err := c.store.Source(c.Context(), v.VersionRef)
	require.NoError(c, err)
	return source
}

func (c clinic) lastPublication() app.Publication {
	c.Helper()
	p, err := c.store.LastPublication(c.Context())
	require.NoError(c, err)
	return p
}

func noPublication(c clinic) {
	_, err := c.store.LastPublication(c.Context())
	assert.ErrorIs(c, err, app.ErrNotFound)
	assert.Empty(c, c.versions())
}

func publicationComesBack(c clinic) {
	program, names := version(app.ProgramVersion, "first-5-minutes", 1), version(app.ModuleVersion, "names-first", 1)
	first := c.publish(1, names, program)
	assert.Equal(c, first, c.lastPublication())
	assert.Equal(c, heads(names, program), c.versions())

	again := version(app.ModuleVersion, "names-first", 2)
	second := publication(2, again, program)
	second.Origin = "modules on the shelf"
	require.NoError(c, c.store.Publish(c.Context(), second, []app.Version{again}, published(second)))
	assert.Equal(c, second, c.lastPublication(), "the latest one is the last")
	assert.Equal(c, heads(names, again, program), c.versions(), "older versions stay")
}

func publicationsAreNumbered(c clinic) {
	for _, number := range []int{0, 2, -1} {
		err := c.store.Publish(c.Context(), publication(number), nil, event("refused", minute(1)))
		assert.ErrorIs(c, err, app.ErrConflict, "the first is number 1, not %d", number)
	}
	noPublication(c)
	assert.Empty(c, c.events(app.EventFilter{}), "nor was anything told")

	first := c.publish(1)
	told := c.events(app.EventFilter{})
	require.Len(c, told, 1)
	for _, number := range []int{0, 1, 3} {
		v := version(app.ModuleVersion, "names-first", 1)
		err := c.store.Publish(c.Context(), publication(number, v), []app.Version{v}, event("refused", minute(1)))
		assert.ErrorIs(c, err, app.ErrConflict, "after number 1 comes 2, not %d", number)
	}
	assert.Equal(c, first, c.lastPublication())
	assert.Empty(c, c.versions(), "what could not be published added nothing")
	assert.Equal(c, told, c.events(app.EventFilter{}))
}

func versionTwice(c clinic) {
	names := version(app.ModuleVersion, "names-first", 1)
	first := c.publish(1, names)
	changed := names
	changed.Hash = "another"
	fresh := version(app.ModuleVersion, "open-questions", 1)

	err := c.store.Publish(c.Context(), publication(2, fresh, changed), []app.Version{fresh, changed}, event("refused", minute(1)))
	assert.ErrorIs(c, err, app.ErrConflict)
	assert.Equal(c, first, c.lastPublication())
	assert.Equal(c, heads(names), c.versions(), "not even the version that is new")
	assert.Len(c, c.events(app.EventFilter{}), 1, "nor an event")

	c.publish(2, fresh)
	assert.Equal(c, heads(names, fresh), c.versions(), "without the old one it goes in")
}

func publicationWithoutVersions(c clinic) {
	c.publish(1)
	last := c.lastPublication()
	assert.Equal(c, 1, last.Number)
	assert.Empty(c, last.Current, "everything may be withdrawn")
}

func filesOfAnyBytes(c clinic) {
	every := make([]byte, 1<<20)
	for i := range every {
		every[i] = byte(i ^ i>>8)
	}
	v := version(app.ModuleVersion, "names-first", 1)
	v.Source = content.Source{
		{Name: "a/picture.webp", Data: every},
		{Name: "module.md", Data: []byte("# Names\r\n\x00é🩺")},
		{Name: "übung.vtt", Data: []byte{0xff, 0xfe, 0}},
	}
	empty := version(app.ModuleVersion, "open-questions", 1)
	empty.Source = content.Source{{Name: "empty.txt"}}
	bare := version(app.ModuleVersion, "silence", 1)
	bare.Source = nil
	c.publish(1, v, empty, bare)

	assert.Equal(c, heads(v, empty, bare), c.versions(), "the list of versions is without files")
	assert.Equal(c, v.Source, c.source(v))
	got := c.source(empty)
	require.Len(c, got, 1)
	assert.Equal(c, "empty.txt", got[0].Name)
	assert.Empty(c, got[0].Data)
	assert.Empty(c, c.source(bare), "a version without files is there nevertheless")
}

func filesInOrder(c clinic) {
	var all []app.Version
	for _, kind := range []app.VersionKind{app.ModuleVersion, app.ProgramVersion} {
		for number := range 12 {
			v := version(kind, "names-first", number+1)
			v.Source = nil
			for _, name := range []string{"z", "b/10", "b/9", "A", "é", "a"} {
				data := fmt.Sprintf("%s of %s %d", name, kind, number)
				v.Source = append(v.Source, content.File{Name: name, Data: []byte(data)})
			}
			all = append(all, v)
		}
	}
	c.publish(1, all...)
	for _, v := range all {
		assert.Equal(c, v.Source, c.source(v))
	}
}

func filesOfNothing(c clinic) {
	c.publish(1, version(app.ModuleVersion, "names-first", 1))
	for _, ref := range []app.VersionRef{
		{Kind: app.ModuleVersion, Slug: "names-first", Number: 2},
		{Kind: app.ModuleVersion, Slug: "names-first"},
		{Kind: app.ModuleVersion, Slug: "names", Number: 1},
		{Kind: app.ProgramVersion, Slug: "names-first", Number: 1},
		{},
	} {
		_, err := c.store.Source(c.Context(), ref)
		assert.ErrorIs(c, err, app.ErrNotFound, "%v", ref)
	}
}

func versionsInOrder(c clinic) {
	var want []app.Version
	for _, kind := range []app.VersionKind{app.ModuleVersion, app.ProgramVersion} {
		for _, slug := range []string{"a", "a-b", "a1", "ab", "b"} {
			for _, number := range []int{1, 2, 9, 10, 11} {
				want = append(want, version(kind, slug, number))
			}
		}
	}
	var mixed []app.Version
	for i := range want {
		mixed = append(mixed, want[(i*7+3)%len(want)])
	}
	c.publish(1, mixed...)
	assert.Equal(c, heads(want...), c.versions())
}
