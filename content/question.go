package content

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// draftOption is an option while its module is made.
type draftOption struct {
	Option
	given    string // the id that its author gave it, if any
	item     ast.Node
	text     ast.Node // the first block of the item
	feedback []ast.Node
}

// askQuestions finds the question of every card.
func (d *draft) askQuestions() {
	for _, c := range d.cards {
		for _, block := range c.blocks {
			list, ok := block.(*ast.List)
			if !ok || !isTaskList(list) {
				continue
			}
			if c.options != nil {
				d.error(list, "two-questions",
					"the card %q has a second list of options: a card asks one question, so begin another card for this one", c.Title)
				d.dropBoxes(list)
				continue
			}
			d.ask(c, list)
		}
		if c.Question == nil && c.practice {
			d.error(c.heading, "no-question", "the card %q is marked .practice but has no options: add a list with [ ] and [x]", c.Title)
		}
	}
	for _, box := range d.found.boxes {
		if box.Parent() != nil {
			d.error(box, "stray-box", "this box belongs to no question: options are a list of their own in a card, not inside of another block")
		}
	}
}

// isTaskList says whether any item of a list has a box.
func isTaskList(list *ast.List) bool {
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if boxOf(item) != nil {
			return true
		}
	}
	return false
}

// dropBoxes removes the boxes of a list, which were reported with it.
func (d *draft) dropBoxes(list *ast.List) {
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if box := boxOf(item); box != nil {
			box.Parent().RemoveChild(box.Parent(), box)
		}
	}
}

func boxOf(item ast.Node) *east.TaskCheckBox {
	if item.FirstChild() == nil {
		return nil
	}
	box, _ := item.FirstChild().FirstChild().(*east.TaskCheckBox)
	return box
}

// ask makes a list of options the question of its card.
func (d *draft) ask(c *draftCard, list *ast.List) {
	c.options = list
	c.Question = &Question{ID: c.ID, Title: c.Title, Practice: c.practice, asks: d.askedBy(c, list)}
	c.Question.at[0], c.Question.at[1] = d.position(d.start(c))
	ids := idSet{}
	var originals []draftOption
	if d.original != nil && d.original.byID[c.ID] != nil {
		originals = d.original.byID[c.ID].choices
	}
	right := 0
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		var original draftOption
		if n := len(c.choices); n < len(originals) {
			original = originals[n]
		}
		o := d.option(item, ids, original)
		if o.Right {
			right++
		}
		c.choices = append(c.choices, o)
	}
	switch right {
	case 0:
		c.Question.Kind = Poll
	case 1:
		c.Question.Kind = ChooseOne
	default:
		c.Question.Kind = ChooseAll
	}
	d.checkQuestion(c)
}

// askedBy returns what a card says besides the options of its question.
func (d *draft) askedBy(c *draftCard, options ast.Node) string {
	parts := []string{c.Title}
	for _, block := range c.blocks {
		if block != options {
			parts = append(parts, plainText(block, d.source))
		}
	}
	return strings.Join(parts, " ")
}

// option reads an item of a task list. original is the option that it
// translates, if any.
func (d *draft) option(item ast.Node, ids idSet, original draftOption) draftOption {
	o := draftOption{item: item, text: item.FirstChild()}
	if box := boxOf(item); box != nil {
		o.Right = box.IsChecked
		box.Parent().RemoveChild(box.Parent(), box)
	} else {
		d.error(item, "no-box", "this item has no box, but others in the list do: begin it with [ ] or, if it is right, with [x]")
	}
	if o.text != nil && (o.text.Kind() == ast.KindTextBlock || o.text.Kind() == ast.KindParagraph) {
		o.feedback = children(item)[1:]
		o.ID = d.trailingID(o.text)
	} else {
		o.text, o.feedback = nil, children(item)
	}
	o.at[0], o.at[1] = d.position(d.at(item))
	for _, block := range o.feedback {
		o.teaches = strings.TrimSpace(o.teaches + " " + plainText(block, d.source))
	}
	o.given = o.ID
	if original.ID != "" {
		d.sameID(d.at(item), o.given, original.given, original.ID)
		o.ID = original.ID
	}
	d.identify(&o, ids)
	return o
}

