package content

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// longestSentence is how many words a sentence may have without a warning.
const longestSentence = 35

// prose counts the words of text and notes the sentences that are too long.
type prose struct {
	counts
	spanish bool // its syllables are counted too
	long    []sentence

	current sentence
	word    []rune // what was written since the last space, of Spanish
	inWord  bool   // since the last space
	counted bool   // the word has a letter or a digit
	ended   bool   // a full stop was the last thing but quotes and brackets
}

// sentence is a run of words.
type sentence struct {
	start int // where it begins in the source
	words int
}

// read counts the text in a node.
func (p *prose) read(n ast.Node, source []byte) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				p.write(n.Value(source), n.Segment.Start-n.Segment.Padding)
				if n.SoftLineBreak() || n.HardLineBreak() {
					p.space()
				}
			}
		case *ast.String:
			if entering {
				p.write(n.Value, n.BaseNode.Pos())
			}
		case *span:
			if !entering && n.role == speaker {
				p.endSentence()
			}
		default:
			if n.Type() == ast.TypeBlock {
				p.endSentence()
			}
		}
		return ast.WalkContinue, nil
	})
	p.endSentence()
}

func (p *prose) write(text []byte, at int) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if unicode.IsSpace(r) {
			p.space()
		} else {
			p.character(r, at)
		}
		text, at = text[size:], at+size
	}
}

func (p *prose) character(r rune, at int) {
	if p.current == (sentence{}) && !p.inWord {
		p.current.start = at
	}
	p.inWord = true
	if p.spanish {
		p.word = append(p.word, r)
	}
	switch {
	case r == '.' || r == '!' || r == '?' || r == '…':
		p.ended = true
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		p.characters++
		p.counted, p.ended = true, false
	case !p.ended:
		// A comma or an apostrophe in the midst of it.
	case unicode.In(r, unicode.Pe, unicode.Pf) || r == '"' || r == '\'':
		// Closes what the sentence ended in.
	default:
		p.ended = false
	}
}

func (p *prose) space() {
	if p.counted {
		p.words++
		p.current.words++
		if p.spanish {
			p.syllables += spanishSyllables(p.word)
		}
	}
	p.inWord, p.counted, p.word = false, false, p.word[:0]
	if p.ended {
		p.endSentence()
	}
}

func (p *prose) endSentence() {
	p.ended = false
	if p.inWord {
		p.space()
	}
	if p.current.words > 0 {
		p.sentences++
	}
	if p.current.words > longestSentence {
		p.long = append(p.long, p.current)
	}
	p.current = sentence{}
}

// measure counts the words that a learner reads, card by card, and warns of long
// sentences wherever they are but in footnotes: titles of papers can't be mended.
func (d *draft) measure() {
	for _, c := range d.cards {
		spanish := isLanguageOf(d.language, "es")
		visible, feedback := prose{spanish: spanish}, prose{spanish: spanish}
		if c.heading != nil {
			visible.read(c.heading, d.source)
		}
		for _, block := range c.blocks {
			if block != c.options {
				visible.read(block, d.source)
			}
		}
		for _, o := range c.choices {
			if o.text != nil {
				visible.read(o.text, d.source)
			}
			for _, block := range o.feedback {
				feedback.read(block, d.source)
			}
		}
		c.Words, c.ReadingGrade = visible.words, visible.grade(d.language)
		c.counts = visible.counts.and(feedback.counts)
		c.Text = d.textOf(c)
		for _, s := range append(visible.long, feedback.long...) {
			d.page.warn(d.front.end+s.start, "long-sentence",
				"this sentence has %d words: up to %d are easier to take in, so make two of it", s.words, longestSentence)
		}
	}
}

// textOf returns what a learner reads on a card below its heading.
func (d *draft) textOf(c *draftCard) string {
	var parts []string
	for _, block := range c.blocks {
		if block != c.options {
			parts = append(parts, plainText(block, d.source))
			continue
		}
		for _, o := range c.choices {
			if o.text != nil {
				parts = append(parts, plainText(o.text, d.source))
			}
		}
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.Join(parts, " ")
}
