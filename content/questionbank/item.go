package questionbank

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// longestTitle is how many characters a title may have.
const longestTitle = 250

// item is one entry of a bank, before it is a card.
type item struct {
	line     int // where it begins in its file
	form     form
	id       string // as its author gave it, fit to be one of ours; or empty
	title    string // as its author gave it; or empty
	practice bool
	stem     text
	choices  []choice
	changes  []string // what already is not as it was, each with what to do
}

// form says what kind of card an item becomes.
type form int

const (
	question form = iota + 1
	essay
	description
)

// choice is an option of a question.
type choice struct {
	text     text
	right    bool
	weight   float64 // percent of the item's mark
	feedback []text
}

// text is somebody's words as they stand in a bank.
type text struct {
	format format
	raw    string
	files  map[string]string // the files that it shows, in base64, by name
}

// format says how a text is written.
type format int

const (
	richText format = iota + 1 // HTML
	autoText                   // HTML whose line ends count
	plainText
	markdownText
)

// empty says whether there is nothing to see in a text.
func (t text) empty() bool {
	if strings.TrimSpace(t.raw) == "" {
		return true
	}
	tree, err := t.tree()
	return err == nil && words(newCleaner(nil, true).clean(tree)) == "" && !hasPicture(tree)
}

// change notes what is not as it was.
func (it *item) change(format string, args ...any) {
	it.changes = append(it.changes, fmt.Sprintf(format, args...))
}

// name returns the title of an item, or else the beginning of what it says.
func (it *item) name() string {
	if title := beginning(it.title, longestTitle); title != "" {
		return title
	}
	tree, err := it.stem.tree()
	if err != nil {
		return "Question"
	}
	said := beginning(words(newCleaner(nil, true).clean(tree)), 90)
	if said == "" {
		return "Question"
	}
	return said
}

// singleLine returns a text without line ends, tabs and what can't be printed.
func singleLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return visible(r)
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// beginning returns a text, or as many of its first words as fit.
func beginning(text string, limit int) string {
	text = singleLine(text)
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	cut := string(runes[:limit])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.-") + "…"
}

// weigh tells right options from wrong ones by their weights.
//
// Where one option is to be chosen, those of the full mark are right. Where
// several may be, all are that add to the mark.
func (it *item) weigh(single bool) {
	best, positive := 0.0, 0
	for _, c := range it.choices {
		best = max(best, c.weight)
		if c.weight > 0 {
			positive++
		}
	}
	right := 0
	for i := range it.choices {
		c := &it.choices[i]
		c.right = c.weight > 0 && (!single || c.weight == best)
		if c.right {
			right++
		}
	}
	it.tellWeights(single, right, positive)
}

// tellWeights notes where the grading is not what it was.
func (it *item) tellWeights(single bool, right, positive int) {
	switch {
	case right == 0:
		it.change("no option is right, so this becomes a poll: mark the right one with [x] if there is one")
	case single && right > 1:
		it.change("any one of %d right options was enough, but here learners must choose all of them: leave one right option, or ask for all", right)
	case single && positive > right, !it.equalShares(right):
		it.change("it gave partial credit, but here a question is right or wrong as a whole: look through which options have [x]")
	}
}

// equalShares says whether the right options have equal parts of the whole mark.
func (it *item) equalShares(right int) bool {
	for _, c := range it.choices {
		if c.right && math.Abs(c.weight*float64(right)-100) > 0.1 {
			return false
		}
	}
	return true
}

// fill gives feedback to those of some options that have none, and says whether
// there were any.
func (it *item) fill(feedback text, some func(choice) bool) bool {
	filled := false
	for i := range it.choices {
		c := &it.choices[i]
		if some(*c) && len(c.feedback) == 0 {
			c.feedback = []text{feedback}
			filled = true
		}
	}
	return filled
}

// generalFeedback gives the options without feedback the item's own, or else
// adds it to that of the first right option.
func (it *item) generalFeedback(feedback text) {
	if feedback.empty() {
		return
	}
	if it.form != question {
		it.change("its general feedback is left out, because learners would read it before they answer: add what they need to the text")
		return
	}
	if it.fill(feedback, func(choice) bool { return true }) {
		return
	}
	it.append(feedback)
}

// append adds feedback to that of the first right option, or of the last one
// if none is right.
func (it *item) append(feedback text) {
	at := len(it.choices) - 1
	for i, c := range it.choices {
		if c.right {
			at = i
			break
		}
	}
	it.choices[at].feedback = append(it.choices[at].feedback, feedback)
}

// unfit takes empty options off a question and says why it can't be a card, or
// nothing.
func (it *item) unfit() string {
	var kept []choice
	for _, c := range it.choices {
		switch {
		case !c.text.empty():
			kept = append(kept, c)
		case c.right:
			return "a right option has no text, so the question is left out: write the option and import the file again"
		default:
			it.change("an option without text is left out: write it if it matters")
		}
	}
	it.choices = kept
	if len(kept) < 2 {
		return "it has fewer than two options, so it is left out: add at least one more and import the file again"
	}
	return ""
}
