package sqlitestore

import (
	"math"
	"time"

	"first5/app"
)

// keyOf returns the column of an order's key, and the index that has it.
func keyOf(by app.OrderKey) (column, index string) {
	switch by {
	case app.OrderCompletion:
		return "r.done_at", "records_by_completion"
	case app.OrderName:
		return "r.name_key", "records_by_name"
	case app.OrderScore:
		return "r.score_key", "records_by_score"
	case app.OrderChange:
		return "r.changed_at", "records_by_change"
	}
	return "r.active_at", "records_by_activity"
}

// keyAfter returns the cursor's key in an order: a whole number, or a text.
func keyAfter(by app.OrderKey, after app.Cursor) any {
	switch by {
	case app.OrderName:
		return after.Text
	case app.OrderScore:
		return int64(after.Number)
	}
	return after.At.UnixMilli()
}

// bound is between what a filter wants a key of an order: from <= key < below.
type bound struct {
	by          app.OrderKey
	from, below int64
}

func (b bound) column() string {
	column, _ := keyOf(b.by)
	return column
}

// ask asks for the bound, as far as there is one.
func (b bound) ask(c *conditions) {
	if b.from != math.MinInt64 {
		c.and(b.column()+" >= ?", b.from)
	}
	if b.below != math.MaxInt64 {
		c.and(b.column()+" < ?", b.below)
	}
}

// boundsOf returns the bounds that the filter sets, the narrowest first as far as
// one can tell.
func boundsOf(f app.Filter) []bound {
	var bounds []bound
	dates := bound{app.OrderActivity, math.MinInt64, math.MaxInt64}
	if f.Dates == app.ByCompletion {
		dates.by, dates.from = app.OrderCompletion, time.Time{}.UnixMilli()+1 // later than none
	}
	if !f.From.IsZero() {
		dates.from = f.From.UnixMilli()
	}
	if !f.To.IsZero() {
		dates.below = f.To.UnixMilli()
	}
	if dates.from != math.MinInt64 || dates.below != math.MaxInt64 {
		bounds = append(bounds, dates)
	}
	if f.ScoreFrom != 0 || f.ScoreBelow != 0 {
		score := bound{app.OrderScore, int64(max(f.ScoreFrom, 0)), math.MaxInt64} // more than none
		if f.ScoreBelow != 0 {
			score.below = int64(f.ScoreBelow)
		}
		bounds = append(bounds, score)
	}
	if !f.ChangedBefore.IsZero() {
		bounds = append(bounds, bound{app.OrderChange, math.MinInt64, f.ChangedBefore.UnixMilli()})
	}
	return bounds
}
