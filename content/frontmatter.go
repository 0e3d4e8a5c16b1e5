package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// field is a key that front matter may have.
type field struct {
	key      string
	example  string // a line that an author could copy
	optional bool
}

// frontMatter is the YAML at the head of a page, read key by key. What is
// wrong with it becomes findings of the page.
type frontMatter struct {
	page   *page
	yaml   []byte
	start  int // where yaml begins in the page
	end    int // where the page's text begins
	values map[string]*yaml.Node
}

// readFrontMatter finds the front matter of a page and compares its keys with
// the fields that it may have.
func readFrontMatter(p *page, fields []field) *frontMatter {
	f := &frontMatter{page: p, values: map[string]*yaml.Node{}}
	if !f.find() {
		p.error(0, "no-front-matter",
			"the file must begin with front matter: a line ---, then keys with their values, such as %s, then a line ---", fields[0].example)
		return f
	}
	mapping := f.parse()
	if mapping == nil {
		return f
	}
	f.fill(mapping, fields)
	for _, field := range fields {
		if f.values[field.key] == nil && !field.optional {
			p.error(0, "missing-key", "the front matter lacks %q: add a line such as %s", field.key, field.example)
		}
	}
	return f
}

// find sets where the front matter is and says whether there is any. A page
// without it is all text.
func (f *frontMatter) find() bool {
	text := f.page.text
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	if string(bytes.TrimRight(first, " \t")) != "---" {
		return false
	}
	f.start = len(text) - len(rest)
	for at := f.start; at < len(text); {
		line, _, found := bytes.Cut(text[at:], []byte("\n"))
		next := at + len(line)
		if found {
			next++
		}
		if string(bytes.TrimRight(line, " \t")) == "---" {
			f.yaml, f.end = text[f.start:at], next
			return true
		}
		at = next
	}
	return false
}

// parse returns the mapping that the front matter consists of, or nil.
func (f *frontMatter) parse() *yaml.Node {
	var doc yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(f.yaml))
	err := decoder.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return &yaml.Node{Kind: yaml.MappingNode}
	}
	if err != nil {
		line, problem := yamlProblem(err)
		f.page.error(f.offset(line, 1), "front-matter-syntax",
			"the front matter can't be read here or nearby: %s; text with a colon or a quote in it needs quotes around it", problem)
		return nil
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		f.page.error(f.start, "front-matter-syntax",
			"the front matter must consist of lines with a key, a colon and a value")
		return nil
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		f.page.error(f.start, "front-matter-syntax",
			"the front matter ends early: remove the line ... from it")
	}
	return doc.Content[0]
}

// yamlProblem takes the line number, which the library tells only in words,
// off an error.
func yamlProblem(err error) (line int, problem string) {
	problem = strings.TrimPrefix(err.Error(), "yaml: ")
	number, rest, found := strings.Cut(strings.TrimPrefix(problem, "line "), ": ")
	line, err = strconv.Atoi(number)
	if !found || err != nil {
		return 1, problem
	}
	return line, rest
}

func (f *frontMatter) fill(mapping *yaml.Node, fields []field) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		switch {
		case !hasField(fields, key.Value) || key.Kind != yaml.ScalarNode:
			f.page.error(f.at(key), "unknown-key", "the front matter has no key %q: its keys are %s", key.Value, fieldNames(fields))
		case f.values[key.Value] != nil:
			f.page.error(f.at(key), "repeated-key", "%q is in the front matter twice: remove one of them", key.Value)
		default:
			f.values[key.Value] = value
		}
	}
}

func hasField(fields []field, key string) bool {
	for _, f := range fields {
		if f.key == key {
			return true
		}
	}
	return false
}

func fieldNames(fields []field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.key
	}
	return strings.Join(names, ", ")
}

// at returns where a YAML node begins in the page.
func (f *frontMatter) at(n *yaml.Node) int { return f.offset(n.Line, n.Column) }

// offset turns YAML's line and column into an offset in the page. YAML knows
// three line ends that editors do not, so it counts lines in its own way.
func (f *frontMatter) offset(line, column int) int {
	rest := f.yaml
	for ; line > 1; line-- {
		i := bytes.IndexAny(rest, "\n\u0085\u2028\u2029")
		if i < 0 {
			break
		}
		_, size := utf8.DecodeRune(rest[i:])
		rest = rest[i+size:]
	}
	for ; column > 1 && len(rest) > 0; column-- {
		_, size := utf8.DecodeRune(rest)
		rest = rest[size:]
	}
	return f.start + len(f.yaml) - len(rest)
}

// keyAt returns where the value of a key begins, or the page's beginning.
func (f *frontMatter) keyAt(key string) int {
	if n := f.values[key]; n != nil {
		return f.at(n)
	}
	return 0
}

func (f *frontMatter) wrong(n *yaml.Node, key, format string, args ...any) {
	f.page.error(f.at(n), "wrong-value", "%q must be %s", key, fmt.Sprintf(format, args...))
}

// text returns a key's text, or what it is by default if the key is absent.
func (f *frontMatter) text(key, byDefault string) string {
	n := f.values[key]
	if n == nil {
		return byDefault
	}
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" || strings.TrimSpace(n.Value) == "" {
		f.wrong(n, key, `text: put quotes around what looks like a number or a date, as in "2026"`)
		return byDefault
	}
	return n.Value
}

// entry is one text of a list, and where it begins in the page.
type entry struct {
	text string
	at   int
}

// list returns the texts in a key's list.
func (f *frontMatter) list(key string) []entry {
	n := f.values[key]
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		f.wrong(n, key, "a list: write each entry on a line of its own, after two spaces and a hyphen")
		return nil
	}
	var entries []entry
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || item.ShortTag() == "!!null" || strings.TrimSpace(item.Value) == "" {
			f.wrong(item, key, "a list of texts: put an entry that holds a colon in quotes")
			continue
		}
		entries = append(entries, entry{item.Value, f.at(item)})
	}
	return entries
}

func texts(entries []entry) []string {
	var all []string
	for _, e := range entries {
		all = append(all, e.text)
	}
	return all
}

// number returns a key's whole number between two bounds.
func (f *frontMatter) number(key string, low, high, byDefault int) int {
	n := f.values[key]
	if n == nil {
		return byDefault
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" || err != nil || v < low || v > high {
		f.wrong(n, key, "a whole number from %d to %d, without quotes", low, high)
		return byDefault
	}
	return v
}

// noReview is what "reviewed" says where no one has reviewed a module yet.
const noReview = "no one yet"

// review returns the day of the last clinical review, in UTC, or the zero time
// if the key is absent or says that there was none.
func (f *frontMatter) review() time.Time {
	n := f.values["reviewed"]
	if n == nil || n.Kind == yaml.ScalarNode && strings.EqualFold(n.Value, noReview) {
		return time.Time{}
	}
	return f.day("reviewed", `a day, written as year-month-day: 2026-10-01, or "`+noReview+`", in these words`)
}

// date returns a key's day, in UTC, or the zero time.
func (f *frontMatter) date(key string) time.Time {
	return f.day(key, "a day, written as year-month-day: 2026-10-01")
}

// day returns a key's day. must says what else than a day the key may hold.
func (f *frontMatter) day(key, must string) time.Time {
	n := f.values[key]
	if n == nil {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		f.wrong(n, key, "%s", must)
		return time.Time{}
	}
	return day
}
