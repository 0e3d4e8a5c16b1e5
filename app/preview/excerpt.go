package preview

import (
	"strings"

	"first5/content"
	"first5/web"
)

const (
	leastBefore = 60  // characters of a long line that are shown before a finding
	mostShown   = 220 // characters of a line that are shown
)

// excerpt returns the line of a finding with the one before and the one after.
func excerpt(lines []string, f content.Finding) []web.SourceLine {
	if f.Line > len(lines) {
		return nil
	}
	var shown []web.SourceLine
	for n := max(1, f.Line-1); n <= min(len(lines), f.Line+1); n++ {
		column := 0
		if n == f.Line {
			column = f.Column
		}
		shown = append(shown, cut(n, []rune(lines[n-1]), column))
	}
	return shown
}

// cut makes a line of an excerpt, with a mark on the character in a column, from
// 1, or none for column 0. Of a long line it takes what is around the mark.
func cut(number int, text []rune, column int) web.SourceLine {
	at := min(max(0, column-1), len(text))
	from := 0
	if at > mostShown-leastBefore {
		from = at - leastBefore
	}
	to := min(len(text), from+mostShown)
	l := web.SourceLine{Number: number, Before: show(text[from:at])}
	if from > 0 {
		l.Before = "… " + l.Before
	}
	rest := text[at:to]
	switch {
	case column > 0 && len(rest) > 0:
		l.Mark, rest = show(rest[:1]), rest[1:]
	case column > 0:
		l.Mark = "¶" // the end of the line
	}
	l.After = show(rest)
	if to < len(text) {
		l.After += " …"
	}
	return l
}

// show makes tabs visible. The arrow takes the tab's place in part, so that what
// follows stands where an editor has it.
func show(text []rune) string { return strings.ReplaceAll(string(text), "\t", "→\t") }
