package web_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/web"
)

// weeks returns a glance's weeks with so many completions.
func weeks(counts ...int) []app.WeekGlance {
	var all []app.WeekGlance
	for i, n := range counts {
		all = append(all, app.WeekGlance{Begins: app.WeekOf(noon).AddDate(0, 0, 7*(i+1-len(counts))), Completed: app.Number{Count: n}})
	}
	return all
}

func TestTheTallestBarIsThatOfTheBestWeekAndFitsItsChart(t *testing.T) {
	chart := web.NewTrend(weeks(0, 5, 31, 12))
	assert.Equal(t, 40, chart.Top)
	assert.Equal(t, 20, chart.Half())
	assert.Equal(t, 31, chart.Highest())
	assert.Equal(t, 48, chart.Total())
	require.Len(t, chart.Bars, 4)
	for i, bar := range chart.Bars {
		assert.InDelta(t, 100*float64(bar.Count)/40, bar.Height, .001, "as high as its number")
		assert.InDelta(t, 100, bar.Y+bar.Height, .001, "on the ground")
		assert.GreaterOrEqual(t, bar.X, 25*float64(i))
		assert.LessOrEqual(t, bar.X+bar.Width, 25*float64(i+1), "beside the next one")
		assert.Equal(t, i == 2, bar.Labelled)
		assert.Equal(t, i == 3, bar.Now, "the last week has not ended")
	}
}

func TestAChartOfNothingHasItsLinesAllTheSame(t *testing.T) {
	for _, chart := range []web.Trend{web.NewTrend(nil), web.NewTrend(weeks(0, 0, 0))} {
		assert.Equal(t, 2, chart.Top)
		assert.Zero(t, chart.Total())
		for _, bar := range chart.Bars {
			assert.Zero(t, bar.Height)
			assert.False(t, bar.Labelled)
		}
	}
	assert.Empty(t, web.NewTrend(weeks(1, 2)).LastWeeks(), "there is no week before the last one")
}

func TestTheLinesOfAChartStandForWholeNumbers(t *testing.T) {
	for highest := range 3000 {
		top := web.NewTrend(weeks(highest)).Top
		require.GreaterOrEqual(t, top, highest)
		require.Zero(t, top%2, "so is the half of %d", top)
		require.LessOrEqual(t, top, max(2, 2*highest), "no more than half of the chart is empty")
	}
}

func TestABarIsAllPeople(t *testing.T) {
	stack := web.NewStack(app.EditionGlance{Completed: app.Number{Count: 1}, InProgress: app.Number{Count: 1}, NotBegun: app.PeopleNumber{Count: 2}})
	assert.Equal(t, web.Stack{Completed: 25, InProgress: 25}, stack)
	assert.InDelta(t, 50, stack.Shown(), 0)
	assert.Equal(t, web.Stack{}, web.NewStack(app.EditionGlance{}), "where nobody is there yet")
}

func TestTheHeadlineNamesWhatMostAndFewestHaveCompleted(t *testing.T) {
	page := func(counts ...int) string {
		g := &app.Glance{People: app.PeopleNumber{Count: 10}, Total: 1, Programs: []app.ProgramGlance{{Program: course().Program}}, Weeks: weeks(0, 0, 0)}
		for i, n := range counts {
			of := app.EditionGlance{Title: "Module " + string(rune('A'+i)), Completed: app.Number{Count: n}}
			g.Programs[0].Modules = append(g.Programs[0].Modules, of)
		}
		return render(t, web.RecordsPage{Frame: frame, Glance: g})
	}
	three := page(3, 7, 1)
	assert.Contains(t, three, `>7</a> of <a href="/records/people">10</a> people have completed “Module B”.`)
	assert.Contains(t, three, `“Module C” has been completed by the fewest: <a href="/records">1</a>.`)
	assert.Contains(t, page(1), `>1</a> of <a href="/records/people">10</a> people has completed “Module A”.`)
	assert.NotContains(t, page(2, 2), "by the fewest", "where all are alike")
}

func TestAColumnIsSortedTheOtherWayRoundByASecondClick(t *testing.T) {
	p := web.RecordsPage{Filter: app.Filter{Status: app.Passed}}
	assert.Equal(t, "/records?sort=name&status=passed&up=1#page_list", p.SortBy(app.OrderName).Address, "names begin at A")
	assert.Equal(t, "/records?sort=score&status=passed#page_list", p.SortBy(app.OrderScore).Address, "and scores at the highest")
	assert.Equal(t, "descending", p.SortBy(app.OrderActivity).Sorted)
	assert.Equal(t, "/records?status=passed&up=1#page_list", p.SortBy(app.OrderActivity).Address)
	p.Order = app.Order{By: app.OrderName, Up: true}
	assert.Equal(t, "ascending", p.SortBy(app.OrderName).Sorted)
	assert.Equal(t, "/records?sort=name&status=passed#page_list", p.SortBy(app.OrderName).Address)
	assert.Empty(t, p.SortBy(app.OrderActivity).Sorted)
}

func TestTheChartIsToldToThoseWhoDoNotSeeIt(t *testing.T) {
	page := render(t, pages()["records"])
	assert.Contains(t, page, `role="img" aria-labelledby="page_trend_title page_trend_text"`)
	assert.Contains(t, page, "The highest week has 4, and all of them together have 50.")
	assert.Equal(t, 26, strings.Count(page, `<tr><th scope="row">`), "each week is a row of the table")
}

func TestTheFormOpensWhatIsSetInIt(t *testing.T) {
	for _, closed := range []web.TypedFilter{{}, {Q: "a", Status: "passed"}, {Learner: "l1"}} {
		assert.False(t, web.RecordsPage{Typed: closed}.More(), closed)
	}
	for _, open := range []web.TypedFilter{{Module: "m"}, {From: "2026-01-01"}, {ScoreTo: "x"}, {People: "present"}} {
		assert.True(t, web.RecordsPage{Typed: open}.More(), open)
	}
}
