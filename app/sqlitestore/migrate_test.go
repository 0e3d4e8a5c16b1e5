package sqlitestore

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// newDatabase returns a connection to an empty database.
func newDatabase(t *testing.T) *sql.Conn {
	t.Helper()
	db, err := sql.Open("sqlite", writerDSN(filepath.Join(t.TempDir(), "first5.db")))
	require.NoError(t, err)
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, conn.Close())
		require.NoError(t, db.Close())
	})
	return conn
}

func script(sql string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(sql)} }

// tables returns the names of the tables that there are.
func tables(t *testing.T, conn *sql.Conn) []string {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
	require.NoError(t, err)
	names := []string{}
	require.NoError(t, each(rows, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	}))
	return names
}

func TestMigrationsAreAppliedInOrderAndOnce(t *testing.T) {
	conn := newDatabase(t)
	files := fstest.MapFS{
		"migrations/0001_start.sql": script("CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1)"),
		"migrations/0002_more.sql":  script("UPDATE a SET n = n + 1; CREATE TABLE b (n INTEGER)"),
	}
	for range 2 {
		require.NoError(t, migrate(t.Context(), conn, files))
		var n int
		require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT n FROM a").Scan(&n))
		assert.Equal(t, 2, n)
		assert.Equal(t, []string{"a", "b"}, tables(t, conn))
	}
	files["migrations/0003_later.sql"] = script("CREATE TABLE c (n INTEGER)")
	require.NoError(t, migrate(t.Context(), conn, files))
	assert.Equal(t, []string{"a", "b", "c"}, tables(t, conn))
}

func TestAMigrationThatFailsChangesNothing(t *testing.T) {
	conn := newDatabase(t)
	files := fstest.MapFS{
		"migrations/0001_start.sql": script("CREATE TABLE a (n INTEGER)"),
		"migrations/0002_more.sql":  script("CREATE TABLE b (n INTEGER); CREATE TABLE a (n INTEGER)"),
	}
	err := migrate(t.Context(), conn, files)
	require.ErrorContains(t, err, "migration migrations/0002_more.sql: ")
	assert.Equal(t, []string{"a"}, tables(t, conn))

	files["migrations/0002_more.sql"] = script("CREATE TABLE b (n INTEGER)")
	require.NoError(t, migrate(t.Context(), conn, files), "mended, it goes on from there")
	assert.Equal(t, []string{"a", "b"}, tables(t, conn))
}

func TestMigrationsAreNumberedWithoutAGap(t *testing.T) {
	for name, says := range map[string]string{
		"migrations/0002_start.sql": "should be number 1",
		"migrations/start.sql":      "has no number",
	} {
		err := migrate(t.Context(), newDatabase(t), fstest.MapFS{name: script("CREATE TABLE a (n INTEGER)")})
		assert.ErrorContains(t, err, says)
	}
}

func TestTheMigrationsOfTheProgramAreSound(t *testing.T) {
	conn := newDatabase(t)
	require.NoError(t, migrate(t.Context(), conn, migrations))
	assert.Equal(t, []string{"attempts", "events", "files", "heads", "offices", "once", "people", "publications", "records", "sessions", "tallies", "unfinished", "versions", "workbooks"}, tables(t, conn))
}

func TestASchemaThatIsCheckedIsTheProgramsOwn(t *testing.T) {
	conn := newDatabase(t)
	files := fstest.MapFS{"migrations/0001_start.sql": script("CREATE TABLE a (n INTEGER)")}
	require.NoError(t, migrate(t.Context(), conn, files))
	require.NoError(t, checkSchema(t.Context(), conn, files))

	files["migrations/0002_more.sql"] = script("CREATE TABLE b (n INTEGER)")
	err := checkSchema(t.Context(), conn, files)
	assert.EqualError(t, err, "the first5 that has it open is older (its schema is number 1, this program's is 2): stop that one, or use the same one")
	assert.Equal(t, []string{"a"}, tables(t, conn), "and nothing was changed")
	assert.ErrorContains(t, checkSchema(t.Context(), conn, fstest.MapFS{}), "it was made by a newer first5")
}

