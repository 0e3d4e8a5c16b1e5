package content

import (
	"github.com/yuin/goldmark/ast"
)

// draftReply is a reply while its module is made.
type draftReply struct {
	To   string
	link *span
}

// converse finds the replies and the closing links, and which branches can be
// reached.
func (d *draft) converse() {
	for _, c := range d.cards {
		for _, block := range c.blocks {
			if replies := repliesIn(block); replies != nil && block != c.options {
				if c.replies == nil {
					c.replies = map[ast.Node][]draftReply{}
				}
				c.replies[block] = replies
			}
		}
		if c.Branch && len(c.blocks) > 0 {
			d.close(c)
		}
	}
	reached := d.reached()
	for _, c := range d.cards {
		if c.Branch && !reached[c] {
			d.error(c.heading, "unreachable-branch",
				"no reply leads to the branch %q: add a reply such as - [Words](#%s) to a card before it, or remove .branch", c.Title, c.ID)
		}
	}
}

// repliesIn returns the replies of a list in which every item is one link to a
// card and nothing else, or nil.
func repliesIn(block ast.Node) []draftReply {
	list, ok := block.(*ast.List)
	if !ok {
		return nil
	}
	var replies []draftReply
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if item.ChildCount() != 1 {
			return nil
		}
		l := cardLink(item.FirstChild())
		if l == nil {
			return nil
		}
		replies = append(replies, draftReply{To: l.card, link: l})
	}
	return replies
}

// cardLink returns the link of a block that is one link to a card and nothing
// else, or nil.
func cardLink(block ast.Node) *span {
	if k := block.Kind(); k != ast.KindParagraph && k != ast.KindTextBlock || block.ChildCount() != 1 {
		return nil
	}
	l, ok := block.FirstChild().(*span)
	if !ok || l.card == "" {
		return nil
	}
	return l
}

// close makes a branch's last block its closing link, if it is one.
func (d *draft) close(c *draftCard) {
	last := c.blocks[len(c.blocks)-1]
	if l := cardLink(last); l != nil && last.Kind() == ast.KindParagraph {
		c.Next, c.closing = l.card, last
	}
}

// reached returns the branches that replies lead to, beginning from the cards
// that everybody meets.
func (d *draft) reached() map[*draftCard]bool {
	reached := map[*draftCard]bool{}
	var follow func(c *draftCard)
	follow = func(c *draftCard) {
		for _, replies := range c.replies {
			for _, r := range replies {
				if to := d.byID[r.To]; to != nil && to.Branch && !reached[to] {
					reached[to] = true
					follow(to)
				}
			}
		}
	}
	for _, c := range d.cards {
		if !c.Branch {
			follow(c)
		}
	}
	return reached
}
