package content

import (
	"fmt"
	"strings"
	"time"

	east "github.com/yuin/goldmark/extension/ast"
)

const (
	moduleFile  = "module.md"
	programFile = "program.md"
	mostMinutes = 5
	defaultPass = 80
)

func moduleFields() []field {
	return []field{
		{key: "title", example: "title: Names first"},
		{key: "summary", example: "summary: Learn and use the name your patient wants to be called by."},
		{key: "minutes", example: "minutes: 4"},
		{key: "edition", example: `edition: "2026"`},
		{key: "objectives", example: "objectives: [Open a visit by introducing yourself]"},
		{key: "authors", example: `authors: ["A. Educator, MD"]`},
		{key: "reviewed", optional: true},
		{key: "pass", optional: true},
		{key: "lang", optional: true},
	}
}

func programFields() []field {
	return []field{
		{key: "title", example: "title: The First 5 Minutes"},
		{key: "audience", example: "audience: Physicians"},
		{key: "order", example: "order: [names-first]"},
		{key: "credit", optional: true},
		{key: "disclosures", optional: true},
		{key: "accreditation", optional: true},
		{key: "release", optional: true},
		{key: "expires", optional: true},
		{key: "reading_grade", optional: true},
		{key: "lang", optional: true},
	}
}

// ParseModule makes a module of its source, and tells what its author should
// mend. The files in the findings are named as they are in the source.
//
// It returns a module in any case, as complete as can be, so that its author
// may look at it. A module whose findings have an error is not fit to publish.
func ParseModule(program, slug string, src Source) (*Module, []Finding) {
	return parseModule(program, slug, src, nil)
}

func parseModule(program, slug string, src Source, proof *Proof) (*Module, []Finding) {
	if _, ok := src.File(moduleFile); !ok {
		m := &Module{Program: program, Slug: slug, Pass: defaultPass, Language: "en", Source: src}
		return m, []Finding{absent(moduleFile, "no-module", "this folder has no module.md: add one, or remove the folder")}
	}
	d := newDraft(moduleFile, src, moduleFields(), "en")
	d.proof = newProof(proof, d.page)
	d.slug, d.address = Slug(slug), escapeURL("/modules/"+slug)
	m := d.module()
	m.Program, m.Slug, m.Source = program, slug, src
	d.finish(m)
	for _, f := range src {
		if isTranslation(moduleFile, f.Name) {
			m.Translations = append(m.Translations, d.translate(f.Name, m, proof))
		}
	}
	m.links = d.elsewhere
	d.checkFiles()
	sortFindings(d.findings)
	return m, d.findings
}

// finish makes the cards of a module, with all that belongs to them.
func (d *draft) finish(m *Module) {
	m.file = d.page.file
	d.prepare()
	if len(d.cards) == 0 {
		d.page.error(d.front.end, "no-card", "the module has no card: write a heading with ## and some text below the front matter")
	}
	d.askQuestions()
	d.tieToObjectives(m.Objectives)
	d.reread()
	d.askReader()
	d.converse()
	d.levelHeadings()
	d.checkLimits()
	d.measure()
	d.timeWays()
	for _, c := range d.cards {
		m.counts = m.counts.and(c.counts)
		m.aloud += c.aloud
	}
	m.Notes = d.noteMarks()
	m.Body, m.slots = d.cardsMarkup()
	m.pocket = d.pocketMarkup()
	for _, c := range d.cards {
		m.Cards = append(m.Cards, c.Card)
		m.Intentions = append(m.Intentions, c.intentions...)
		for _, p := range c.prompts {
			m.Prompts = append(m.Prompts, Prompt{ID: p.answer.id, Card: c.ID, Text: plainText(p, d.source)})
		}
	}
	m.Assets = d.assets
	d.checkTime(m)
}

// absent returns a finding about a file that should be there.
func absent(file, rule, message string) Finding {
	return Finding{File: file, Line: 1, Column: 1, Severity: Error, Rule: rule, Message: message}
}