// oldSchema makes a database as a release left it that knew so many migrations,
// and runs a script in it.
func oldSchema(t *testing.T, known int, fill string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "first5.db")
	db, err := sql.Open("sqlite", writerDSN(path))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	names, err := fs.Glob(migrations, "migrations/*.sql")
	require.NoError(t, err)
	files := fstest.MapFS{}
	for _, name := range names[:known] {
		text, err := migrations.ReadFile(name)
		require.NoError(t, err)
		files[name] = script(string(text))
	}
	require.NoError(t, migrate(t.Context(), conn, files))
	_, err = conn.ExecContext(t.Context(), fill)
	require.NoError(t, err)
	return path
}

// firstSchema makes a database as the first release left it, with one learner
// who is signed in and has a record.
func firstSchema(t *testing.T) (path string) {
	t.Helper()
	return oldSchema(t, 1, `
		INSERT INTO people VALUES ('rivera', 'mercy-lakes', 'https://login.example', 's-1', 'Dr. Rivera', '', '', '["manager"]', 1000, 'dr. rivera');
		INSERT INTO sessions VALUES ('phone', 'rivera', 1000, 2000), ('desk', 'rivera', 1000, 3000);
		INSERT INTO records (id, institution, learner, program, module, title, edition, version, attempts, started_at, active_at, status)
			VALUES ('record', 'mercy-lakes', 'rivera', 'p', 'm', 'Names first', '2026', 1, 0, 1000, 1000, 'in_progress')`)
}

