package sqlitestore

import (
	"context"
	"database/sql"
	"strings"

	"first5/app"
)

// peopleNamedSQL asks two indexes, since SQLite reads the whole list for one
// condition with an OR. An empty name is nobody's.
const peopleNamedSQL = `SELECT json_array(learner, ` + personColumns + `) FROM people
	WHERE learner IN (
		SELECT learner FROM people INDEXED BY people_by_email
			WHERE institution = ?1 AND erased_at IS NULL AND email_key IN (SELECT value FROM json_each(?2) WHERE value <> '')
		UNION SELECT learner FROM people INDEXED BY people_by_subject
			WHERE institution = ?1 AND erased_at IS NULL AND subject IN (SELECT value FROM json_each(?3) WHERE value <> ''))
	ORDER BY name_key, learner`

// notBegunSQL is how many people have not begun an edition, where every record is of
// the institution that its learner is of: who has not left has one record of an
// edition, or none.
const notBegunSQL = `(SELECT coalesce(max(people), 0) FROM heads WHERE institution = ?)
	- (SELECT coalesce(sum(records), 0) FROM tallies WHERE institution = ? AND module = ? AND edition = ? AND former = 0)`

// present returns what a query asks of the people whom the filter chooses.
func present(institution app.InstitutionID, f app.PersonFilter) conditions {
	var c conditions
	c.and("p.institution = ?", string(institution))
	c.and("p.erased_at IS NULL")
	if f.Query != "" {
		c.and("instr(p.folded, ?) > 0", fold(f.Query))
	}
	if f.NotBegun != (app.EditionRef{}) {
		c.and("NOT EXISTS (SELECT 1 FROM records r INDEXED BY records_by_learner"+
			" WHERE r.learner = p.learner AND r.module = ? AND r.edition = ? AND r.institution = p.institution)", f.NotBegun.Module, f.NotBegun.Edition)
	}
	return c
}

// peoplePage returns the query of a part of the people, and its arguments.
func peoplePage(institution app.InstitutionID, f app.PersonFilter, after app.PersonCursor, limit int) (query string, args []any) {
	c := present(institution, f)
	if after != (app.PersonCursor{}) {
		c.and("(p.name_key, p.learner) > (?, ?)", after.Key, string(after.Learner))
	}
	return "SELECT json_array(learner, " + personColumns + ") FROM people p INDEXED BY people_by_name" +
		" WHERE " + strings.Join(c.where, " AND ") + " ORDER BY p.name_key, p.learner LIMIT ?", append(c.args, limit)
}

// countPeople returns the query of how many people there are, and its arguments.
func countPeople(institution app.InstitutionID, f app.PersonFilter) (query string, args []any) {
	if f == (app.PersonFilter{}) {
		return "SELECT coalesce(max(people), 0) FROM heads WHERE institution = ?", []any{string(institution)}
	}
	c := present(institution, f)
	query = "SELECT count(*) FROM people p INDEXED BY people_by_name WHERE " + strings.Join(c.where, " AND ")
	if f.Query != "" {
		return query, c.args
	}
	return "SELECT CASE WHEN EXISTS (SELECT 1 FROM people INDEXED BY people_moved WHERE moved = 1) THEN (" + query + ")" +
			" ELSE " + notBegunSQL + " END",
		append(c.args, string(institution), string(institution), f.NotBegun.Module, f.NotBegun.Edition)
}

// People implements [app.Store].
func (s *Store) People(ctx context.Context, institution app.InstitutionID, f app.PersonFilter, after app.PersonCursor, limit int) ([]app.Person, error) {
	query, args := peoplePage(institution, f, after, limit)
	return s.listPeople(ctx, "listing people", query, args...)
}

// PeopleNamed implements [app.Store].
func (s *Store) PeopleNamed(ctx context.Context, institution app.InstitutionID, names []string) ([]app.Person, error) {
	const doing = "looking people up"
	addresses := []string{}
	for _, name := range names {
		addresses = append(addresses, fold(name))
	}
	folded, err := toJSON(addresses)
	if err != nil {
		return nil, failed(doing, err)
	}
	plain, err := toJSON(append([]string{}, names...))
	if err != nil {
		return nil, failed(doing, err)
	}
	return s.listPeople(ctx, doing, peopleNamedSQL, string(institution), folded, plain)
}

func (s *Store) listPeople(ctx context.Context, doing, query string, args ...any) ([]app.Person, error) {
	err := s.begin(doing)
	if err != nil {
		return nil, err
	}
	defer s.end()
	rows, err := s.lists.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, failed(doing, err)
	}
	var people []app.Person
	err = each(rows, func(rows *sql.Rows) error {
		p, err := scanPerson(rows)
		people = append(people, p)
		return err
	})
	if err != nil {
		return nil, failed(doing, err)
	}
	return people, nil
}

// CountPeople implements [app.Store].
func (s *Store) CountPeople(ctx context.Context, institution app.InstitutionID, f app.PersonFilter) (int, error) {
	const doing = "counting people"
	err := s.begin(doing)
	if err != nil {
		return 0, err
	}
	defer s.end()
	query, args := countPeople(institution, f)
	var n int
	err = s.lists.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, failed(doing, err)
}
