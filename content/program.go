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

		ReadingGrade: d.front.number("reading_grade", 1, hardestGrade, 0),
		Language:     d.language,
	}
	d.checkRepeats(order)
	d.terms(p)
	p.Cover = d.cover(slug)
	p.Assets = d.assets
	for _, f := range src {
		if isTranslation(programFile, f.Name) {
			p.Translations = append(p.Translations, d.translateProgram(f.Name, p))
		}
	}
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

// cover renders the text that introduces the programme of a slug. It has no cards:
// its headings are just headings. Several covers stand on one page, so the ids of
// its footnotes are its own.
func (d *draft) cover(slug string) string {
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
	notes := d.newNotes(Slug(slug) + "-")
	notes.mark(d.doc)
	var b buffer
	d.render(&b, d.doc)
	notes.write(&b)
	return b.String()
}

// programTranslationFields are what the front matter of a programme's translation
// may have. Those that hold for every language are known only to be refused in
// plain words: who translates a copy of program.md may leave them in.
func programTranslationFields() []field {
	fields := []field{
		{key: "title", example: "title: Los primeros 5 minutos"},
		{key: "audience", example: "audience: Médicos"},
		{key: "disclosures", optional: true},
		{key: "accreditation", optional: true},
		{key: "lang", optional: true},
	}
	for _, key := range inEveryLanguage() {
		fields = append(fields, field{key: key, optional: true})
	}
	return fields
}

// inEveryLanguage returns the keys of a programme that have nothing to translate.
func inEveryLanguage() []string {
	return []string{"order", "credit", "release", "expires", "reading_grade"}
}

// translateProgram makes the programme p, whose draft is d, in another language:
// the same programme, under another title and with a cover of its own.
func (d *draft) translateProgram(name string, p *Program) *Program {
	t := d.newTranslation(name, programTranslationFields())
	for _, key := range inEveryLanguage() {
		if t.front.values[key] != nil {
			t.differs(t.front.keyAt(key), "%q stands in %s and holds for every language: remove the line here", key, programFile)
		}
	}
	translated := *p
	translated.Translations = nil
	translated.Language = t.language
	translated.Title = t.front.text("title", p.Title)
	translated.Audience = t.front.text("audience", p.Audience)
	translated.Disclosures = t.term("disclosures", p.Disclosures)
	translated.Accreditation = t.term("accreditation", p.Accreditation)
	translated.Cover = t.cover(p.Slug)
	translated.Assets = t.assets
	d.adopt(t)
	return &translated
}

// term returns what a translation says in the place of a text that the programme
// may have. Who reads the translation should not be told it in another language.
func (d *draft) term(key, original string) string {
	has, had := d.front.values[key] != nil, d.original.front.values[key] != nil
	switch {
	case has && !had:
		d.differs(d.front.keyAt(key), "%q is not in %s: write it there too, or remove the line here", key, programFile)
	case had && !has:
		d.page.warn(0, "not-translated", "%s has %q, and this file does not, so its readers are shown that of %s: translate it here, or copy it if its words are prescribed", programFile, key, programFile)
	}
	return d.front.text(key, original)
}