func TestADatabaseOfTheFirstSchemaGoesOn(t *testing.T) {
	s, err := Open(t.Context(), firstSchema(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	phone := app.Session{Hash: "phone", Learner: "rivera", CreatedAt: time.UnixMilli(1000).UTC(), SeenAt: time.UnixMilli(2000).UTC()}
	desk := phone
	desk.Hash, desk.SeenAt = "desk", time.UnixMilli(3000).UTC()
	session, p, err := s.Session(t.Context(), "phone")
	require.NoError(t, err)
	assert.Equal(t, phone, session, "who was signed in still is")
	assert.Equal(t, "Dr. Rivera", p.Name)
	all, err := s.Sessions(t.Context(), "rivera")
	require.NoError(t, err)
	assert.Equal(t, []app.Session{desk, phone}, all)
	r, err := s.Record(t.Context(), "record")
	require.NoError(t, err)
	assert.Equal(t, "Names first", r.Title)

	fresh := app.Session{Hash: "new", Learner: "rivera", Provider: "provider's", LogoutHint: "hint"}
	err = s.SignIn(t.Context(), p, fresh, func(before app.Person) []app.Event {
		assert.Equal(t, p, before)
		return nil
	})
	require.NoError(t, err)
	require.NoError(t, s.AddEvent(t.Context(), app.Event{ID: "first", Learner: "rivera"}))
	events, err := s.Events(t.Context(), app.EventFilter{}, app.EventCursor{}, 1)
	require.NoError(t, err)
	require.Len(t, events, 1)
	assert.Equal(t, "Dr. Rivera", events[0].Name)
	ended, err := s.EndSessions(t.Context(), app.SessionFilter{Learner: "rivera"}, app.Once{}, nil)
	require.NoError(t, err)
	assert.Len(t, ended, 3)
}

// fourthSchema makes a database as the last release left it that kept no changes:
// of somebody with a name, of somebody without one, and of somebody who went from
// one institution to another.
func fourthSchema(t *testing.T) (path string) {
	t.Helper()
	return oldSchema(t, 4, `
		INSERT INTO people VALUES
			('rivera', 'mercy', 'https://login.example', 's-1', 'Émile Rivera', 'É.Rivera@Mercy.example', '', 'null', 1000, 'émile rivera'),
			('nobody', 'mercy', 'https://login.example', 'S-2', '', '', '', 'null', 2000, 's-2'),
			('gone', 'prairie', 'https://login.example', 's-3', 'Gone', '', '', 'null', 3000, 'gone');
		INSERT INTO records (id, institution, learner, program, module, title, edition, version, attempts, started_at, active_at, status,
				score, completed_at, completed_score, certificate, completed_name, completed_institution, withdrawn_at, withdrawn_reason) VALUES
			('begun', 'mercy', 'rivera', 'p', 'm', 'T', '2026', 1, 0, 1000, 5000, 'in_progress', NULL, NULL, NULL, '', '', '', NULL, ''),
			('passed', 'mercy', 'rivera', 'p', 'n', 'T', '2026', 1, 1, 1000, 4000, 'passed', 80, 7000, 80, 'c-1', 'E. Rivera', 'Mercy', NULL, ''),
			('nameless', 'mercy', 'nobody', 'p', 'n', 'T', '2026', 1, 1, 1000, 6000, 'passed', 0, 6000, 0, 'c-2', 'Ñandú', 'Mercy', 9000, 'why'),
			('read', 'mercy', 'nobody', 'p', 'm', 'T', '2026', 1, 1, 1000, 1000, 'read', NULL, -5000, NULL, 'c-3', '', 'Mercy', NULL, ''),
			('gone', 'mercy', 'gone', 'p', 'm', 'T', '2026', 1, 0, 1000, 2000, 'in_progress', NULL, NULL, NULL, '', '', '', NULL, '')`)
}

func TestADatabaseWithoutOrdersAndTalliesGetsThem(t *testing.T) {
	s, err := Open(t.Context(), fourthSchema(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	for o, want := range map[app.Order][]app.RecordID{
		{By: app.OrderActivity, Up: true}:   {"read", "gone", "passed", "begun", "nameless"},
		{By: app.OrderChange, Up: true}:     {"read", "gone", "begun", "passed", "nameless"},
		{By: app.OrderCompletion, Up: true}: {"begun", "gone", "read", "nameless", "passed"},
		{By: app.OrderScore, Up: true}:      {"begun", "gone", "read", "nameless", "passed"},
		{By: app.OrderName, Up: true}:       {"begun", "passed", "gone", "nameless", "read"},
	} {
		records, err := s.Records(t.Context(), "mercy", app.Filter{}, o, app.Cursor{}, 10)
		require.NoError(t, err)
		var got []app.RecordID
		for i, r := range records {
			got = append(got, r.ID)
			rest, err := s.Records(t.Context(), "mercy", app.Filter{}, o, o.After(r), 10)
			require.NoError(t, err)
			assert.Len(t, rest, len(records)-1-i, "%+v after %s", o, r.ID)
			assert.Equal(t, r.ID == "gone", r.Former, "who is at another institution now has left this one")
		}
		assert.Equal(t, want, got, "%+v", o)
	}
	counts, err := s.Counts(t.Context(), "mercy")
	require.NoError(t, err)
	week := app.WeekOf(time.UnixMilli(0))
	assert.Equal(t, app.Counts{People: 2, Records: []app.Tally{
		{Program: "p", Module: "m", Edition: "2026", Status: app.InProgress, Records: 1},
		{Program: "p", Module: "m", Edition: "2026", Status: app.InProgress, Former: true, Records: 1},
		{Program: "p", Module: "m", Edition: "2026", Status: app.Read, Week: week, Records: 1},
		{Program: "p", Module: "n", Edition: "2026", Status: app.Passed, Week: week, Records: 2},
	}}, counts)
	for query, want := range map[string]int{"émile": 2, "s-2": 2, "gone": 1, "ñandú": 0} {
		n, err := s.CountRecords(t.Context(), "mercy", app.Filter{Query: query})
		require.NoError(t, err)
		assert.Equal(t, want, n, query)
	}
	named, err := s.PeopleNamed(t.Context(), "mercy", []string{"é.rivera@mercy.example", "S-2", "s-3"})
	require.NoError(t, err)
	require.Len(t, named, 2)
	assert.Equal(t, "Émile Rivera", named[0].Name)
}
