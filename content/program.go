package content

import "slices"

// ParseProgram makes a programme, without its modules, of its source, and
// tells what its author should mend. As [ParseModule], it always returns one.
func ParseProgram(slug string, src Source) (*Program, []Finding) {
	p, d, _ := parseProgram(slug, src)
	sortFindings(d.findings)
	return p, d.findings
}

// parseProgram returns the programme's draft and its order too, for findings
// about its modules.
func parseProgram(slug string, src Source) (*Program, *draft, []entry) {
	d := newDraft(programFile, src, programFields(), "en")
	order := d.front.list("order")
	p := &Program{
		Slug:     slug,
		Title:    d.front.text("title", ""),
		Audience: d.front.text("audience", ""),
		Order:    texts(order),
		Source:   src,
	}
	d.checkRepeats(order)
	d.terms(p)
	p.Cover = d.cover()
	p.Assets = d.assets
	p.links = d.elsewhere
	d.checkFiles()
	return p, d, order
}

func (d *draft) checkRepeats(order []entry) {
	for i, e := range order {
		if slices.ContainsFunc(order[:i], func(earlier entry) bool { return earlier.text == e.text }) {
			d.page.error(e.at, "repeated-module", "%q is in the order twice: remove one of them", e.text)
		}
	}
}

// cover renders the text that introduces a programme. It has no cards: its
// headings are just headings.
func (d *draft) cover() string {
	d.takeFootnotes()
	d.refuseHTML()
	d.checkPrompts()
	d.quotes()
	d.links()
	d.pictures()
	d.tables()
	for _, h := range d.found.headings {
		if h.Level == 1 {
			d.error(h, "level-1-heading", "a heading with one # is the title, which the front matter has: use ## here")
		}
	}
	order := headingOrder{least: 2}
	for _, h := range d.found.headings {
		order.take(h)
	}
	for _, box := range d.found.boxes {
		d.error(box, "stray-box", "a programme's cover asks no questions: remove the box")
	}
	for _, p := range d.found.prompts {
		d.warn(p, "stray-prompt", "a programme's cover asks no questions: move the block into a card of a module")
	}
	notes := d.newNotes("")
	notes.mark(d.doc)
	var b buffer
	d.render(&b, d.doc)
	notes.write(&b)
	return b.String()
}
