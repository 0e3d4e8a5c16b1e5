package content

import (
	"fmt"
	"path"
	"strings"
)

// isTranslation says whether a file is another one, such as module.md, in another
// language: module.es.md.
func isTranslation(of, name string) bool {
	language, ok := strings.CutPrefix(strings.TrimSuffix(name, ".md"), strings.TrimSuffix(of, "md"))
	return ok && path.Ext(name) == ".md" && isLanguage(language)
}

// newTranslation reads the named file, in which the module or programme whose
// draft is d stands in another language. Files that it shows count as used.
func (d *draft) newTranslation(name string, fields []field) *draft {
	_, language, _ := strings.Cut(strings.TrimSuffix(name, ".md"), ".")
	t := newDraft(name, d.files, fields, language)
	t.original, t.used = d, d.used
	t.used[name] = true
	t.sameAs("lang", t.language == language)
	t.language = language
	return t
}

// adopt makes what was found in a translation known of what it translates.
func (d *draft) adopt(t *draft) {
	d.findings = append(d.findings, t.findings...)
	d.elsewhere = append(d.elsewhere, t.elsewhere...)
}

// translationFields are what the front matter of a translation may have. What
// is not translated stands in the module alone; it may be repeated, but not
// differ.
func translationFields() []field {
	return []field{
		{key: "title", example: "title: Primero el nombre"},
		{key: "summary", example: "summary: Aprenda el nombre que su paciente prefiere."},
		{key: "objectives", example: "objectives: [Presentarse al comenzar la visita]"},
		{key: "authors", optional: true},
		{key: "reviewed", optional: true},
		{key: "minutes", optional: true},
		{key: "edition", optional: true},
		{key: "pass", optional: true},
		{key: "lang", optional: true},
	}
}

// translate makes the module m, whose draft is d, in another language. Its
// cards and options are those of m in their order, so that answers in either
// language are answers to the same questions. Its findings become d's.
func (d *draft) translate(name string, m *Module, proof *Proof) *Module {
	t := d.newTranslation(name, translationFields())
	t.proof = newProof(proof, t.page)
	t.slug, t.address = d.slug, d.address
	translated := t.translated(m)
	t.finish(translated)
	t.compare()
	d.adopt(t)
	return translated
}

// translated makes a module of the front matter of a translation.
func (d *draft) translated(m *Module) *Module {
	f := d.front
	t := &Module{
		Program: m.Program, Slug: m.Slug, Source: m.Source,
		Title:      f.text("title", m.Title),
		Summary:    f.text("summary", m.Summary),
		Minutes:    f.number("minutes", 1, mostMinutes, m.Minutes),
		Edition:    f.text("edition", m.Edition),
		Objectives: texts(f.list("objectives")),
		Authors:    m.Authors,
		Reviewed:   m.Reviewed,
		Pass:       f.number("pass", 1, 100, m.Pass),
		Language:   d.language,

		translates: true,
	}
	if f.values["authors"] != nil {
		t.Authors = texts(f.list("authors"))
	}
	if f.values["reviewed"] != nil {
		t.Reviewed = f.review()
	}
	t.titled[0], t.titled[1] = d.position(f.keyAt("title"))
	t.reviewed[0], t.reviewed[1] = d.position(f.keyAt("reviewed"))
	d.sameAs("minutes", t.Minutes == m.Minutes)
	d.sameAs("edition", t.Edition == m.Edition)
	d.sameAs("pass", t.Pass == m.Pass)
	if len(t.Objectives) != len(m.Objectives) && len(t.Objectives) > 0 {
		d.differs(f.keyAt("objectives"), "%s has %s, and this file has %s: translate each of them", moduleFile, counted(len(m.Objectives), "objective", "objectives"), counted(len(t.Objectives), "objective", "objectives"))
	}
	t.Minutes, t.Edition, t.Pass = m.Minutes, m.Edition, m.Pass
	return t
}

// sameAs reports a key that has another value than in what is translated.
func (d *draft) sameAs(key string, same bool) {
	if !same {
		d.differs(d.front.keyAt(key), "%q is not what %s or this file's name says: remove the line here, since it holds for every language", key, d.original.page.file)
	}
}

func (d *draft) differs(at int, format string, args ...any) {
	same := "module"
	if d.original.page.file == programFile {
		same = "programme"
	}
	d.page.error(at, "translation-differs", "a translation is the same "+same+" in other words: "+format, args...)
}

// counterpart returns the card of the original in the place of the next card
// that is added, or nil.
func (d *draft) counterpart() *draftCard {
	if d.original == nil || len(d.cards) >= len(d.original.cards) {
		return nil
	}
	return d.original.cards[len(d.cards)]
}

// sameID reports an id that is not the one of what is translated. That may have
// been changed where the module's author gave it twice.
func (d *draft) sameID(at int, given, originalGiven, original string) {
	if given != "" && given != original && given != originalGiven {
		d.differs(at, "the id %q stands here, and %q in its place in %s: write that one or none", given, original, moduleFile)
	}
}

// compare reports where the cards of a translation are not those of the module.
func (d *draft) compare() {
	if len(d.cards) != len(d.original.cards) {
		at := d.front.end
		if len(d.cards) > len(d.original.cards) {
			at = d.start(d.cards[len(d.original.cards)])
		}
		d.differs(at, "%s has %s, and this file has %s: begin each card with ## as there", moduleFile, counted(len(d.original.cards), "card", "cards"), counted(len(d.cards), "card", "cards"))
		return
	}
	for i, c := range d.cards {
		original := d.original.cards[i]
		if (c.heading == nil) != (original.heading == nil) {
			d.differs(d.start(c), "one of %s and %s has text before its first card: let both begin alike", d.page.file, moduleFile)
			return // nothing is in its place
		}
		d.compareCard(c, original)
	}
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

func (d *draft) compareCard(c, original *draftCard) {
	at := d.start(c)
	if c.Branch != original.Branch || c.practice != original.practice || c.Pocket != original.Pocket {
		d.differs(at, "the marks of this card are not those of %q in %s: copy the braces from there", original.Title, moduleFile)
	}
	if c.objective.given && c.objective != original.objective {
		d.differs(at, "the objective of this question is not that of %q in %s: write the number from there, or none", original.Title, moduleFile)
	}
	for _, part := range []struct {
		of, here  int
		one, many string
	}{
		{original.replyCount(), c.replyCount(), "reply", "replies"},
		{len(original.prompts), len(c.prompts), "reflection", "reflections"},
		{len(original.intentions), len(c.intentions), "intention", "intentions"},
		{len(original.choices), len(c.choices), "option", "options"},
	} {
		if part.of != part.here {
			d.differs(at, "%q in %s has %s, and this card has %s: translate each of them", original.Title, moduleFile,
				counted(part.of, part.one, part.many), counted(part.here, part.one, part.many))
		}
	}
	if len(c.choices) != len(original.choices) {
		return
	}
	for i, o := range c.choices {
		if o.Right != original.choices[i].Right {
			d.differs(d.at(o.item), "this option is not marked as the one in its place in %s: give both the same box", moduleFile)
		}
	}
}

func (c *draftCard) replyCount() int {
	n := 0
	for _, replies := range c.replies {
		n += len(replies)
	}
	return n
}
