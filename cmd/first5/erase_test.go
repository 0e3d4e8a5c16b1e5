package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/mongostore/mongotest"
)

// registry is a database with one person in it, from which another program serves.
type registry struct {
	t       *testing.T
	store   store
	config  string
	learner app.LearnerID
}

func newRegistry(t *testing.T, address string) *registry {
	t.Helper()
	d, err := readDatabase(address)
	require.NoError(t, err)
	s, err := d.open(t.Context(), opening{tell: func(string, string) {}})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	r := &registry{t: t, store: s, config: filepath.Join(t.TempDir(), "first5.yaml")}
	require.NoError(t, os.WriteFile(r.config, []byte("database: '"+address+"'"+oneInstitution+", client_secret_file: /nowhere}\n"), 0o600))
	c, err := readConfigFile(r.config, os.Getenv)
	require.NoError(t, err)
	i := c.institutions()[0]
	training := &app.Training{Store: s, Now: time.Now, Institutions: c.institutions(), SessionIdle: time.Hour, SessionLife: time.Hour}
	_, p, _, err := training.SignIn(t.Context(), app.Arrival{Identity: app.Identity{
		Institution: i.ID, Issuer: i.Issuer, Subject: "s-1", Name: "Noor Haddad", Email: "noor@mercy.example"}})
	require.NoError(t, err)
	r.learner = p.Learner
	record := app.Record{
		ID: app.NewRecordID(p.Learner, "greet", "2026"), Institution: i.ID, Learner: p.Learner, Program: "first", Module: "greet", Title: "Greet",
		Edition: "2026", Version: 1, StartedAt: p.SignedInAt, ActiveAt: p.SignedInAt, ChangedAt: p.SignedInAt,
	}
	_, err = s.Complete(t.Context(), record, app.Completion{Status: app.Waived, At: p.SignedInAt, Version: 1, Name: "Noor Haddad", Title: "Greet", Institution: "Mercy", Reason: "She teaches it."},
		app.Event{ID: "e-1", At: p.SignedInAt, Kind: app.ModuleWaived, Institution: i.ID})
	require.NoError(t, err)
	return r
}

// erase runs the command as an operator types it.
func (r *registry) erase(args ...string) (code int, out, errs string) {
	r.t.Helper()
	var o, e bytes.Buffer
	code = run(r.t.Context(), append([]string{"erase", "--config", r.config}, args...), terminal{out: &o, err: &e, getenv: func(string) string { return "" }})
	return code, o.String(), e.String()
}

func TestAnOperatorErasesSomebodyWhileAnotherProgramServes(t *testing.T) {
	for name, address := range map[string]func(*testing.T) string{
		"SQLite":  func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "first5.db") },
		"MongoDB": func(t *testing.T) string { return mongotest.Address(t) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRegistry(t, address(t))
			code, out, errs := r.erase("mercy", "s-1")
			assert.Equal(t, failed, code)
			assert.Contains(t, out, "Noor Haddad <noor@mercy.example>, account s-1 of mercy")
			assert.Regexp(t, `stays +records without a name, under the learner id `+string(r.learner)+`: 1, of them completed 1`, out)
			assert.Contains(t, out, "the last one until "+time.Now().UTC().AddDate(6, 0, 0).Format(time.DateOnly))
			assert.Contains(t, errs, "nobody is erased yet: ")
			p, err := r.store.Person(t.Context(), r.learner)
			require.NoError(t, err)
			assert.Equal(t, "Noor Haddad", p.Name)

			code, out, errs = r.erase("--yes", "mercy", "s-1")
			assert.Equal(t, done, code, errs)
			assert.Contains(t, out, "Erased. ")
			assert.Contains(t, out, "Backups that were made before still hold all of it")
			p, err = r.store.Person(t.Context(), r.learner)
			require.NoError(t, err)
			assert.Empty(t, p.Name+p.Subject+p.Email)
			assert.NotZero(t, p.ErasedAt)
			sessions, err := r.store.Sessions(t.Context(), r.learner)
			require.NoError(t, err)
			assert.Empty(t, sessions)
			told, err := r.store.Events(t.Context(), app.EventFilter{Kind: app.PersonErased}, app.EventCursor{}, 9)
			require.NoError(t, err)
			require.Len(t, told, 1)
			assert.Equal(t, app.Details{"why": "asked for"}, told[0].Details)

			code, out, errs = r.erase("--yes", "--learner", string(r.learner))
			assert.Equal(t, done, code, errs)
			assert.Contains(t, out, "was erased on "+time.Now().UTC().Format(time.DateOnly)+": there is nothing left to erase.")
		})
	}
}

func TestEraseSaysWhatIsWrongInOneSentence(t *testing.T) {
	r := newRegistry(t, "sqlite:"+filepath.Join(t.TempDir(), "first5.db"))
	for _, some := range []struct {
		args string
		code int
		says string
	}{
		{"", wrongUsage, "name the institution and the account there, or a learner id with --learner; "},
		{"mercy", wrongUsage, "name the institution and the account there"},
		{"mercy s-1 --yes", wrongUsage, "options come before everything else: write --yes first; "},
		{"--learner abc mercy", wrongUsage, `"mercy" is one name too many: `},
		{"harbor s-1", failed, `there is no institution "harbor" in the configuration: `},
		{"--yes mercy s-2", failed, `nobody has signed in with the account "s-2" at https://`},
		{"--yes --learner abc", failed, `nobody has signed in with the learner id "abc": `},
	} {
		code, _, errs := r.erase(strings.Fields(some.args)...)
		assert.Equal(t, some.code, code, some.args)
		assert.Contains(t, errs, "first5 erase: "+some.says, some.args)
		assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
	}
	require.NoError(t, os.WriteFile(r.config, []byte("database: 'sqlite:"+filepath.Join(t.TempDir(), "typo.db")+"'"+oneInstitution+"}\n"), 0o600))
	code, _, errs := r.erase("mercy", "s-1")
	assert.Equal(t, failed, code)
	assert.Contains(t, errs, "there is no database sqlite:", "and none is made")
}

func TestAnInstitutionSaysForHowLongPeopleAreKept(t *testing.T) {
	c, err := configured(t, oneInstitution+", retention_months: 36}\n")
	require.NoError(t, err)
	assert.Equal(t, 36, c.institutions()[0].RetentionMonths)
	assert.Equal(t, "36", c.audited()["mercy"]["retention_months"])
	c, err = configured(t, oneInstitution+"}\n")
	require.NoError(t, err)
	assert.Zero(t, c.institutions()[0].RetentionMonths, "for ever")
	assert.NotContains(t, c.audited()["mercy"], "retention_months")
	for _, wrong := range []string{"0", "-1", "2.5", "1201", "99999999999999999999", "three", "[3]", "3 years"} {
		_, err = configured(t, oneInstitution+", retention_months: "+wrong+"}\n")
		assert.ErrorContains(t, err, "retention_months should be a whole number of months from 1 to 1200, like 36: ", wrong)
	}
}
