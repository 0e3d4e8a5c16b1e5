package questionbank

import (
	"strconv"
	"strings"
)

// question reads a question of Moodle XML.
func (r *xmlReader) question(q *xmlNode) {
	kind := strings.TrimSpace(q.attr("type"))
	if kind == "category" {
		r.category(q.child("category").child("text").text)
		return
	}
	it := item{
		line:  q.line,
		title: q.child("name").child("text").text,
		id:    usableID(q.child("idnumber").text, 60),
		stem:  moodleText(q.child("questiontext"), richText),
	}
	for _, t := range q.child("tags").all("tag") {
		it.tag(t.child("text").text)
	}
	switch kind {
	case "multichoice":
		it.form = question
		it.answers(q)
		single := q.child("single").text
		it.weigh(isYes(single) || strings.TrimSpace(single) == "") // as Moodle has it if nothing is said
	case "truefalse":
		it.form = question
		it.answers(q)
		it.nameTrueFalse()
	case "essay":
		it.form = essay
	case "description":
		it.form = description
	default:
		r.leaveOut(it, "%s", leftOut(kind))
		return
	}
	it.hints(q)
	it.combinedFeedback(q)
	if len(it.choices) > 0 || it.form != question {
		it.generalFeedback(moodleText(q.child("generalfeedback"), it.stem.format))
	}
	r.add(it)
}

func isYes(text string) bool {
	text = strings.TrimSpace(text)
	return strings.EqualFold(text, "true") || text == "1"
}

// moodleText reads an element that holds a text, its format and its files.
func moodleText(n *xmlNode, byDefault format) text {
	t := text{format: byDefault, raw: n.child("text").text}
	switch n.attr("format") {
	case "html":
		t.format = richText
	case "moodle_auto_format":
		t.format = autoText
	case "plain_text":
		t.format = plainText
	case "markdown":
		t.format = markdownText
	}
	for _, f := range n.all("file") {
		if t.files == nil {
			t.files = map[string]string{}
		}
		folder := strings.TrimPrefix(f.attr("path"), "/")
		t.files[folder+f.attr("name")] = f.text
	}
	return t
}

func (it *item) answers(q *xmlNode) {
	for _, a := range q.all("answer") {
		c := choice{text: moodleText(a, it.stem.format)}
		weight, err := strconv.ParseFloat(strings.TrimSpace(a.attr("fraction")), 64)
		if err != nil {
			it.change("the option %q does not say what it is worth, so it counts as wrong: mark it with [x] if it is right", beginning(c.text.raw, 40))
		}
		c.weight = weight
		c.say(moodleText(a.child("feedback"), it.stem.format))
		it.choices = append(it.choices, c)
	}
}

// nameTrueFalse writes the options as people read them, and tells right from
// wrong.
func (it *item) nameTrueFalse() {
	for i := range it.choices {
		c := &it.choices[i]
		c.right = c.weight > 0
		switch {
		case isTrue(c.text.raw):
			c.text = text{format: plainText, raw: "True"}
		case isFalse(c.text.raw):
			c.text = text{format: plainText, raw: "False"}
		}
	}
}

func (it *item) hints(q *xmlNode) {
	for _, h := range q.all("hint") {
		if !moodleText(h, richText).empty() {
			it.change("its hints are left out, because a question has one try here: put what helps into the feedback")
			return
		}
	}
}

// combinedFeedback uses what is said to all who are right, or to all who are
// wrong, unless it is what Moodle says by itself.
func (it *item) combinedFeedback(q *xmlNode) {
	if it.form != question || len(it.choices) == 0 {
		return
	}
	said := func(element, byDefault string) text {
		t := moodleText(q.child(element), it.stem.format)
		tree, err := t.tree()
		if err == nil && words(tree) == byDefault {
			return text{}
		}
		return t
	}
	right := said("correctfeedback", "Your answer is correct.")
	if !right.empty() && !it.fill(right, func(c choice) bool { return c.right }) {
		it.append(right)
	}
	wrong := said("incorrectfeedback", "Your answer is incorrect.")
	if !wrong.empty() && !it.fill(wrong, func(c choice) bool { return !c.right }) {
		it.change("its feedback for any wrong answer is left out, because every wrong option has its own: add to that what is missing")
	}
	if !said("partiallycorrectfeedback", "Your answer is partially correct.").empty() {
		it.change("its feedback for a partly correct answer is left out, because a question is right or wrong as a whole here")
	}
}
