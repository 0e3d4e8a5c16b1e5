package mongostore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
	"first5/content"
)

// moveAll does what moving everything into another store takes, so that it is
// watched too.
func moveAll(t *testing.T, seen *watch) {
	from, to := seen.open(t), seen.open(t)
	p, r := aRecord()
	told := app.Event{ID: "signed in", At: opened(), Kind: app.SignedIn, Institution: p.Institution, Learner: p.Learner}
	require.NoError(t, from.SignIn(t.Context(), p, app.Session{Hash: "browser", Learner: p.Learner, CreatedAt: opened(), SeenAt: opened()},
		func(app.Person) []app.Event { return []app.Event{told} }))
	a := app.Attempt{ID: "first", Record: r.ID, Learner: p.Learner, Module: r.Module, Version: 1, At: opened()}
	_, err := from.SaveAttempt(t.Context(), r, a)
	require.NoError(t, err)
	_, err = from.db.Collection(records).InsertOne(t.Context(), withdrawnAndUntold(p))
	require.NoError(t, err)
	require.NoError(t, from.SaveWorkbook(t.Context(), app.Workbook{Record: r.ID, Learner: p.Learner, Module: r.Module, Edition: r.Edition, Revision: 1}))
	require.NoError(t, from.SaveOffice(t.Context(), app.Office{Institution: p.Institution, Revision: 1}))
	require.NoError(t, from.Park(t.Context(), app.Parked{ID: "second", Learner: p.Learner, Module: r.Module, Version: 1, At: opened()}))
	require.NoError(t, from.UseOnce(t.Context(), app.Once{Key: "state", Until: opened()}))
	v := app.Version{VersionRef: app.VersionRef{Kind: app.ModuleVersion, Slug: r.Module, Number: 1}, Program: r.Program, At: opened(),
		Source: content.Source{{Name: "module.md", Data: []byte("# Names first")}}}
	require.NoError(t, from.Publish(t.Context(), app.Publication{Number: 1, At: opened(), Current: []app.VersionRef{v.VersionRef}},
		[]app.Version{v}, app.Event{ID: "published", At: opened(), Kind: app.ModulesPublished}))

	require.NoError(t, to.SetUnfinished(t.Context(), "a copy"))
	for _, kind := range archive.Kinds() {
		var all []archive.Item
		for item, err := range from.Items(t.Context(), kind) {
			require.NoError(t, err)
			all = append(all, item)
		}
		require.NotEmpty(t, all, "%s", kind)
		require.NoError(t, to.Put(t.Context(), all))
		require.NoError(t, to.Put(t.Context(), all), "again")
	}
	_, err = to.LearnerAttempts(t.Context(), p.Learner)
	require.NoError(t, err)
	require.NoError(t, to.Erase(t.Context(), app.Erasure{Learner: p.Learner, At: opened()}, app.Event{ID: "erased", At: opened(), Kind: app.PersonErased}))
	require.NoError(t, to.Forget(t.Context(), opened()))
	require.NoError(t, to.SetUnfinished(t.Context(), ""))
	what, err := to.Unfinished(t.Context())
	require.NoError(t, err)
	assert.Empty(t, what)
	require.NoError(t, to.Clear(t.Context()))
	empty, err := to.Empty(t.Context())
	require.NoError(t, err)
	assert.True(t, empty)
	require.NoError(t, to.SetUnfinished(t.Context(), "another copy"))
}
