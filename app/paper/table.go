package paper

// place is where a column of a table stands.
type place struct {
	label    string
	x, width float64
}

// row is what stands beside each other, a column of blocks each; struck is drawn
// pale, with a line through its first cell.
type row struct {
	cells  []column
	links  []string // where a click on a cell leads; empty for nowhere
	struck bool
}

// height is the whole row's, with what keeps it from the next.
func (r row) height() float64 {
	h := 0.0
	for _, c := range r.cells {
		h = max(h, c.height())
	}
	return h + 2*inset
}

// columns shares the width among the columns of a transcript.
func (l ledger) columns() []place {
	places := []place{
		{label: l.words("Module"), width: 0.335},
		{label: l.words("Status"), width: 0.16},
		{label: l.words("Day"), width: 0.19},
		{label: l.words("Score"), width: 0.1},
		{label: l.words("Certificate"), width: 0.215},
	}
	x := float64(side)
	for i := range places {
		places[i].x = x
		places[i].width = places[i].width*(l.width-2*side+gutter) - gutter
		x += places[i].width + gutter
	}
	return places
}

// head is the row that every page repeats.
func (l ledger) head(places []place) row {
	var head row
	for _, p := range places {
		head.cells = append(head.cells, column{text{words: p.label, face: l.strong, size: 8.5, floor: 7, lines: 1, width: p.width, in: teal}.fit(1)})
		head.links = append(head.links, "")
	}
	return head
}

// rows sets all records.
func (l ledger) rows(places []place) []row {
	bare := common(l.of.Rows) != ""
	var all []row
	for _, r := range l.of.Rows {
		all = append(all, l.row(r, places, bare))
	}
	return all
}

// row sets one record; bare leaves the address of its certificate to what the
// first page says.
func (l ledger) row(r TranscriptRow, places []place, bare bool) row {
	shade, status, told := ink, r.Status, ink
	if r.Withdrawn {
		shade, status, told = grey, l.words("withdrawn"), alarm
	}
	edition, score, address := "", "", r.Address
	if r.Edition != "" {
		edition = l.words("edition %s", r.Edition)
	}
	if r.Score != nil {
		score = l.words("%d %%", *r.Score)
	}
	if bare {
		address = ""
	}
	cell := func(i, most int, words string, f *face, size float64, c colour) column {
		words = l.clean(words, most)
		if words == "" {
			return nil
		}
		return column{text{words: words, face: f, size: size, floor: size, lines: 12, width: places[i].width, in: c}.fit(1)}
	}
	return row{
		cells: []column{
			append(cell(0, longText, r.Title, l.strong, 10, shade), cell(0, longCell, edition, l.regular, 8, quiet)...),
			cell(1, longCell, status, l.regular, 9, told),
			cell(2, longCell, r.Day, l.regular, 9, shade),
			cell(3, longCell, score, l.regular, 9, shade),
			append(cell(4, longCell, r.Number, l.regular, 8, quiet), cell(4, longText, address, l.regular, 7.5, quiet)...),
		},
		links:  []string{"", "", "", "", r.Address},
		struck: r.Withdrawn,
	}
}

// paginate deals rows out to pages, of which the first begins lower, and may be
// left without a row. There is at least one page.
func paginate(rows []row, end, first, others float64) [][]row {
	pages := [][]row{nil}
	y := first
	for _, r := range rows {
		last := len(pages) - 1
		if y+r.height() > end && y > others {
			pages, last, y = append(pages, nil), last+1, others
		}
		pages[last] = append(pages[last], r)
		y += r.height()
	}
	return pages
}

// drawTable draws a page's share of the table, and nothing where there is none.
func (l ledger) drawTable(head row, rows []row, places []place, y float64) {
	if len(rows) == 0 {
		return
	}
	width := l.width - 2*side
	y = l.drawRow(head, places, y)
	l.rule(side, y, width, 0.45, teal)
	for _, r := range rows {
		y = l.drawRow(r, places, y)
		l.rule(side, y, width, 0.18, hair)
	}
}

// drawRow returns where the row ends.
func (l ledger) drawRow(r row, places []place, y float64) float64 {
	top := y + inset
	for i, c := range r.cells {
		l.left(c, places[i].x, top)
		if r.links[i] != "" && len(c) > 0 {
			l.pdf.LinkString(places[i].x, top, places[i].width, c.height(), r.links[i])
		}
	}
	if r.struck && len(r.cells[0]) > 0 {
		l.strike(r.cells[0][0], places[0].x, top)
	}
	return y + r.height()
}

// strike draws a line through every line of a block.
func (l ledger) strike(b block, x, y float64) {
	for _, words := range b.set {
		l.rule(x, y+0.7*b.size*millimetre, b.face.width(words, b.size), 0.25, b.in)
		y += b.line()
	}
}
