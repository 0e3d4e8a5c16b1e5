package questionbank

import (
	"strconv"
	"strings"
)

// passage reads a category or an item.
func (r *giftReader) passage(p passage) {
	if name, ok := strings.CutPrefix(p.lines[0].text, "$CATEGORY:"); ok {
		r.category(giftUnescape(name))
		p.lines = p.lines[1:]
	}
	if len(p.lines) == 0 {
		return
	}
	it := item{line: p.lines[0].number}
	for _, c := range p.comments {
		it.comment(c)
	}
	said := p.text()
	if rest, ok := strings.CutPrefix(said, "::"); ok {
		end := titleEnd(rest)
		if end < 0 {
			r.report(it.line, "the title that begins with :: has no end: close it with :: again")
			return
		}
		it.title = giftUnescape(rest[:end])
		said = rest[end+2:]
	}
	r.item(it, said, p)
}

// titleEnd returns where the :: behind a title is, or -1.
func titleEnd(text string) int {
	for at := 0; ; at++ {
		at = find(text, at, ':')
		if at < 0 || strings.HasPrefix(text[at:], "::") {
			return at
		}
	}
}

// item reads an item without its title.
func (r *giftReader) item(it item, said string, p passage) {
	open := find(said, 0, '{')
	if open < 0 {
		it.stem = giftText(said, autoText)
		if find(said, 0, '}') >= 0 {
			r.leaveOut(it, `there is a } without a { before it: write \} if you mean the sign`)
			return
		}
		it.form = description
		r.add(it)
		return
	}
	it.stem = giftText(said[:open], autoText)
	end := find(said, open, '}')
	if end < 0 {
		it.line = p.lineFromEnd(said[open:])
		r.leaveOut(it, `the answers begin here with { but do not end: close them with }, or write \{ if you mean the sign`)
		return
	}
	answers, rest := said[open+1:end], said[end+1:]
	if find(answers, 0, '{') >= 0 || find(rest, 0, '{') >= 0 || find(rest, 0, '}') >= 0 {
		r.leaveOut(it, `it has more than one { or }: put a blank line between two questions, and write \{ and \} if you mean the signs`)
		return
	}
	if strings.TrimSpace(rest) != "" {
		it.stem = giftText(said[:open]+"_____"+rest, autoText)
	}
	r.answers(it, answers)
}

// lineFromEnd returns the number of the line in which the end of the passage
// begins.
func (p passage) lineFromEnd(end string) int {
	return p.lines[max(0, len(p.lines)-1-strings.Count(end, "\n"))].number
}

// answers reads what is between the braces.
func (r *giftReader) answers(it item, block string) {
	block, general := cutGeneral(block)
	feedback := giftText(general, it.stem.format)
	block = strings.TrimSpace(block)
	first, _, _ := strings.Cut(block, "#")
	switch {
	case block == "":
		it.form = essay
	case block[0] == '#':
		r.leaveOut(it, "%s", leftOut("numerical"))
		return
	case isTrue(first) || isFalse(first):
		it.form = question
		it.trueFalse(isTrue(first), split(block, '#')[1:])
	case find(block, 0, '~') >= 0:
		it.form = question
		if problem := it.multipleChoice(block); problem != "" {
			r.leaveOut(it, "%s", problem)
			return
		}
	case find(block, 0, '=') < 0:
		r.leaveOut(it, "what is between { and } is no answer: begin a right option with = and a wrong one with ~")
		return
	case strings.Contains(block, "->"):
		r.leaveOut(it, "%s", leftOut("matching"))
		return
	default:
		r.leaveOut(it, "%s", leftOut("shortanswer"))
		return
	}
	it.generalFeedback(feedback)
	r.add(it)
}

// cutGeneral parts the general feedback from the answers.
func cutGeneral(block string) (answers, general string) {
	for at := 0; ; at++ {
		at = find(block, at, '#')
		if at < 0 {
			return block, ""
		}
		if rest, ok := strings.CutPrefix(block[at:], "####"); ok {
			return block[:at], rest
		}
	}
}

func isTrue(word string) bool {
	word = strings.ToUpper(strings.TrimSpace(word))
	return word == "T" || word == "TRUE"
}

func isFalse(word string) bool {
	word = strings.ToUpper(strings.TrimSpace(word))
	return word == "F" || word == "FALSE"
}

// trueFalse makes the two options. The first feedback is for the wrong answer,
// the second for the right one.
func (it *item) trueFalse(is bool, feedback []string) {
	it.choices = []choice{
		{text: text{format: plainText, raw: "True"}, right: is},
		{text: text{format: plainText, raw: "False"}, right: !is},
	}
	wrong, right := &it.choices[1], &it.choices[0]
	if !is {
		wrong, right = right, wrong
	}
	for i, c := range []*choice{wrong, right} {
		if i < len(feedback) {
			c.say(giftText(feedback[i], it.stem.format))
		}
	}
}

func (c *choice) say(feedback text) {
	if !feedback.empty() {
		c.feedback = append(c.feedback, feedback)
	}
}

// multipleChoice reads options, and says what keeps them from being read.
func (it *item) multipleChoice(block string) string {
	begin := nextOption(block, 0)
	if strings.TrimSpace(block[:begin]) != "" {
		return "there is text between { and the first option: begin a right option with = and a wrong one with ~"
	}
	single := false
	for begin < len(block) {
		end := nextOption(block, begin+1)
		c := choice{}
		said := strings.TrimSpace(block[begin+1 : end])
		if block[begin] == '=' {
			single, c.weight = true, 100
		}
		said = c.readWeight(said)
		parts := split(said, '#')
		c.text = giftText(parts[0], it.stem.format)
		c.say(giftText(strings.Join(parts[1:], "#"), it.stem.format))
		it.choices = append(it.choices, c)
		begin = end
	}
	it.weigh(single)
	return ""
}

// nextOption returns where the next = or ~ is, or the end.
func nextOption(block string, from int) int {
	at := len(block)
	for _, sign := range []byte("=~") {
		if i := find(block[:at], from, sign); i >= 0 {
			at = i
		}
	}
	return at
}

// readWeight takes a weight, as in %50%, off the beginning of an option.
func (c *choice) readWeight(said string) string {
	rest, ok := strings.CutPrefix(said, "%")
	number, rest, closed := strings.Cut(rest, "%")
	weight, err := strconv.ParseFloat(number, 64)
	if !ok || !closed || err != nil || weight < -100 || weight > 100 {
		return said
	}
	c.weight = weight
	return rest
}

// leftOut says why an item of a type has no card, and what to do instead.
func leftOut(kind string) string {
	instead := "ask it as a choice between options"
	name := "a question of the type " + strconv.Quote(kind)
	switch kind {
	case "numerical", "calculated", "calculatedsimple":
		name, instead = "a question that asks for a number", "ask it as a choice between numbers"
	case "calculatedmulti":
		name, instead = "a choice with calculated numbers", "write the numbers into it and import it as multiple choice"
	case "matching", "match", "randomsamatch", "ddmatch":
		name, instead = "a matching question", "ask for one pair at a time, as a choice between options"
	case "shortanswer":
		name, instead = "a question with a short answer", "offer the answers as options, or make it an essay, which becomes a reflection"
	case "cloze", "multianswer", "gapselect", "ddwtos":
		name, instead = "a text with gaps", "ask for one gap at a time, as a choice between options"
	}
	return name + " has no form here, so it is left out: " + instead
}
