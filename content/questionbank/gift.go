package questionbank

import (
	"strings"
)

// ReadGIFT reads a bank in GIFT. The name is that of the file, for the problems.
//
// Items are parted by blank lines. One that can't be read is left out with a
// problem, and the others are read all the same.
func ReadGIFT(name string, data []byte) (*Bank, []Problem) {
	r := &giftReader{newReader(name)}
	passages := passagesOf(r.text(data))
	for len(passages) > 0 {
		n := joined(passages)
		p := passages[0]
		for _, more := range passages[1:n] {
			p.lines = append(p.lines, more.lines...)
		}
		r.passage(p)
		passages = passages[n:]
	}
	if len(r.bank.items) == 0 && len(r.problems) == 0 {
		r.report(1, "the file holds no question: export the bank as GIFT or as Moodle XML and import that")
	}
	return r.done()
}

type giftReader struct{ *reader }

// passage is a run of lines without a blank one in between.
type passage struct {
	comments []string
	lines    []giftLine
}

// giftLine is a line that is no comment.
type giftLine struct {
	number int
	text   string
}

func passagesOf(text string) []passage {
	var all []passage
	var p passage
	end := func() {
		if len(p.lines) > 0 {
			all = append(all, p)
		}
		p = passage{}
	}
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			end()
		case strings.HasPrefix(line, "//"):
			p.comments = append(p.comments, line)
		default:
			p.lines = append(p.lines, giftLine{number, line})
		}
	}
	end()
	return all
}

func (p passage) text() string {
	var b strings.Builder
	for i, l := range p.lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// joined returns how many passages the first item takes: more than one if its
// answers are written with blank lines between them.
func joined(passages []passage) int {
	text := passages[0].text()
	open := find(text, 0, '{')
	if open < 0 || find(text, open, '}') >= 0 {
		return 1
	}
	for i, p := range passages[1:] {
		text := p.text()
		begins := find(text, 0, '{')
		ends := find(text, 0, '}')
		switch {
		case strings.HasPrefix(text, "::") || strings.HasPrefix(text, "$CATEGORY:"):
			return 1
		case ends >= 0 && (begins < 0 || ends < begins):
			return i + 2
		case begins >= 0:
			return 1
		}
	}
	return 1
}

// find returns where a sign stands that has no backslash before it, or -1.
func find(text string, from int, sign byte) int {
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case sign:
			return i
		}
	}
	return -1
}

// split parts a text at a sign that has no backslash before it.
func split(text string, sign byte) []string {
	var parts []string
	for {
		at := find(text, 0, sign)
		if at < 0 {
			return append(parts, text)
		}
		parts = append(parts, text[:at])
		text = text[at+1:]
	}
}

// giftUnescape takes the backslashes off GIFT's own signs.
func giftUnescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	return strings.NewReplacer(
		`\\`, `\`, `\~`, "~", `\=`, "=", `\#`, "#", `\{`, "{", `\}`, "}", `\:`, ":", `\n`, "\n",
	).Replace(text)
}

// giftText reads a text with its format in brackets before it.
func giftText(raw string, byDefault format) text {
	raw = strings.TrimSpace(raw)
	f := byDefault
	for mark, is := range map[string]format{
		"[html]": richText, "[moodle]": autoText, "[plain]": plainText, "[markdown]": markdownText,
	} {
		if rest, ok := strings.CutPrefix(raw, mark); ok {
			raw, f = strings.TrimSpace(rest), is
			break
		}
	}
	return text{format: f, raw: giftUnescape(raw)}
}

// comment takes an id and the tag practice from what Moodle writes into a
// comment before an item.
func (it *item) comment(line string) {
	for rest := line; ; {
		_, after, found := strings.Cut(rest, "[")
		end := find(after, 0, ']')
		if !found || end < 0 {
			return
		}
		key, value, _ := strings.Cut(after[:end], ":")
		value = strings.ReplaceAll(value, `\]`, "]")
		switch strings.TrimSpace(key) {
		case "id":
			it.id = usableID(value, 60)
		case "tag":
			it.tag(value)
		}
		rest = after[end+1:]
	}
}

func (it *item) tag(name string) {
	if strings.EqualFold(strings.TrimSpace(name), "practice") {
		it.practice = true
	}
}
