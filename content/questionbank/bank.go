// Package questionbank takes question banks into First5's notation and back
// out, so that nobody types an item twice. It reads GIFT and Moodle XML, and
// writes GIFT.
//
// # What comes over
//
// Multiple choice and true/false become questions, an essay becomes a card with
// a reflection, a description becomes a plain card. Feedback, pictures, ids, and
// the tag practice come with them. General feedback becomes that of the options
// that have none.
//
// What the notation has no form for is left out, and a [Problem] says so, one
// for each thing: nothing that a learner could see disappears in silence. What
// concerns another program alone is not taken: marks, penalties, the order of
// options, other tags.
//
// Choose-all weights that share 100 equally are that format's way to write
// choose-all, and no problem. Any other partial credit is one.
//
// # How a text becomes Markdown
//
// Every text is read into a small tree of what the notation can show, then
// written as Markdown. Whatever could be mistaken for Markdown in somebody's
// words is escaped. Quotes, dashes and ellipses are left to the notation's
// typography. Each card is then read back by package content: a card that does
// not say what was read is written again as plain words.
package questionbank

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// LargestFile is how many bytes a question bank may have.
const LargestFile = 10 << 20

// mostItems is how many items are read of one file.
const mostItems = 5000

// Bank is what was read of a file of questions.
type Bank struct {
	file  string // as its reader named it
	title string // the last part of its first category
	items []item // in the order of the file
}

// Items returns how many items could be read.
func (b *Bank) Items() int { return len(b.items) }

// Problem is something that did not come over as it was.
type Problem struct {
	File    string
	Line    int    // from 1
	Title   string // of the item; empty if the problem belongs to none
	Message string // what is wrong and how to mend it
}

// String returns the problem as one line for a terminal.
func (p Problem) String() string {
	if p.Title == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
	}
	return fmt.Sprintf("%s:%d: %q: %s", p.File, p.Line, p.Title, p.Message)
}

// Read reads a question bank by what is in it: XML as Moodle writes it, or
// else GIFT. The name is that of the file, for the problems.
func Read(name string, data []byte) (*Bank, []Problem) {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF")))
	if bytes.HasPrefix(text, []byte("<?xml")) || strings.EqualFold(path.Ext(name), ".xml") {
		return ReadMoodleXML(name, data)
	}
	return ReadGIFT(name, data)
}

// reader collects what a file holds and what is wrong with it.
type reader struct {
	bank     *Bank
	problems []Problem
	full     bool // there are more items than are read
}

func newReader(name string) *reader { return &reader{bank: &Bank{file: name}} }

// report notes a problem with the file itself.
func (r *reader) report(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.bank.file, Line: line, Message: fmt.Sprintf(format, args...)})
}

// leaveOut notes that an item does not come over, and why.
func (r *reader) leaveOut(it item, format string, args ...any) {
	r.problems = append(r.problems, Problem{
		File: r.bank.file, Line: it.line, Title: it.name(), Message: fmt.Sprintf(format, args...),
	})
}

// add adds an item to the bank, if it can be one of our cards.
func (r *reader) add(it item) {
	if len(r.bank.items) == mostItems {
		if !r.full {
			r.leaveOut(it, "the file has more than %d items, so this one and those behind it are left out: export the bank in several parts, category by category", mostItems)
		}
		r.full = true
		return
	}
	if it.form == question {
		if reason := it.unfit(); reason != "" {
			r.leaveOut(it, "%s", reason)
			return
		}
	}
	if title := singleLine(it.title); title != "" && title != it.name() {
		it.change("its title has more than %d characters, so its end is left out: find a shorter one", longestTitle)
	}
	// Only a question with a right option can be tried.
	it.practice = it.practice && slices.ContainsFunc(it.choices, func(c choice) bool { return c.right })
	r.bank.items = append(r.bank.items, it)
}

// category takes the module's title from the first category that has a name.
func (r *reader) category(name string) {
	if r.bank.title != "" {
		return
	}
	const slash = "\x00" // stands for one that is part of a name, written twice
	parts := strings.Split(strings.ReplaceAll(name, "//", slash), "/")
	last := strings.TrimSpace(strings.ReplaceAll(parts[len(parts)-1], slash, "/"))
	if last != "top" && !strings.HasPrefix(last, "$") {
		r.bank.title = singleLine(last)
	}
}

// done returns what was read, with the problems in the order of the file.
func (r *reader) done() (*Bank, []Problem) {
	sortProblems(r.problems)
	return r.bank, r.problems
}

func sortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
}

// text returns the text of a file with LF as its only line end, or nothing if
// it can't be read as text.
func (r *reader) text(data []byte) string {
	switch {
	case len(data) > LargestFile:
		r.report(1, "the file has more than %d MB: export the questions in several parts, category by category", LargestFile>>20)
		return ""
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")), bytes.IndexByte(data[:min(len(data), 100)], 0) >= 0:
		r.report(1, "the file is in UTF-16: save it again with the encoding UTF-8")
		return ""
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(data) {
		r.report(invalidLine(data), "the text is not UTF-8 here: save the file again with the encoding UTF-8")
		return ""
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\uFFFD").Replace(string(data))
}

// invalidLine returns the line of the first byte that is not UTF-8.
func invalidLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}
