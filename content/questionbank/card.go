package questionbank

import (
	"fmt"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// card is an item on its way into Markdown.
type card struct {
	form       form
	id, title  string
	practice   bool
	stem       *passageText
	options    []cardOption
	plainTitle bool
	optionIDs  bool // each option has an id of its own, because their texts are alike
}

type cardOption struct {
	right          bool
	text, feedback *passageText
}

// passageText is one text of a card.
type passageText struct {
	said      string // in one line, as it should come out again
	markdown  string
	plain     string // the same without any markup
	asPlain   bool
	formatted bool // there is something that plain words would lose
}

func (t *passageText) String() string {
	if t.asPlain {
		return t.plain
	}
	return t.markdown
}

// cardWriter makes the cards of a bank.
type cardWriter struct {
	converter *converter.Converter
	pictures  *pictures
	lost      []string // of the item at hand
}

// text writes some texts after each other.
func (w *cardWriter) text(inline bool, texts ...text) (*passageText, error) {
	whole := element(atom.Div)
	for _, t := range texts {
		tree, err := t.tree()
		if err != nil {
			return nil, err
		}
		c := newCleaner(w.pictures, inline)
		clean := c.cleanText(tree, t.files)
		w.lost = append(w.lost, c.lost...)
		if len(texts) == 1 {
			whole = clean
		} else {
			whole.AppendChild(clean)
		}
	}
	return w.passage(whole)
}

func (w *cardWriter) passage(tree *html.Node) (*passageText, error) {
	t := &passageText{said: words(tree), formatted: isFormatted(tree)}
	t.plain = strings.Join(paragraphs(tree), "\n\n")
	markdown, err := toMarkdown(w.converter, tree)
	t.markdown = markdown
	return t, err
}

// isFormatted says whether a tree has more than paragraphs.
func isFormatted(tree *html.Node) bool {
	for n := range tree.Descendants() {
		if n.Type == html.ElementNode && n.DataAtom != atom.P && n.DataAtom != atom.Div {
			return true
		}
	}
	return false
}

// paragraphs returns what the blocks of a tree say, escaped.
func paragraphs(tree *html.Node) []string {
	var all []string
	var line strings.Builder
	end := func() {
		if said := strings.Join(strings.Fields(line.String()), " "); said != "" {
			all = append(all, escaped(said))
		}
		line.Reset()
	}
	for n := range tree.ChildNodes() {
		if isBlock(n.DataAtom) {
			end()
		}
		writeWords(&line, n)
		if isBlock(n.DataAtom) {
			end()
		}
	}
	end()
	return all
}

// card makes a card of an item. It returns an error if a text is too tangled.
func (w *cardWriter) card(it item, id string) (*card, error) {
	title := strings.NewReplacer("{#", "{ #", "{.", "{ .").Replace(it.name())
	c := &card{form: it.form, id: id, title: title, practice: it.practice}
	stem, err := w.text(false, it.stem)
	if err != nil {
		return nil, err
	}
	if !stem.formatted && squash(stem.said) == squash(title) && it.form != essay {
		stem = &passageText{} // the title says it
	}
	c.stem = stem
	for _, ch := range it.choices {
		o := cardOption{right: ch.right, feedback: &passageText{}}
		o.text, err = w.text(true, ch.text)
		if err != nil {
			return nil, err
		}
		if len(ch.feedback) > 0 {
			o.feedback, err = w.text(false, ch.feedback...)
			if err != nil {
				return nil, err
			}
		}
		c.options = append(c.options, o)
	}
	return c, nil
}

// Markdown writes the card in our notation.
func (c *card) Markdown() string {
	var b strings.Builder
	b.WriteString(c.heading())
	stem := c.stem.String()
	if c.form == essay {
		stem = reflection(escaped(c.title), stem)
	}
	if stem != "" {
		b.WriteString("\n" + stem + "\n")
	}
	for i, o := range c.options {
		if i == 0 {
			b.WriteByte('\n')
		}
		box := "- [ ] "
		if o.right {
			box = "- [x] "
		}
		said := o.text.String()
		if c.optionIDs {
			said += fmt.Sprintf(" {#option-%d}", i+1)
		}
		b.WriteString(indented(box, said))
		if feedback := o.feedback.String(); feedback != "" {
			b.WriteString("\n" + indented("  ", feedback))
		}
	}
	return b.String()
}

func (c *card) heading() string {
	title := escaped(c.title)
	if !c.plainTitle {
		title = strings.ReplaceAll(resolve(protect(c.title)), " #", ` \#`) // or it would close the heading
	}
	mark := ""
	if c.practice {
		mark = " .practice"
	}
	return "## " + title + " {#" + c.id + mark + "}\n"
}

// reflection puts the last paragraph of a text, which asks something, into a
// block of its own. If the text ends in anything else, its title asks.
func reflection(title, stem string) string {
	last := lastBlock(stem)
	before := strings.TrimSuffix(stem, last)
	if !isParagraph(last) {
		before, last = stem+"\n\n", title
	}
	return strings.TrimLeft(before, "\n") + "```reflect\n" + last + "\n```"
}

func lastBlock(markdown string) string {
	return markdown[strings.LastIndex("\n\n"+markdown, "\n\n"):]
}

func isParagraph(markdown string) bool {
	for _, mark := range []string{"* ", "> ", "|", "#", "```", " ", "!["} {
		if strings.HasPrefix(markdown, mark) {
			return false
		}
	}
	number, _, dot := strings.Cut(markdown, ". ")
	return markdown != "" && !(dot && strings.Trim(number, "0123456789") == "") && !strings.HasSuffix(markdown, "```")
}

// indented writes lines after a mark, and the others as far in as its text.
func indented(mark, lines string) string {
	var b strings.Builder
	for i, line := range strings.Split(lines, "\n") {
		switch {
		case i == 0:
			b.WriteString(mark)
		case line != "":
			b.WriteString("  ")
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}
