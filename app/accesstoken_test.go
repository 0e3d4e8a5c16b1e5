package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/sqlitestore"
)

// nightly is what a manager asks for, for a system that fetches records.
func nightly() app.TokenDraft {
	return app.TokenDraft{ID: app.NewToken(), Name: "HR, nightly", Scopes: []app.Scope{app.ReadRecords}, Days: 90}
}

// make makes a token for an institution.
func (c *course) make(i app.InstitutionID, d app.TokenDraft) string {
	c.t.Helper()
	text, _, err := c.MakeToken(c.t.Context(), managerOf(i), d)
	require.NoError(c.t, err)
	return text
}

func TestATokenIsMadeForTheManagersInstitutionAndForWhatItMayRead(t *testing.T) {
	c := newCourse(t)
	text, made, err := c.MakeToken(t.Context(), managerOf("mercy"), nightly())
	require.NoError(t, err)
	assert.Regexp(t, `^first5_mercy_[A-Za-z0-9_-]{43}$`, text)
	assert.Equal(t, noon.AddDate(0, 0, 90), made.ExpiresAt)
	assert.True(t, app.LooksLikeToken("see "+text), "so that it can be kept out of addresses")

	access, err := c.AuthorizeToken(t.Context(), text, app.ReadRecords)
	require.NoError(t, err)
	assert.Equal(t, app.InstitutionID("mercy"), access.Institution.ID)
	_, err = c.AuthorizeToken(t.Context(), text, app.ReadLearners)
	assert.ErrorIs(t, err, app.ErrForbidden)
	_, err = c.peopleThrough(access)
	assert.ErrorIs(t, err, app.ErrForbidden, "whatever guards the address")
}

// peopleThrough asks for people with an access, wherever it came from.
func (c *course) peopleThrough(a app.Access) ([]app.Person, error) {
	people, _, err := c.LearnersThrough(c.t.Context(), a, app.PersonFilter{}, app.PersonCursor{}, 10)
	return people, err
}

func TestWhatIsNoTokenOrNoneAnyMoreOpensNothing(t *testing.T) {
	c := newCourse(t)
	text := c.make("mercy", nightly())
	secret := strings.TrimPrefix(text, "first5_mercy_")
	for name, wrong := range map[string]string{
		"nothing":                    "",
		"the secret alone":           secret,
		"another institution's name": "first5_harbor_" + secret,
		"nobody's":                   "first5_nowhere_" + secret,
		"another secret":             "first5_mercy_" + strings.Repeat("A", 43),
		"a part of it":               text[:len(text)-1],
		"more than it":               text + "A",
		"other letters":              strings.ToUpper(text),
	} {
		_, err := c.AuthorizeToken(t.Context(), wrong, app.ReadRecords)
		assert.ErrorIs(t, err, app.ErrSignedOut, name)
		assert.NotContains(t, err.Error(), secret, "errors go to the log")
	}
	c.time = noon.AddDate(0, 0, 90).Add(-time.Millisecond)
	_, err := c.AuthorizeToken(t.Context(), text, app.ReadRecords)
	assert.NoError(t, err, "until its last moment")
	c.time = c.time.Add(time.Millisecond)
	_, err = c.AuthorizeToken(t.Context(), text, app.ReadRecords)
	assert.ErrorIs(t, err, app.ErrSignedOut, "it has expired")
	listed, err := c.Tokens(t.Context(), managerOf("mercy"))
	require.NoError(t, err)
	require.Len(t, listed, 1, "its managers find it until they remove it")
	assert.True(t, listed[0].Expired)
}

