package content

import (
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
)

// draftCard is a card while its module is made.
type draftCard struct {
	Card
	given      string // the id that its heading gives it, if any
	practice   bool
	objective  objectiveMark
	heading    *ast.Heading // nil for an opening card
	blocks     []ast.Node   // what follows the heading
	options    *ast.List    // the block that holds the question's options
	choices    []draftOption
	replies    map[ast.Node][]draftReply // by the list that they are in
	closing    ast.Node                  // the block that is a branch's closing link
	groups     int                       // how many groups of replies have been rendered
	prompts    []*element                // its private questions
	intentions []Intention
	aloud      time.Duration // how long the longest way through it takes to read aloud
	counts     counts        // of all that a learner reads on it, feedback included
	end        int           // where the next card begins in the page
}

// openCards makes a card of every level-2 heading and gives it its id and
// marks, so that links can be told apart from broken ones.
func (d *draft) openCards() {
	first := d.doc.FirstChild()
	for first != nil && first.Kind() == ast.KindLinkReferenceDefinition {
		first = first.NextSibling()
	}
	if first != nil && !startsCard(first) {
		d.addCard(&draftCard{Card: Card{ID: "opening"}})
	}
	for n := d.doc.FirstChild(); n != nil; n = n.NextSibling() {
		if startsCard(n) {
			heading := n.(*ast.Heading)
			c := &draftCard{heading: heading, Card: Card{Title: plainText(heading, d.source)}}
			d.mark(c)
			d.addCard(c)
		}
	}
}

func startsCard(n ast.Node) bool {
	h, ok := n.(*ast.Heading)
	return ok && h.Level == 2
}

// mark reads the attributes of a card's heading.
func (d *draft) mark(c *draftCard) {
	if c.Title == "" {
		d.error(c.heading, "empty-heading", "this heading has no text: write the card's title after ##")
	}
	if strings.Contains(c.Title, "{#") || strings.Contains(c.Title, "{.") {
		d.error(c.heading, "unknown-mark",
			"the braces of %q can't be read: they hold an id and marks, as in {#need .practice}, and end the line", c.Title)
	}
	for _, a := range c.heading.Attributes() {
		value, _ := a.Value.([]byte)
		switch string(a.Name) {
		case "id":
			c.ID = d.givenID(c.heading, string(value))
		case "objective":
			c.objective = readObjective(a.Value)
		case "class":
			for _, mark := range strings.Fields(string(value)) {
				d.setMark(c, mark)
			}
		default:
			d.error(c.heading, "unknown-mark",
				"%q means nothing in the heading %q: its braces may hold #id, .branch, .practice, .pocket and objective=1", a.Name, c.Title)
		}
	}
}

func (d *draft) setMark(c *draftCard, mark string) {
	switch mark {
	case "branch":
		c.Branch = true
	case "practice":
		c.practice = true
	case "pocket":
		c.Pocket = true
	default:
		d.error(c.heading, "unknown-mark",
			"%q means nothing in the heading %q: the marks are .branch, .practice, .pocket and objective=1", "."+mark, c.Title)
	}
}

// givenID returns an id as its author gave it, or the nearest one that can be
// used.
func (d *draft) givenID(n ast.Node, id string) string {
	if !IsCardID(id) {
		d.error(n, "bad-id",
			"the id %q can't be used: take small letters, digits and hyphens, not beginning with fn- or ending with -title", id)
		return Slug(id)
	}
	return id
}

// IsCardID says whether an author may give a card an id.
func IsCardID(id string) bool { return IsSlug(id) && !reserved(id) }

// reserved says whether an id could be mistaken for one that the page gives to
// a footnote or to a card's title.
func reserved(id string) bool {
	return strings.HasPrefix(id, "fn-") || strings.HasPrefix(id, "fnref-") || strings.HasSuffix(id, "-title")
}

