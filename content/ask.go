package content

import (
	"slices"

	"github.com/yuin/goldmark/ast"
)

// askReader finds the private questions and the intentions of every card, and
// gives them their ids.
func (d *draft) askReader() {
	asked := map[*element]bool{}
	for _, c := range d.cards {
		for _, block := range c.blocks {
			if block == c.options {
				continue
			}
			for _, p := range promptsIn(block) {
				asked[p] = true
				if p.prompt == reflect {
					c.prompts = append(c.prompts, p)
				} else {
					c.intentions = append(c.intentions, d.intentionsIn(p)...)
				}
			}
		}
	}
	d.identifyPrompts()
	d.identifyIntentions()
	for _, p := range d.found.prompts {
		if !asked[p] {
			d.warn(p, "stray-prompt", "learners can't answer this here: move the block out of the feedback or footnote, into the text of a card")
		}
	}
}

// promptsIn returns the prompts in a block, itself included.
func promptsIn(block ast.Node) []*element {
	var found []*element
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if p, ok := n.(*element); ok && entering && p.prompt != "" {
			found = append(found, p)
		}
		return ast.WalkContinue, nil
	})
	return found
}

// intentionsIn returns the intentions of a prompt, which are the items of its
// list. One without words can't be chosen where nothing but words is shown.
func (d *draft) intentionsIn(prompt *element) []Intention {
	var all []Intention
	for item := prompt.FirstChild().FirstChild(); item != nil; item = item.NextSibling() {
		if says := plainText(item, d.source); says != "" {
			all = append(all, Intention{Text: says})
		}
	}
	return all
}

// identifyPrompts gives the first private question of a card the card's id, and
// a later one that id with a number. A translated one has the id of what it
// translates.
func (d *draft) identifyPrompts() {
	ids := idSet{}
	for _, c := range d.originalCards() {
		for _, p := range c.prompts {
			ids.take(p.answer.id)
		}
	}
	// All first ones come before any later one, so that they do get their card's
	// id: another card may have an id that ends in a number.
	for _, later := range []bool{false, true} {
		for _, c := range d.cards {
			for i, p := range c.prompts {
				if later == (i > 0) {
					p.answer = d.answerField(d.promptID(c, i, ids))
				}
			}
		}
	}
}

func (d *draft) promptID(c *draftCard, nth int, ids idSet) string {
	if original := d.originalOf(c); nth < len(original.prompts) {
		return original.prompts[nth].answer.id
	}
	id, _ := ids.take(c.ID)
	return id
}

// identifyIntentions gives every intention an id that is made from its text, as
// those of options are.
func (d *draft) identifyIntentions() {
	ids := idSet{}
	for _, c := range d.originalCards() {
		for _, intention := range c.intentions {
			ids.take(intention.ID)
		}
	}
	for _, c := range d.cards {
		original := d.originalOf(c)
		for i := range c.intentions {
			if i < len(original.intentions) {
				c.intentions[i].ID = original.intentions[i].ID
				continue
			}
			c.intentions[i].ID, _ = ids.take(makeID(c.intentions[i].Text, 40))
		}
	}
}

// originalCards returns the cards of the module that this draft translates, if
// it does.
func (d *draft) originalCards() []*draftCard {
	if d.original == nil {
		return nil
	}
	return d.original.cards
}

// originalOf returns the card that a card translates, or an empty one.
func (d *draft) originalOf(c *draftCard) *draftCard {
	if d.original == nil || d.original.byID[c.ID] == nil {
		return &draftCard{}
	}
	return d.original.byID[c.ID]
}

// reread notes for every question the cards that its feedback leads back to.
// Those of graded questions are nothing to read.
func (d *draft) reread() {
	for _, c := range d.cards {
		for _, o := range c.choices {
			for _, block := range o.feedback {
				d.rereadIn(c.Question, block)
			}
		}
	}
}

func (d *draft) rereadIn(q *Question, block ast.Node) {
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		l, ok := n.(*span)
		if !ok || !entering || l.card == "" || d.byID[l.card] == nil {
			return ast.WalkContinue, nil
		}
		asks := d.byID[l.card].Question
		if (asks == nil || !asks.Graded()) && !slices.Contains(q.Reread, l.card) {
			q.Reread = append(q.Reread, l.card)
		}
		return ast.WalkContinue, nil
	})
}