func TestARevokedTokenIsGoneAtOnceAndElsewhereInTenSeconds(t *testing.T) {
	c := newCourse(t)
	other := &app.Training{Store: c.Store, Institutions: c.Institutions, Now: c.Now}
	d := nightly()
	text := c.make("mercy", d)
	_, err := other.AuthorizeToken(t.Context(), text, app.ReadRecords)
	require.NoError(t, err, "another replica knows it")
	require.ErrorIs(t, c.RevokeToken(t.Context(), managerOf("harbor"), d.ID), app.ErrNotFound)
	_, err = c.AuthorizeToken(t.Context(), text, app.ReadRecords)
	require.NoError(t, err, "nobody else's manager can revoke it")

	require.NoError(t, c.RevokeToken(t.Context(), managerOf("mercy"), d.ID))
	_, err = c.AuthorizeToken(t.Context(), text, app.ReadRecords)
	assert.ErrorIs(t, err, app.ErrSignedOut)
	c.time = c.time.Add(10 * time.Second)
	_, err = other.AuthorizeToken(t.Context(), text, app.ReadRecords)
	assert.ErrorIs(t, err, app.ErrSignedOut)
	assert.ErrorIs(t, c.RevokeToken(t.Context(), managerOf("mercy"), d.ID), app.ErrNotFound, "a second time")
}

func TestATokenThatAnotherReplicaHasMadeCountsAtOnce(t *testing.T) {
	c := newCourse(t)
	other := &app.Training{Store: c.Store, Institutions: c.Institutions, Now: c.Now}
	_, err := other.AuthorizeToken(t.Context(), c.make("mercy", nightly()), app.ReadRecords)
	require.NoError(t, err, "nothing was held")
	c.then()
	_, err = other.AuthorizeToken(t.Context(), c.make("mercy", nightly()), app.ReadRecords)
	require.NoError(t, err, "what was held did not know it")
	_, err = other.AuthorizeToken(t.Context(), "first5_mercy_"+strings.Repeat("A", 43), app.ReadRecords)
	require.ErrorIs(t, err, app.ErrSignedOut)
	_, err = other.AuthorizeToken(t.Context(), c.make("mercy", nightly()), app.ReadRecords)
	assert.ErrorIs(t, err, app.ErrSignedOut, "wrong ones lead to the database once a second at most")
}

func TestAFormThatIsSentTwiceMakesOneToken(t *testing.T) {
	c := newCourse(t)
	d := nightly()
	first := c.make("mercy", d)
	text, _, err := c.MakeToken(t.Context(), managerOf("mercy"), d)
	assert.ErrorIs(t, err, app.ErrConflict)
	assert.Empty(t, text)
	listed, err := c.Tokens(t.Context(), managerOf("mercy"))
	require.NoError(t, err)
	assert.Len(t, listed, 1)
	_, err = c.AuthorizeToken(t.Context(), first, app.ReadRecords)
	assert.NoError(t, err, "the one that was shown")
}

func TestATokenThatCanNotBeMadeSaysWhy(t *testing.T) {
	c := newCourse(t)
	for name, k := range map[string]struct {
		spoil func(*app.TokenDraft)
		want  app.TokenFault
	}{
		"no name":               {func(d *app.TokenDraft) { d.Name = " \t" }, app.TokenWithoutName},
		"a name nobody can see": {func(d *app.TokenDraft) { d.Name = "\u200b" }, app.TokenWithoutName},
		"a very long name":      {func(d *app.TokenDraft) { d.Name = strings.Repeat("é", 281) }, app.TokenNameTooLong},
		"nothing to read":       {func(d *app.TokenDraft) { d.Scopes = nil }, app.TokenWithoutScope},
		"nothing known to read": {func(d *app.TokenDraft) { d.Scopes = []app.Scope{"answers"} }, app.TokenWithoutScope},
		"for ever":              {func(d *app.TokenDraft) { d.Days = 0 }, app.TokenWithoutEnd},
		"for a hundred years":   {func(d *app.TokenDraft) { d.Days = 36500 }, app.TokenWithoutEnd},
		"an id of one's own":    {func(d *app.TokenDraft) { d.ID = "../../" }, app.TokenFormBroken},
	} {
		d := nightly()
		k.spoil(&d)
		_, _, err := c.MakeToken(t.Context(), managerOf("mercy"), d)
		assert.ErrorIs(t, err, app.ErrInvalid, name)
		assert.ErrorIs(t, err, k.want, name)
	}
	for range app.MostTokens {
		c.make("mercy", nightly())
	}
	_, _, err := c.MakeToken(t.Context(), managerOf("mercy"), nightly())
	assert.ErrorIs(t, err, app.TokensTooMany)
	c.make("harbor", nightly())
}

