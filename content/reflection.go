package content

import (
	"fmt"
	"strconv"
)

// LongestAnswer is how many characters the answer to a private question may have.
const LongestAnswer = 8_000

// answerField is where a learner answers a private question: what stands before
// the question, and what follows it, parted where the length that it may have,
// the learner's text and its mark belong.
type answerField struct {
	id     string
	before string
	after  [5]string
}

// answerField returns the field of a private question. Its ids have an
// underscore, so that no card can have them.
func (d *draft) answerField(id string) *answerField {
	return &answerField{
		id: id,
		before: fmt.Sprintf(`<aside class="reflect" id="reflect_%s"><p class="callout-title">%s</p>`+"\n"+
			`<div id="reflect_%s_prompt">`+"\n", id, d.phrases.reflect, id),
		after: [5]string{
			fmt.Sprintf(`<textarea name="r.%s" rows="4" aria-labelledby="reflect_%s_prompt" aria-describedby="reflect_%s_private" autocomplete="off" maxlength="`, id, id, id),
			strconv.Itoa(LongestAnswer),
			`">`,
			fmt.Sprintf(`</textarea><input type="hidden" name="w.%s" value="`, id),
			fmt.Sprintf(`">`+"\n"+`<p class="quiet small" id="reflect_%s_private">%s</p>`+"\n"+
				`<div class="reflect-save"><button class="second" name="save" value="%s" formaction="%s/reflections" formnovalidate>%s</button>`+
				`<noscript><span class="quiet small">%s</span></noscript>`+
				`<span class="reflect-state" role="status"></span></div>`, id, d.phrases.private, id, d.address, d.phrases.save, d.phrases.saving),
		},
	}
}

// answer writes what stands before a private question, or what follows it.
func (b *buffer) answer(a *answerField, entering bool) {
	if entering {
		b.WriteString(a.before)
		return
	}
	b.WriteString("</div>\n")
	field := slot{from: b.Len(), id: a.id}
	for i, piece := range a.after {
		b.WriteString(piece)
		if i < len(field.gaps) {
			field.gaps[i] = b.Len()
		}
	}
	field.to = b.Len()
	b.slots = append(b.slots, field)
	b.WriteString("</aside>\n")
}

// withoutFields returns the markup from an offset on, without the fields of the
// private questions in it: on another page nobody would take what is written.
func (b *buffer) withoutFields(from int) string {
	var plain []byte
	for _, s := range b.slots {
		if s.options == nil && s.from >= from {
			plain = append(plain, b.Bytes()[from:s.from]...)
			from = s.to
		}
	}
	return string(append(plain, b.Bytes()[from:]...))
}
