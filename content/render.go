package content

import (
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// body renders the cards of a module, and with them what the module keeps of
// their questions and replies.
type body struct {
	buffer
	draft    *draft
	rendered map[*draftCard]bool // the branches that have their place
}

// cardsMarkup returns the body of a module: the cards of the main line, each
// branch inside of the first reply that leads to it. The slots are the places in
// it that are different for each reader, first to last.
func (d *draft) cardsMarkup() ([]byte, []slot) {
	b := &body{draft: d, rendered: map[*draftCard]bool{}}
	b.fields = true
	b.Grow(2 * len(d.source)) // mostly enough
	if len(d.cards) > 0 {
		b.beside(d.lineStart(d.start(d.cards[0])))
	}
	for i, c := range d.cards {
		if c.Branch {
			continue
		}
		c.section.html[0] = b.Len()
		b.card(c)
		c.section.html[1] = b.Len()
		c.section.markdown = [2]int{d.lineStart(d.start(c)), c.end}
		for _, branch := range d.cards[i+1:] {
			if !branch.Branch {
				break
			}
			c.section.markdown[1] = branch.end
		}
	}
	b.beside(len(d.text) + 1)
	return b.Bytes(), b.slots
}

func (b *body) card(c *draftCard) {
	switch {
	case c.Question == nil:
		b.open(c, "", true)
		b.title(c)
		b.blocks(c, c.blocks)
	case c.Question.Practice:
		b.open(c, " practice", true)
		b.title(c)
		b.practice(c)
	default:
		b.open(c, " question", false)
		b.form(c)
	}
	b.besideCard(c, c.end)
	b.WriteString("</section>\n")
}

func (b *body) open(c *draftCard, kind string, labelled bool) {
	class := "card"
	if c.Branch {
		class += " branch"
	}
	class += kind
	if c.Pocket {
		class += " pocket"
	}
	fmt.Fprintf(b, `<section class="%s" id="%s"`, class, c.ID)
	if labelled && c.heading != nil {
		fmt.Fprintf(b, ` aria-labelledby="%s-title"`, c.ID)
	}
	if !c.Branch {
		fmt.Fprintf(b, ` data-seconds="%.0f"`, c.Way.Seconds())
	}
	b.WriteString(">\n")
}

func (b *body) title(c *draftCard) {
	if c.heading == nil {
		return
	}
	level := c.heading.Level
	fmt.Fprintf(b, `<h%d id="%s-title">`, level, c.ID)
	b.draft.render(&b.buffer, children(c.heading)...)
	fmt.Fprintf(b, "</h%d>\n", level)
}

func (b *body) blocks(c *draftCard, blocks []ast.Node) {
	for _, block := range blocks {
		b.besideBlock(c, block)
		switch {
		case c.replies[block] != nil:
			b.replies(c, c.replies[block])
		case block == c.closing:
			fmt.Fprintf(b, `<p class="continue">%s</p>`+"\n", b.draft.inside(block))
		default:
			b.draft.render(&b.buffer, block)
		}
	}
}

// replies renders what may be said. Where a reply leads to a branch, the
// branch is right there, folded away, so that choosing needs no script. It is
// there only once: another reply to it, or one that leads back, is a link.
//
// The replies of a group have a name in common, so that a browser folds the
// others when one is opened: only one thing can be said at a time.
func (b *body) replies(c *draftCard, replies []draftReply) {
	c.groups++
	name := "say_" + c.ID // no id has an underscore, so no other group has this name
	if c.groups > 1 {
		name += fmt.Sprint("_", c.groups)
	}
	fmt.Fprintf(b, `<div class="replies" role="group" aria-label="%s">`+"\n", b.draft.phrases.replies)
	for i, to := range b.branches(replies) {
		r := Reply{HTML: b.draft.inside(replies[i].link), To: replies[i].To}
		c.Replies = append(c.Replies, r)
		if to == nil {
			fmt.Fprintf(b, `<a class="reply" href="#%s">%s</a>`+"\n", html.EscapeString(r.To), r.HTML)
			continue
		}
		fmt.Fprintf(b, `<details class="reply" name="%s"><summary>%s</summary>`+"\n", name, r.HTML)
		b.card(to)
		b.WriteString("</details>\n")
	}
	b.WriteString("</div>\n")
}

// branches returns for every reply the branch that belongs inside of it, or
// nil. It takes those of all replies before any is rendered, so that a branch
// is where it can be chosen first and not inside of its neighbour.
func (b *body) branches(replies []draftReply) []*draftCard {
	inside := make([]*draftCard, len(replies))
	for i, r := range replies {
		if to := b.draft.byID[r.To]; to != nil && to.Branch && !b.rendered[to] {
			inside[i] = to
			b.rendered[to] = true
		}
	}
	return inside
}

// form renders a question that is answered with the page's form, or a poll.
// Nothing in it may depend on which option is right.
func (b *body) form(c *draftCard) {
	q := c.Question
	fmt.Fprintf(b, `<fieldset data-kind="%s">`+"\n", q.Kind)
	if c.heading != nil {
		b.WriteString("<legend>")
		b.title(c)
		b.WriteString("</legend>")
	}
	below := b.stem(c)
	input := `<input type="radio" name="q.%s" value="%s" required>`
	switch q.Kind {
	case ChooseOne:
		b.hint(c, b.draft.phrases.one)
	case ChooseAll:
		b.hint(c, b.draft.phrases.all)
		input = `<input type="checkbox" name="q.%s" value="%s">`
	case Poll:
		b.hint(c, b.draft.phrases.poll)
		input = `<input type="radio" name="q.%s" value="%s">`
	}
	var places [][2]int
	for i, o := range b.options(c) {
		b.besideOption(c, i)
		from := b.Len()
		fmt.Fprintf(b, `<label class="option">`+input+"<span>%s</span></label>\n", q.ID, o.ID, o.HTML)
		if b.draft.proof.showsFeedback() && q.Graded() {
			b.feedbackOf(o)
		}
		places = append(places, [2]int{from, b.Len()})
	}
	if q.Graded() && len(places) > 0 {
		b.slots = append(b.slots, slot{from: places[0][0], to: places[len(places)-1][1], id: q.ID, options: places})
	}
	b.blocks(c, below)
	b.WriteString("</fieldset>\n")
}

// practice renders a question that is answered on the spot.
func (b *body) practice(c *draftCard) {
	below := b.stem(c)
	b.hint(c, b.draft.phrases.practice)
	open := ""
	if b.draft.proof.showsFeedback() {
		open = " open"
	}
	for i, o := range b.options(c) {
		b.besideOption(c, i)
		fmt.Fprintf(b, `<details class="option"%s><summary>%s</summary>`, open, o.HTML)
		b.feedbackOf(o)
		b.WriteString("</details>\n")
	}
	b.blocks(c, below)
}

// feedbackOf renders what an option says when it is chosen.
func (b *body) feedbackOf(o Option) {
	class, feedback := "wrong", o.Feedback
	if o.Right {
		class = "right"
	}
	if o.Right && feedback == "" {
		feedback = "<p>" + b.draft.phrases.right + "</p>\n"
	}
	fmt.Fprintf(b, `<div class="feedback %s">`+"\n%s</div>", class, feedback)
}

// stem renders what stands above the options and returns what stands below.
func (b *body) stem(c *draftCard) (below []ast.Node) {
	start := b.Len()
	for i, block := range c.blocks {
		if block == c.options {
			b.blocks(c, c.blocks[:i])
			below = c.blocks[i+1:]
		}
	}
	c.Question.Stem = b.withoutFields(start)
	return below
}

// hint says how to answer, unless the author has.
func (b *body) hint(c *draftCard, hint string) {
	for _, block := range c.blocks {
		says := ""
		if block.Kind() == ast.KindParagraph {
			says = plainText(block, b.draft.source)
		}
		one, all := b.draft.phrases.one, b.draft.phrases.all
		if says != "" && (strings.EqualFold(says, one) || strings.EqualFold(says, all)) && (hint == one || hint == all) {
			return
		}
	}
	fmt.Fprintf(b, `<p class="hint">%s</p>`+"\n", hint)
}

// options makes the question's options of the drafts.
func (b *body) options(c *draftCard) []Option {
	for _, o := range c.choices {
		o.HTML = b.draft.inside(o.text)
		o.Feedback = b.feedback(c, o)
		c.Question.Options = append(c.Question.Options, o.Option)
	}
	return c.Question.Options
}

// feedback renders an option's feedback. That of a question that is not
// answered on the spot is shown on a page of its own: it brings its own
// footnotes, and its links to cards lead back to the module.
func (b *body) feedback(c *draftCard, o draftOption) string {
	if c.Question.Practice {
		return b.draft.markup(o.feedback...)
	}
	notes := b.draft.newNotes(c.ID + "-" + o.ID + "-")
	notes.mark(o.feedback...)
	apart := buffer{away: b.draft.address}
	b.draft.render(&apart, o.feedback...)
	notes.write(&apart)
	return apart.String()
}
