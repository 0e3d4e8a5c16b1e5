package mongostore

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
	"first5/content"
)

func versionOf(slug string, number int, source content.Source) app.Version {
	return app.Version{VersionRef: app.VersionRef{Kind: app.ModuleVersion, Slug: slug, Number: number},
		Program: "first-5-minutes", Hash: source.Hash(), At: at(number), Source: source}
}

func onePage(text string) content.Source {
	return content.Source{{Name: "module.md", Data: []byte(text)}}
}

// publicationOf returns one call of Publish, of the publication with that number.
func publicationOf(number int, versions ...app.Version) publishing {
	p := app.Publication{Number: number, At: at(number), Origin: "embedded"}
	for _, v := range versions {
		p.Current = append(p.Current, v.VersionRef)
	}
	return newPublishing(p, versions, app.Event{ID: app.EventID(fmt.Sprint("published ", number)), At: at(number), Kind: app.ModulesPublished})
}

func (w ward) countOf(collection string) int {
	w.Helper()
	n, err := w.db.Collection(collection).CountDocuments(w.Context(), bson.D{})
	require.NoError(w, err)
	return int(n)
}

func TestAPublicationWhoseReplyWasLostIsPublishedOnce(t *testing.T) {
	w := newWard(t)
	call := publicationOf(1, versionOf("names-first", 1, onePage("Names")))
	for range 2 {
		require.NoError(t, w.publish(t.Context(), call))
		assert.Equal(t, 1, w.countOf(publications))
		assert.Equal(t, 1, w.countOf(files))
		assert.Equal(t, 1, w.countOf(events))
	}
	require.NoError(t, w.publish(t.Context(), publicationOf(2, versionOf("names-first", 2, onePage("Names again")))))
	require.NoError(t, w.publish(t.Context(), call), "nor does it matter that another has followed meanwhile")
	assert.Equal(t, 2, w.countOf(publications))
}

func TestEachStepOfAPublicationMayBeDoneTwice(t *testing.T) {
	w := newWard(t)
	call := publicationOf(1, versionOf("names-first", 1, onePage("Names")))
	for range 2 {
		require.NoError(t, w.insertFiles(t.Context(), call))
	}
	for range 2 {
		require.NoError(t, w.insertPublication(t.Context(), call))
	}
	assert.Equal(t, 1, w.countOf(files))
	source, err := w.Source(t.Context(), call.doc.Versions[0].Ref.ref())
	require.NoError(t, err)
	assert.Equal(t, onePage("Names"), source)
}

func TestAPublicationThatWasBrokenOffBeforeItsEndShowsNothing(t *testing.T) {
	w := newWard(t)
	v := versionOf("names-first", 1, onePage("Names"))
	require.NoError(t, w.insertFiles(t.Context(), publicationOf(1, v))) // and then the program died
	_, err := w.Source(t.Context(), v.VersionRef)
	assert.ErrorIs(t, err, app.ErrNotFound)
	versions, err := w.Versions(t.Context())
	require.NoError(t, err)
	assert.Empty(t, versions)

	v.Source = onePage("Names, revised")
	require.NoError(t, w.publish(t.Context(), publicationOf(1, v)))
	source, err := w.Source(t.Context(), v.VersionRef)
	require.NoError(t, err)
	assert.Equal(t, v.Source, source)
}

func TestAPublicationThatComesSecondLeavesNoFiles(t *testing.T) {
	w := newWard(t)
	winner := publicationOf(1, versionOf("names-first", 1, onePage("Names")))
	loser := publicationOf(1, versionOf("names-first", 1, onePage("Other names")), versionOf("silence", 1, onePage("…")))
	_, err := w.mayPublish(t.Context(), loser.doc)
	require.NoError(t, err)
	require.NoError(t, w.publish(t.Context(), winner))
	assert.ErrorIs(t, w.insertPublication(t.Context(), loser), app.ErrConflict)
	assert.Equal(t, 1, w.countOf(files))
	assert.Equal(t, 1, w.countOf(publications))
}

func TestAPublicationThatNamesOneVersionTwiceIsRefused(t *testing.T) {
	w := newWard(t)
	v := versionOf("names-first", 1, onePage("Names"))
	assert.ErrorIs(t, w.publish(t.Context(), publicationOf(1, v, v)), app.ErrConflict)
	assert.Zero(t, w.countOf(publications))
	assert.Zero(t, w.countOf(files))
}

func TestAWholeLibraryIsPublishedAtOnce(t *testing.T) {
	w := newWard(t)
	var all []app.Version
	for n := range 250 {
		all = append(all, versionOf(fmt.Sprintf("module-%03d", n), 1, onePage(fmt.Sprint("Module ", n))))
	}
	require.NoError(t, w.publish(t.Context(), publicationOf(1, all[:100]...)))
	withOld := append(append([]app.Version{}, all[100:]...), all[50])
	assert.ErrorIs(t, w.publish(t.Context(), publicationOf(2, withOld...)), app.ErrConflict, "one of them is old, the last")
	require.NoError(t, w.publish(t.Context(), publicationOf(2, all[100:249]...)))
	for _, n := range []int{0, 120, 248} {
		assert.ErrorIs(t, w.publish(t.Context(), publicationOf(3, all[249], all[n])), app.ErrConflict, "number %d", n)
		source, err := w.Source(t.Context(), all[n].VersionRef)
		require.NoError(t, err)
		assert.Equal(t, all[n].Source, source)
	}
	require.NoError(t, w.publish(t.Context(), publicationOf(3, all[249])))
	versions, err := w.Versions(t.Context())
	require.NoError(t, err)
	assert.Len(t, versions, 250)
}

func TestAFileLargerThanADocumentComesBackWhole(t *testing.T) {
	w := newWard(t)
	video := bytes.Repeat([]byte("0123456789abcdef"), (2*pieceSize+pieceSize/2)/16)
	exact := video[:pieceSize]
	v := versionOf("names-first", 1, content.Source{
		{Name: "video.mp4", Data: video}, {Name: "empty.txt", Data: []byte{}}, {Name: "exact.bin", Data: exact},
		{Name: "module.md", Data: []byte("Names")},
	})
	require.NoError(t, w.publish(t.Context(), publicationOf(1, v)))
	assert.Equal(t, 3+1+1+1, w.countOf(files))
	got, err := w.Source(t.Context(), v.VersionRef)
	require.NoError(t, err)
	require.Len(t, got, len(v.Source))
	for i, f := range v.Source {
		assert.Equal(t, f.Name, got[i].Name)
		assert.True(t, bytes.Equal(f.Data, got[i].Data), f.Name)
	}
}

func TestAFileThatLacksAPieceIsNotServed(t *testing.T) {
	for piece, lacks := range map[string]bson.D{
		"the first":  {{Key: "position", Value: 0}, {Key: "piece", Value: 0}},
		"the second": {{Key: "position", Value: 0}, {Key: "piece", Value: 1}},
	} {
		w := newWard(t)
		v := versionOf("names-first", 1, content.Source{{Name: "video.mp4", Data: bytes.Repeat([]byte("0123456789abcdef"), (2*pieceSize+16)/16)}})
		require.NoError(t, w.publish(t.Context(), publicationOf(1, v)))
		_, err := w.db.Collection(files).DeleteOne(t.Context(), lacks)
		require.NoError(t, err)
		_, err = w.Source(t.Context(), v.VersionRef)
		assert.ErrorContains(t, err, "lacks a piece", piece)
	}
}
