package sqlitestore

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"first5/app"
)

// mostNamed is how many learners a search may find whose records are then looked
// at one learner after the other. Of more than that every page has some, and the
// records are looked at in their order.
const mostNamed = 300

// foundSQL returns the learners who may have records that a search finds. Nobody
// is in it twice: who is called so and has not left, those whose records may be of
// another institution than they are, and who is called so by a completion alone.
// ?1 is the institution, ?2 what is searched for. All records of who is called so are
// found; else those alone whose completion is.
const foundSQL = `SELECT learner, 1 AS called FROM people INDEXED BY people_by_name
		WHERE institution = ?1 AND erased_at IS NULL AND instr(folded, ?2) > 0
	UNION ALL SELECT learner, 1 FROM people INDEXED BY people_moved
		WHERE moved = 1 AND institution <> ?1 AND instr(folded, ?2) > 0
	UNION ALL SELECT DISTINCT learner, 0 FROM records INDEXED BY records_kept_names
		WHERE institution = ?1 AND folded <> '' AND instr(folded, ?2) > 0`

// whose returns the listing of all that the filter says, and finds out whose
// records it is about where these are few.
func (s *Store) whose(ctx context.Context, from *sql.DB, institution app.InstitutionID, f app.Filter) (*listing, error) {
	l := choose(institution, f)
	some, err := anyAlike(ctx, from, institution, f)
	if err != nil || !some {
		l.empty = true
		return l, err
	}
	switch {
	case f.Learner != "":
		err = l.of([]string{string(f.Learner)})
		if err == nil && f.Query != "" {
			l.called(f.Query)
		}
		return l, err
	case f.Query == "":
		return l, nil
	}
	learners, err := found(ctx, from, institution, f.Query)
	if err != nil {
		return nil, err
	}
	if len(learners) > mostNamed {
		l.called(f.Query)
		return l, nil
	}
	l.called(f.Query)
	return l, l.of(learners)
}

// of has the listing be of these learners' records alone.
func (l *listing) of(learners []string) error {
	text, err := toJSON(append([]string{}, learners...))
	l.learners = &text
	return err
}

// called asks for the records of who is called so, or, of who was erased, for those
// by whose completion they are. A person or a record that is not found so has
// nothing in that column.
func (l *listing) called(query string) {
	l.named = true
	l.and("(instr(p.folded, ?) > 0 OR instr(r.folded, ?) > 0)", fold(query), fold(query))
}

// found returns the learners of [foundSQL], or more than mostNamed of them.
func found(ctx context.Context, from *sql.DB, institution app.InstitutionID, query string) ([]string, error) {
	rows, err := from.QueryContext(ctx, "SELECT learner FROM ("+foundSQL+") LIMIT ?3", string(institution), fold(query), mostNamed+1)
	if err != nil {
		return nil, err
	}
	var learners []string
	err = each(rows, func(rows *sql.Rows) error {
		var learner string
		err := rows.Scan(&learner)
		learners = append(learners, learner)
		return err
	})
	return slices.Clip(learners), err
}

// countNamed returns the query of how many records a search of many finds, which
// nothing else bounds, and its arguments. It goes through the people, of whom there
// are fewer than records.
func countNamed(institution app.InstitutionID, f app.Filter) (query string, args []any) {
	c := conditions{args: []any{string(institution), fold(f.Query)}}
	c.and("r.institution = ?1")
	c.and("(l.called OR instr(r.folded, ?2) > 0)")
	c.alike(f)
	query = "SELECT count(*) FROM (" + foundSQL + ") l" +
		" CROSS JOIN records r INDEXED BY records_by_learner ON r.learner = l.learner" +
		" WHERE " + strings.Join(c.where, " AND ")
	return query, c.args
}
