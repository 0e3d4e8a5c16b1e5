package questionbank

import (
	"fmt"
	"strings"
	"unicode"

	"first5/content"
)

// readBack says how a card differs from what it should say when package
// content reads it.
type readBack struct {
	structure bool           // it is not the same card or question
	alike     bool           // options have texts that make the same id
	texts     []*passageText // what does not say the same
	finding   string         // what else is wrong
}

func (r readBack) same() bool { return !r.structure && !r.alike && len(r.texts) == 0 }

// check reads a card back.
func (c *card) check(files content.Source) readBack {
	var r readBack
	m, findings := content.ParseModule("p", "m", asModule(c.Markdown(), files))
	for _, f := range findings {
		switch {
		case f.Rule == "duplicate-option-id":
			r.alike = true
		case !leftToAuthor(f.Rule):
			r.structure = true
			r.finding = f.Message
		}
	}
	if len(m.Cards) != 1 || m.Cards[0].ID != c.id || squash(m.Cards[0].Title) != squash(c.title) {
		r.structure = true
		return r
	}
	if c.form == question {
		r.compareQuestion(c, m.Cards[0].Question)
		return r
	}
	if m.Cards[0].Question != nil || len(m.Cards[0].Replies) > 0 {
		r.structure = true
	}
	_, body, _ := strings.Cut(string(m.Body), "</h2>")
	said := c.stem.said
	if c.form == essay && !isParagraph(lastBlock(c.stem.String())) {
		said += c.title
	}
	r.compare(c.stem, said, body)
	return r
}

func (r *readBack) compareQuestion(c *card, q *content.Question) {
	if q == nil || len(q.Options) != len(c.options) || q.Practice != c.practice {
		r.structure = true
		return
	}
	r.compare(c.stem, c.stem.said, q.Stem)
	for i, o := range c.options {
		if q.Options[i].Right != o.right {
			r.structure = true
		}
		r.compare(o.text, o.text.said, q.Options[i].HTML)
		r.compare(o.feedback, o.feedback.said, q.Options[i].Feedback)
	}
}

// compare notes a text whose markup does not say what it should.
func (r *readBack) compare(t *passageText, said, markup string) {
	tree, err := parseMarkup(markup)
	if err != nil || squash(words(tree)) != squash(said) {
		r.texts = append(r.texts, t)
	}
}

// leftToAuthor says whether a rule is about what only an author can decide.
func leftToAuthor(rule string) bool {
	switch rule {
	case "no-feedback", "long-sentence", "too-long", "too-many-questions", "too-many-cards", "too-many-options", "no-card", "unused-file":
		return true
	}
	return false
}

// squash makes two texts equal that differ only in spaces and in the
// notation's typography.
func squash(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	return strings.NewReplacer(
		"“", `"`, "”", `"`, "‘", "'", "’", "'", "–", "--", "—", "---", "…", "...", "«", "<<", "»", ">>",
	).Replace(text)
}

// settle writes a card until it reads as it should, as plain words if need be,
// and says what is not as it was. Its error says why it can't be written.
func (c *card) settle(files content.Source) ([]string, error) {
	for range 3 {
		r := c.check(files)
		if r.same() {
			return c.changes(), nil
		}
		c.optionIDs = c.optionIDs || r.alike
		plain := r.texts
		if r.structure && len(r.texts) == 0 {
			c.plainTitle = true
			plain = c.texts()
		}
		for _, t := range plain {
			t.asPlain = true
		}
	}
	c.plainTitle, c.optionIDs = true, true
	for _, t := range c.texts() {
		t.asPlain = true
	}
	r := c.check(files)
	if r.same() {
		return c.changes(), nil
	}
	if r.finding == "" {
		r.finding = "write it by hand"
	}
	return nil, fmt.Errorf("it can't be written in this notation, so it is left out: %s", r.finding)
}

func (c *card) texts() []*passageText {
	all := []*passageText{c.stem}
	for _, o := range c.options {
		all = append(all, o.text, o.feedback)
	}
	return all
}

// changes says whether formatting was lost.
func (c *card) changes() []string {
	for _, t := range c.texts() {
		if t.asPlain && t.formatted {
			return []string{"the layout of one of its texts can't be kept, so that text is plain here: look through it"}
		}
	}
	return nil
}
