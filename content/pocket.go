package content

import "fmt"

// pocketMarkup returns the skills cards as they are shown alone, away from the
// module's page: without ids, with their own footnotes, and with links that lead
// back to the module. A question stays there, and so does a learner's answer.
func (d *draft) pocketMarkup() []byte {
	b := buffer{away: d.address}
	for _, c := range d.cards {
		if !c.Pocket {
			continue
		}
		b.notes = d.newNotes(fmt.Sprintf("%s-%s-", d.slug, c.ID))
		b.WriteString(`<section class="card pocket">` + "\n")
		if c.heading != nil {
			b.WriteString("<h2>")
			d.render(&b, children(c.heading)...)
			b.WriteString("</h2>\n")
		}
		for _, block := range c.blocks {
			if block != c.options {
				d.render(&b, block)
			}
		}
		b.notes.write(&b)
		b.WriteString("</section>\n")
	}
	return b.Bytes()
}
