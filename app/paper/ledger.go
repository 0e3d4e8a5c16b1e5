package paper

import "strings"

// ledger is a transcript that is being drawn.
type ledger struct {
	*sheet
	of  Transcript
	say Words
}

// The transcript's measures in millimetres.
const (
	side   = 18  // the margins left and right
	above  = 16  // where the first line of a page begins
	below  = 24  // what the foot of the page takes
	gutter = 4   // between two columns
	inset  = 1.8 // above and below what stands in a row
)

func (l ledger) words(format string, args ...any) string {
	return l.clean(l.say(format, args...), longText)
}

// drawPages lays out everything first: a page says how many there are.
func (l ledger) drawPages() {
	opening := l.opening()
	columns := l.columns()
	head := l.head(columns)
	begin := above + badge + 8 + opening.height() + 7
	pages := paginate(l.rows(columns), l.height-below-head.height(), begin, above)
	for i, rows := range pages {
		l.addPage()
		y := float64(above)
		if i == 0 {
			l.drawOpening(opening)
			y = begin
		}
		l.drawTable(head, rows, columns, y)
		l.drawFoot(i+1, len(pages))
	}
	l.pdf.SetTitle(strings.Join([]string{l.words("Transcript"), l.of.Name}, " · "), true)
}

// opening is what the first page says before the table.
func (l ledger) opening() column {
	width := l.width - 2*side
	texts := []text{
		{words: l.words("Transcript"), face: l.regular, size: 23, floor: 14, lines: 1, width: width, in: teal},
		{words: l.of.Name, face: l.strong, size: 16, floor: 11, lines: 2, width: width, above: 3, in: ink},
		{words: l.of.Institution, face: l.regular, size: 11, floor: 9, lines: 2, width: width, above: 0.5, in: ink},
		{words: l.printed(), face: l.regular, size: 9, floor: 8, lines: 1, width: width, above: 1, in: quiet},
		{words: l.proof(), face: l.regular, size: 9, floor: 8, lines: 2, width: width, above: 0.2, in: quiet},
	}
	if len(l.of.Rows) == 0 {
		texts = append(texts, text{words: l.words("Nothing is on record yet."), face: l.regular, size: 11, floor: 9, lines: 2, width: width, above: 8, in: ink})
	}
	var c column
	for _, t := range texts {
		if t.words != "" {
			c = append(c, t.fit(1))
		}
	}
	return c
}

func (l ledger) printed() string {
	if l.of.Day == "" {
		return ""
	}
	return l.words("Printed on %s", l.of.Day)
}

// proof says once where all certificates can be checked, if it is in one place.
func (l ledger) proof() string {
	base := common(l.of.Rows)
	if base == "" {
		return ""
	}
	return l.words("Check a certificate at %s followed by its number.", base)
}

func (l ledger) drawOpening(opening column) {
	size := badge * 1.75
	l.mark(side, above, badge, teal, coral)
	l.put(side+badge*1.32, above+badge/2+0.35*size*millimetre, program, l.strong, size, teal)
	l.left(opening, side, above+badge+8)
}

// drawFoot says whose page it is, so that loose pages find together.
func (l ledger) drawFoot(page, pages int) {
	const size = 8.5
	y := l.height - 13
	width := l.width - 2*side
	count := l.words("Page %d of %d", page, pages)
	wide := l.regular.width(count, size)
	whose := l.regular.clip(strings.Join([]string{program, l.words("Transcript"), l.of.Name}, " · "), size, width-wide-gutter)
	l.rule(side, y-5.5, width, 0.18, teal)
	l.put(side, y, whose, l.regular, size, quiet)
	l.put(side+width-wide, y, count, l.regular, size, quiet)
}