// addCard adds a card under an id that no other card has. A translated card has
// the id of what it translates.
func (d *draft) addCard(c *draftCard) {
	c.given = c.ID
	if original := d.counterpart(); original != nil {
		if c.heading != nil {
			d.sameID(d.start(c), c.given, original.given, original.ID)
		}
		c.ID = original.ID
		d.ids.take(c.ID)
		d.keepCard(c)
		return
	}
	if c.ID == "" {
		c.ID = makeID(c.Title, 60)
	}
	if reserved(c.ID) {
		c.ID += "-card"
	}
	id, free := d.ids.take(c.ID)
	if !free {
		d.error(c.heading, "duplicate-card-id",
			"another card has the id %q already: give this one an id of its own, as in ## %s {#another-id}", c.ID, c.Title)
	}
	c.ID = id
	d.keepCard(c)
}

func (d *draft) keepCard(c *draftCard) {
	d.byID[c.ID] = c
	d.cards = append(d.cards, c)
}

// start returns where a card begins in the page.
func (d *draft) start(c *draftCard) int {
	if c.heading == nil {
		return d.front.end
	}
	return d.at(c.heading)
}

// fillCards hands the blocks of the document to their cards.
func (d *draft) fillCards() {
	next := 0
	for n := d.doc.FirstChild(); n != nil; n = n.NextSibling() {
		switch {
		case startsCard(n):
			if d.cards[next].heading != n {
				next++
			}
		case n.Kind() != ast.KindLinkReferenceDefinition:
			c := d.cards[next]
			c.blocks = append(c.blocks, n)
		}
	}
	end := len(d.text)
	for _, c := range slices.Backward(d.cards) {
		c.end = end
		end = d.lineStart(d.start(c))
		c.Line, _ = d.position(end)
	}
}

// The most that a module may have. Nobody gets through more in five minutes,
// and a page with more would be slow to open.
const (
	mostCards     = 60
	mostQuestions = 40
	mostOptions   = 20
)

// checkLimits reports a module that is too large, at the first card that is too
// many.
func (d *draft) checkLimits() {
	if len(d.cards) > mostCards {
		d.page.error(d.start(d.cards[mostCards]), "too-many-cards",
			"the module has %d cards, and may have %d: part it into several modules", len(d.cards), mostCards)
	}
	questions := 0
	for _, c := range d.cards {
		if c.Question == nil {
			continue
		}
		questions++
		if questions == mostQuestions+1 {
			d.page.error(d.start(c), "too-many-questions",
				"this is more than the %d questions that a module may have: part it into several modules", mostQuestions)
		}
		if len(c.choices) > mostOptions {
			d.error(c.choices[mostOptions].item, "too-many-options",
				"the question %q has %d options, and may have %d: leave out those that nobody would choose", c.Title, len(c.choices), mostOptions)
		}
	}
}

// levelHeadings sets the levels of the headings within cards, so that they are
// below the card's own: 2 on the main line, 3 in a branch.
func (d *draft) levelHeadings() {
	order := headingOrder{least: 3}
	for _, h := range d.found.headings {
		if h.Level == 1 {
			d.error(h, "level-1-heading",
				"a heading with one # is the title, which the front matter has: begin a card with ##")
		}
		if startsCard(h) && h.Parent() == d.doc {
			order.last = h.Level
			continue
		}
		if len(h.Attributes()) > 0 {
			d.error(h, "unknown-mark", "only a card's heading (##) can have an id or marks: remove the braces here")
		}
		order.take(h)
	}
	for _, c := range d.cards {
		if c.Branch {
			c.heading.Level = 3
			c.deepen()
		}
	}
}

// headingOrder keeps headings from leaving out a level, which would puzzle those
// who find their way by them.
type headingOrder struct {
	least int // the level that none may be above
	last  int // the level of the heading before
}

func (o *headingOrder) take(h *ast.Heading) {
	h.Level = max(o.least, min(h.Level, o.last+1))
	o.last = h.Level
}

// deepen lowers the headings in a card by one level.
func (c *draftCard) deepen() {
	for _, b := range c.blocks {
		_ = ast.Walk(b, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if h, ok := n.(*ast.Heading); ok && entering {
				h.Level = min(6, h.Level+1)
			}
			return ast.WalkContinue, nil
		})
	}
}
