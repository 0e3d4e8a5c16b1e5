package web

import (
	"fmt"
	"time"

	"first5/app"
)

// Bar is a bar of a chart, in percent of the chart's width and height from its top
// left corner. A chart measured so fits every screen with its letters as large as
// those around it.
type Bar struct {
	X, Y, Width, Height float64
	Now                 bool // its week has not ended
	Words               Message
	Count               int
	Labelled            bool // its count stands over it
	LabelX              float64
}

// Percent writes a part of a chart as SVG takes it.
func (Bar) Percent(part float64) string { return fmt.Sprintf("%.2f%%", part) }

// Trend is a chart of how many records were completed in each of some weeks.
type Trend struct {
	Weeks  []app.WeekGlance // the oldest first
	Top    int              // what the upper line stands for; an even number
	Bars   []Bar
	Months []Month
}

// Month is where one begins below a chart.
type Month struct {
	X     float64
	Words Message
	Minor bool // it has no room on a phone
}

// Percent writes a part of a chart as SVG takes it.
func (Month) Percent(part float64) string { return fmt.Sprintf("%.2f%%", part) }

// NewTrend returns the chart of some weeks, of which the last has not ended.
func NewTrend(weeks []app.WeekGlance) Trend {
	t := Trend{Weeks: weeks, Top: 2}
	highest := 0
	for i, w := range weeks {
		if w.Completed.Count > weeks[highest].Completed.Count {
			highest = i
		}
	}
	if len(weeks) > 0 {
		t.Top = roundTop(weeks[highest].Completed.Count)
	}
	step := 100 / float64(max(1, len(weeks)))
	for i, w := range weeks {
		height := 100 * float64(w.Completed.Count) / float64(t.Top)
		t.Bars = append(t.Bars, Bar{
			X: (float64(i) + .14) * step, Y: 100 - height, Width: .72 * step, Height: height, LabelX: (float64(i) + .5) * step,
			Now: i == len(weeks)-1, Count: w.Completed.Count,
			Words:    T("Week of %s: %d", dayOf(w.Begins), w.Completed.Count),
			Labelled: i == highest && w.Completed.Count > 0,
		})
		if i > 0 && w.Begins.Month() != weeks[i-1].Begins.Month() && i < len(weeks)-1 {
			t.Months = append(t.Months, Month{X: (float64(i) + .14) * step, Words: shortMonth(w.Begins.Month()), Minor: len(t.Months)%2 == 1})
		}
	}
	return t
}

// Highest is how many were completed in the week that has most.
func (t Trend) Highest() int {
	n := 0
	for _, w := range t.Weeks {
		n = max(n, w.Completed.Count)
	}
	return n
}

// Half is what the middle line stands for.
func (t Trend) Half() int { return t.Top / 2 }

// Total is how many were completed in all the weeks.
func (t Trend) Total() int {
	n := 0
	for _, w := range t.Weeks {
		n += w.Completed.Count
	}
	return n
}

// LastWeeks returns the present week and the two before it, the latest first; none
// where there are fewer.
func (t Trend) LastWeeks() []app.WeekGlance {
	n := len(t.Weeks)
	if n < 3 {
		return nil
	}
	return []app.WeekGlance{t.Weeks[n-1], t.Weeks[n-2], t.Weeks[n-3]}
}

// Latest returns the weeks as a table lists them, the latest first.
func (t Trend) Latest() []app.WeekGlance {
	var all []app.WeekGlance
	for i := range t.Weeks {
		all = append(all, t.Weeks[len(t.Weeks)-1-i])
	}
	return all
}

// roundTop returns an even round number that is no less than n, so that the line in
// the middle stands for a whole one.
func roundTop(n int) int {
	for unit := 1; ; unit *= 10 {
		for _, top := range []int{2, 4, 6, 8, 10, 14} {
			if top*unit >= n {
				return top * unit
			}
		}
	}
}

// shortMonth returns a month as it stands below a chart.
func shortMonth(m time.Month) Message {
	return []Message{
		T("Jan"), T("Feb"), T("Mar"), T("Apr"), T("May"), T("Jun"), T("Jul"), T("Aug"), T("Sep"), T("Oct"), T("Nov"), T("Dec"),
	}[m-1]
}

// Stack is a bar of three parts, in percent of its length: what is completed, what
// is in progress and, as the rest, what was not begun.
type Stack struct{ Completed, InProgress float64 }

// Percent writes a part of a bar as SVG takes it.
func (Stack) Percent(part float64) string { return fmt.Sprintf("%.2f%%", part) }

// Shown is how much of the bar is completed or in progress.
func (s Stack) Shown() float64 { return s.Completed + s.InProgress }

// NewStack returns the bar of an edition of a module.
func NewStack(e app.EditionGlance) Stack {
	all := float64(max(1, e.People()))
	return Stack{Completed: 100 * float64(e.Completed.Count) / all, InProgress: 100 * float64(e.InProgress.Count) / all}
}

// Trend returns the chart of the weeks in the page's glance.
func (p RecordsPage) Trend() Trend { return NewTrend(p.Glance.Weeks) }

// Stack returns the bar of an edition of a module.
func (RecordsPage) Stack(e app.EditionGlance) Stack { return NewStack(e) }

// Furthest returns the module that most people have completed, and the one that
// fewest have; nil where nobody is there, and where both are the same.
func (p RecordsPage) Furthest() (most, fewest *app.EditionGlance) {
	if p.Glance.People.Count == 0 {
		return nil, nil
	}
	for _, program := range p.Glance.Programs {
		for i, m := range program.Modules {
			if most == nil || m.Completed.Count > most.Completed.Count {
				most = &program.Modules[i]
			}
			if fewest == nil || m.Completed.Count < fewest.Completed.Count {
				fewest = &program.Modules[i]
			}
		}
	}
	if most != nil && most.Completed.Count == fewest.Completed.Count {
		fewest = nil
	}
	return most, fewest
}

// Headline says in words how far people are, with the addresses of who is counted.
func (p RecordsPage) Headline() []Message {
	most, fewest := p.Furthest()
	if most == nil {
		return nil
	}
	all := []Message{T(`<a href="%[3]s">%[1]d</a> of <a href="%[4]s">%[2]d</a> people have completed “%[5]s”.`,
		most.Completed.Count, p.Glance.People.Count, p.Address(most.Completed.Filter), p.PeopleAddress(p.Glance.People.Filter), most.Title)}
	if fewest != nil {
		all = append(all, T(`Of all modules, “%[3]s” has been completed by the fewest: <a href="%[2]s">%[1]d</a>.`,
			fewest.Completed.Count, p.Address(fewest.Completed.Filter), fewest.Title))
	}
	return all
}

// StatusNumber is how many records have a status.
type StatusNumber struct {
	Words Message
	app.Number
}

// ByStatus returns how many records present people have of each status.
func (p RecordsPage) ByStatus() []StatusNumber {
	var all []StatusNumber
	for _, n := range p.Glance.Statuses {
		all = append(all, StatusNumber{StatusName(n.Filter.Status), n})
	}
	return all
}
