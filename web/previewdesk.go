package web

import (
	"fmt"
	"time"

	"first5/content"
)

// DeskPage is one module on its author's desk: what to mend, how it looks on a
// phone and on a desktop, and what each card asks of a reader.
type DeskPage struct {
	Frame
	State    string // as in [PreviewPage]
	Trouble  string // likewise
	Module   *content.Module
	Program  string // the title of its programme
	LastGood string // the time of the version that is shown while the present one has errors; empty: the present one is shown
	Errors   int
	Warnings int
	Findings []PreviewFinding
	More     int    // findings beyond those
	Shown    string // the address of the module as learners see it

	Schemes   []Toggle
	Languages []Toggle // empty unless there are translations
	Feedback  Toggle

	Parts []DeskCard // the cards of the version that is written now
	Grade Grade      // of the whole module, feedback included
	Limit int        // the most that its programme allows; 0: it says nothing of that
}

func (DeskPage) template() string { return "previewdesk.html" }

// Toggle is a link that shows the module in another way.
type Toggle struct {
	Link
	ID string
	On bool
}

// DeskCard is a card as the desk counts it.
type DeskCard struct {
	content.Card
	Address string // of the card in the frame; empty if it is not in the version shown there
	Kind    string
	Takes   Takes
	Grade   Grade
	Share   float64 // of the time of the longest card, in percent
}

// BarPart is a card's piece of the bar that compares the minutes.
type BarPart struct {
	Title    string
	Takes    Takes
	From, To float64 // percent of the bar
}

// Width returns how long the piece is, less a hair between it and the next one.
func (p BarPart) Width() float64 { return max(0.1, p.To-p.From-0.25) }

// Measured returns how long the whole module takes.
func (p DeskPage) Measured() Takes { return Takes(p.Module.ReadingTime()) }

func (p DeskPage) promised() time.Duration { return time.Duration(p.Module.Minutes) * time.Minute }

// Formula states how the grades are measured; it is empty in languages that
// have no formula.
func (p DeskPage) Formula() string { return content.ReadingFormula(p.Module.Language) }

// full returns the time that the whole length of the bar stands for.
func (p DeskPage) full() time.Duration {
	return max(time.Minute, p.promised(), p.Module.ReadingTime()) * 21 / 20
}

func (p DeskPage) percent(d time.Duration) float64 { return 100 * float64(d) / float64(p.full()) }

// Promised returns where on the bar the promised minutes end.
func (p DeskPage) Promised() float64 { return p.percent(p.promised()) }

// Bar returns the pieces of the bar: the cards of the main line, each with the
// longest way through its branches.
func (p DeskPage) Bar() []BarPart {
	var parts []BarPart
	var at time.Duration
	for _, c := range p.Module.Cards {
		if c.Branch {
			continue
		}
		to := at + c.Way
		parts = append(parts, BarPart{Title: cardTitle(c), Takes: Takes(to - at), From: p.percent(at), To: p.percent(to)})
		at = to
	}
	return parts
}

// Spare says how the time that it takes compares with what is promised.
func (p DeskPage) Spare() string {
	spare := p.promised() - p.Module.ReadingTime()
	if spare < 0 {
		return fmt.Sprintf("%s longer than promised", Takes(-spare))
	}
	return fmt.Sprintf("%s to spare", Takes(spare))
}

// TooLong says whether it takes longer than is promised.
func (p DeskPage) TooLong() bool { return p.Module.ReadingTime() > p.promised() }

// Name returns what the card is called.
func (c DeskCard) Name() string { return cardTitle(c.Card) }

func cardTitle(c content.Card) string {
	if c.Title == "" {
		return "Opening card"
	}
	return c.Title
}