// module makes a module of the front matter.
func (d *draft) module() *Module {
	f := d.front
	objectives := f.list("objectives")
	m := &Module{
		Title:      f.text("title", ""),
		Summary:    f.text("summary", ""),
		Minutes:    f.number("minutes", 1, mostMinutes, mostMinutes),
		Edition:    f.text("edition", ""),
		Objectives: texts(objectives),
		Authors:    texts(f.list("authors")),
		Reviewed:   f.review(),
		Pass:       f.number("pass", 1, 100, defaultPass),
		Language:   d.language,
	}
	for _, o := range objectives {
		line, column := d.position(o.at)
		m.objectives = append(m.objectives, [2]int{line, column})
	}
	m.titled[0], m.titled[1] = d.position(f.keyAt("title"))
	m.reviewed[0], m.reviewed[1] = d.position(f.keyAt("reviewed"))
	return m
}

// isLanguage says whether a text has the form of a language tag.
func isLanguage(tag string) bool {
	for i, part := range strings.Split(tag, "-") {
		if !IsSlug(strings.ToLower(part)) || len(part) > 8 || i == 0 && len(part) < 2 {
			return false
		}
	}
	return true
}

// prepare turns the document into the notation's own nodes, parted into cards.
func (d *draft) prepare() {
	d.takeFootnotes()
	d.refuseHTML()
	d.checkPrompts()
	d.quotes()
	d.openCards()
	d.links()
	d.pictures()
	d.tables()
	d.fillCards()
}

// refuseHTML reports HTML, once for every block that holds any.
func (d *draft) refuseHTML() {
	var last any
	for _, n := range d.found.html {
		if n.Parent() != last || n.Parent() == d.doc {
			d.error(n, "raw-html", "HTML is not shown: write this in Markdown, or put a backslash before < if you mean the sign")
		}
		last = n.Parent()
	}
}

// checkPrompts reports prompts that ask nothing.
func (d *draft) checkPrompts() {
	for _, p := range d.found.prompts {
		if plainText(p, d.source) == "" {
			d.error(p, "empty-prompt", "this block has no text: write a question in reflect, or intentions in commit, one a line")
		}
	}
}

// tables tells screen readers what a table's header is about, and styles how
// its cells are aligned.
func (d *draft) tables() {
	for _, cell := range d.found.cells {
		if cell.Parent().Kind() == east.KindTableHeader {
			cell.SetAttributeString("scope", "col")
		}
		if cell.Alignment != east.AlignNone {
			cell.SetAttributeString("class", "align-"+cell.Alignment.String())
		}
	}
}

// noteMarks numbers the footnotes of all that a learner may read before
// answering and returns them. It must come before anything is rendered.
func (d *draft) noteMarks() []byte {
	notes := d.newNotes("")
	for _, c := range d.cards {
		if c.heading != nil {
			notes.mark(c.heading)
		}
		for _, block := range c.blocks {
			if block != c.options {
				notes.mark(block)
				continue
			}
			for _, o := range c.choices {
				if o.text != nil {
					notes.mark(o.text)
				}
				if c.practice {
					notes.mark(o.feedback...)
				}
			}
		}
	}
	var b buffer
	notes.write(&b)
	return b.Bytes()
}

// checkTime warns if the module takes longer than it says.
func (d *draft) checkTime(m *Module) {
	promised := d.front.values["minutes"] != nil || d.original != nil
	if takes := m.ReadingTime(); promised && takes.Minutes() > float64(m.Minutes) {
		d.page.warn(d.front.keyAt("minutes"), "too-long",
			"reading and answering take about %s, longer than the minutes that are promised (%d): shorten the text or change the minutes", inWords(takes), m.Minutes)
	}
}

// inWords writes a time as people say it.
func inWords(t time.Duration) string {
	t = t.Round(time.Second)
	return fmt.Sprintf("%d min %d s", int(t.Minutes()), int(t.Seconds())%60)
}

// checkFiles warns of files that nothing uses.
func (d *draft) checkFiles() {
	for _, f := range d.files {
		if !d.used[f.Name] {
			unused := absent(f.Name, "unused-file", "nothing uses this file: show it, link to it or remove it")
			unused.Severity = Warning
			d.findings = append(d.findings, unused)
		}
	}
}