func TestTokensAreForManagersAlone(t *testing.T) {
	c := newCourse(t)
	for _, role := range []app.Role{"", app.Educator, app.Operator} {
		p := app.Person{Identity: app.Identity{Institution: "mercy", Roles: []app.Role{role}}}
		_, _, err := c.MakeToken(t.Context(), p, nightly())
		assert.ErrorIs(t, err, app.ErrForbidden)
		_, err = c.Tokens(t.Context(), p)
		assert.ErrorIs(t, err, app.ErrForbidden)
		assert.ErrorIs(t, c.RevokeToken(t.Context(), p, "any"), app.ErrForbidden)
	}
	c.make("mercy", nightly())
	theirs, err := c.Tokens(t.Context(), managerOf("harbor"))
	require.NoError(t, err)
	assert.Empty(t, theirs)
}

func TestTheTrailTellsOfTokensWithoutTheirNameOrText(t *testing.T) {
	c := newCourse(t)
	_, grace := c.signIn("mercy", "grace", app.Manager)
	c.then()
	d := nightly()
	d.Scopes = app.Scopes()
	text, _, err := c.MakeToken(t.Context(), grace, d)
	require.NoError(t, err)
	for range 3 {
		c.then()
		access, err := c.AuthorizeToken(t.Context(), text, app.ReadModules)
		require.NoError(t, err)
		require.NoError(t, c.NoteTokenUse(t.Context(), access))
	}
	other := &app.Training{Store: c.Store, Institutions: c.Institutions, Now: c.Now}
	access, err := other.AuthorizeToken(t.Context(), text, app.ReadModules)
	require.NoError(t, err)
	require.NoError(t, other.NoteTokenUse(t.Context(), access))
	c.time = c.time.AddDate(0, 0, 1)
	require.NoError(t, c.NoteTokenUse(t.Context(), access))
	c.then()
	require.NoError(t, c.RevokeToken(t.Context(), grace, d.ID))
	assert.Equal(t, []string{
		"token_made mercy grace map[expires:2026-06-02 scopes:records, learners, modules token:" + d.ID + "]",
		"token_used mercy  map[token:" + d.ID + "]",
		"token_used mercy  map[token:" + d.ID + "]",
		"token_revoked mercy grace map[expires:2026-06-02 scopes:records, learners, modules token:" + d.ID + "]",
	}, c.trail(managerOf("mercy"), app.EventFilter{})[2:], "its use once a day, on however many replicas")
}

func TestTwoInstitutionsTokensWithOneIdDoNotHideEachOther(t *testing.T) {
	c := newCourse(t)
	d := nightly()
	for _, i := range []app.InstitutionID{"mercy", "harbor"} {
		access, err := c.AuthorizeToken(t.Context(), c.make(i, d), app.ReadRecords)
		require.NoError(t, err)
		require.NoError(t, c.NoteTokenUse(t.Context(), access))
		assert.Len(t, c.trail(managerOf(i), app.EventFilter{Kind: app.TokenUsed}), 1, i)
	}
}

func TestNobodyFindsATokenInTheDatabase(t *testing.T) {
	folder := t.TempDir()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(folder, "first5.db"))
	require.NoError(t, err)
	c := newCourse(t)
	c.Store = store
	text := c.make("mercy", nightly())
	_, err = c.AuthorizeToken(t.Context(), text, app.ReadRecords)
	require.NoError(t, err)
	_, secret, _ := strings.Cut(strings.TrimPrefix(text, "first5_"), "_")
	whole := func() (all string) {
		files, err := os.ReadDir(folder)
		require.NoError(t, err)
		for _, f := range files {
			data, err := os.ReadFile(filepath.Join(folder, f.Name()))
			require.NoError(t, err)
			all += string(data)
		}
		return all
	}
	for _, when := range []string{"while it is open", "when it is closed"} {
		all := whole()
		assert.Contains(t, all, "HR, nightly", when)
		assert.NotContains(t, all, secret, when)
		require.NoError(t, store.Close())
	}
}