// identify gives an option its id: the one that its author gave it, or else
// one made from its text, and so no longer than the text stays the same.
func (d *draft) identify(o *draftOption, ids idSet) {
	if o.text != nil {
		o.says = plainText(o.text, d.source)
	}
	if o.says == "" && d.inside(o.text) == "" {
		d.error(o.item, "empty-option", "this option has no text: write it behind the box")
	}
	if o.ID == "" {
		o.ID = makeID(o.says, 40)
	}
	id, free := ids.take(o.ID)
	if !free {
		d.error(o.item, "duplicate-option-id",
			"another option of this question has the id %q already: change its text, or end it with an id of its own, such as {#another-id}", o.ID)
	}
	o.ID = id
}

// trailingID takes an id in braces off the end of a block's text.
func (d *draft) trailingID(block ast.Node) string {
	if block.Lines().Len() == 0 {
		return ""
	}
	line := block.Lines().At(block.Lines().Len() - 1)
	value := line.Value(d.source)
	brace := bytes.LastIndexByte(value, '{')
	if brace < 0 || brace > 0 && value[brace-1] == '\\' {
		return ""
	}
	reader := text.NewReader(value[brace:])
	attributes, ok := parser.ParseAttributes(reader)
	if rest, _ := reader.PeekLine(); !ok || !util.IsBlank(rest) || len(attributes) != 1 {
		return ""
	}
	id, ok := attributes[0].Value.([]byte)
	if !ok || string(attributes[0].Name) != "id" {
		return ""
	}
	if !cutText(block, line.Start+brace-line.Padding, d.source) {
		return ""
	}
	return d.givenID(block, string(id))
}

// cutText removes the text from an offset to the end of a block, and says
// whether it could: it can't in the middle of anything but text.
func cutText(block ast.Node, from int, source []byte) bool {
	var gone []ast.Node
	for c := block.LastChild(); c != nil; c = c.PreviousSibling() {
		t, ok := c.(*ast.Text)
		if !ok && c.Kind() != ast.KindString {
			return false
		}
		if ok && t.Segment.Start <= from {
			t.Segment.Stop = max(t.Segment.Start, min(t.Segment.Stop, from))
			t.Segment = t.Segment.TrimRightSpace(source)
			for _, n := range gone {
				block.RemoveChild(block, n)
			}
			return true
		}
		gone = append(gone, c)
	}
	return false
}

// checkQuestion reports what keeps a question from being fair to learners.
func (d *draft) checkQuestion(c *draftCard) {
	q := c.Question
	if c.heading == nil {
		d.error(c.options, "question-without-heading", "this question needs a card of its own: put a heading with ## above it")
	}
	if len(c.choices) < 2 {
		d.error(c.options, "too-few-options", "the question %q has only one option: add at least one more", q.Title)
	}
	if q.Practice && q.Kind == Poll {
		d.error(c.heading, "no-right-option",
			"the practice question %q has no right option: mark one with [x], or take .practice away to make it a poll", q.Title)
	}
	if c.Branch && q.Graded() {
		d.error(c.heading, "graded-branch",
			"the question %q would be scored, but it is in a branch that not every learner meets: move it to the main line or mark it .practice", q.Title)
	}
	if q.Kind != Poll {
		d.checkFeedback(c)
	}
	if c.blocks[len(c.blocks)-1] != c.options {
		d.checkBelow(c)
	}
}

func (d *draft) checkFeedback(c *draftCard) {
	for _, o := range c.choices {
		if !o.Right && len(o.feedback) == 0 && o.text != nil {
			d.error(o.item, "no-feedback",
				"the question %q has no feedback for the wrong option %q: add an indented paragraph below the option",
				c.Title, plainText(o.text, d.source))
		}
	}
}

// checkBelow warns of a block below the options, which is mostly feedback that
// was not indented.
func (d *draft) checkBelow(c *draftCard) {
	below := false
	for _, b := range c.blocks {
		if below {
			d.warn(b, "text-below-options",
				"learners see this text below the options before they answer: indent it if it is feedback, or move it above the options")
			return
		}
		below = b == c.options
	}
}
