package sqlitestore

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"first5/app"
)

// anyAlike says whether there is any record with what the filter asks that records
// have in common. Whoever looks for what there is none of would look through all.
func anyAlike(ctx context.Context, from *sql.DB, institution app.InstitutionID, f app.Filter) (bool, error) {
	var c conditions
	c.and("r.institution = ?", string(institution))
	c.alike(f)
	var some bool
	err := from.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM tallies r WHERE "+strings.Join(c.where, " AND ")+")", c.args...).Scan(&some)
	return some, err
}

// tallied returns the query of how many records the filter chooses if tallies
// know that, and its arguments: if it asks for nothing but what records have in
// common, and for whole weeks of completions.
func tallied(institution app.InstitutionID, f app.Filter) (query string, args []any, known bool) {
	if f.Query != "" || f.Learner != "" || f.ScoreFrom != 0 || f.ScoreBelow != 0 || !f.ChangedBefore.IsZero() {
		return "", nil, false
	}
	var c conditions
	c.and("r.institution = ?", string(institution))
	c.alike(f)
	for _, end := range []struct {
		at time.Time
		is string
	}{{f.From, "r.week >= ?"}, {f.To, "r.week < ?"}} {
		if end.at.IsZero() {
			continue
		}
		if f.Dates != app.ByCompletion || !app.WeekOf(end.at).Equal(end.at) {
			return "", nil, false
		}
		c.and(end.is, end.at.UnixMilli())
	}
	if f.Dates == app.ByCompletion {
		c.and("r.week <> 0") // while in progress
	}
	return "SELECT coalesce(sum(r.records), 0) FROM tallies r WHERE " + strings.Join(c.where, " AND "), c.args, true
}
