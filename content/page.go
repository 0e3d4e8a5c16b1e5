package content

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// page is the text of a Markdown file and what was found wrong with it.
//
// Its text has LF as its only line end and no byte order mark, whatever the
// file has, so that lines and columns are what an editor shows.
type page struct {
	file     string
	text     []byte
	starts   []int // where each line begins
	findings []Finding

	// The last position that was asked for. The next one is often a little behind
	// it, and a line may be the whole file.
	last struct{ offset, line, column int }
}

func newPage(file string, data []byte) *page {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	bad := firstInvalid(data)
	p := &page{file: file, starts: make([]int, 1, bytes.Count(data, []byte("\n"))+1)}
	if bad < 0 {
		p.text = plainLines(data)
	} else {
		// One character for every bad byte, so that columns stay exact.
		p.text = plainLines([]byte(string([]rune(string(data)))))
	}
	for i, b := range p.text {
		if b == '\n' {
			p.starts = append(p.starts, i+1)
		}
	}
	if bad >= 0 {
		p.error(len(plainLines(data[:bad])), "not-utf-8",
			"the text is not UTF-8 from here on: save the file again with the encoding UTF-8")
	}
	return p
}

// Lines returns the lines of a Markdown file as findings count them, and their
// characters as those count columns.
func Lines(data []byte) []string {
	return strings.Split(strings.TrimSuffix(string(newPage("", data).text), "\n"), "\n")
}

// plainLines makes every line end an LF, and a NUL visible.
func plainLines(data []byte) []byte {
	if !bytes.ContainsAny(data, "\r\x00") {
		return data
	}
	return []byte(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\uFFFD").Replace(string(data)))
}

// firstInvalid returns where the first byte is that is not UTF-8, or -1.
func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// position returns the line and the column, in characters, of an offset.
func (p *page) position(offset int) (line, column int) {
	offset = max(0, min(offset, len(p.text)))
	line, found := slices.BinarySearch(p.starts, offset)
	if found {
		line++
	}
	from, column := p.starts[line-1], 1
	if p.last.line == line && p.last.offset <= offset {
		from, column = p.last.offset, p.last.column
	}
	column += utf8.RuneCount(p.text[from:offset])
	p.last.offset, p.last.line, p.last.column = offset, line, column
	return line, column
}

// offset returns where a line and a column, as position returns them, are.
func (p *page) offset(line, column int) int {
	at := p.starts[max(1, min(line, len(p.starts)))-1]
	for ; column > 1 && at < len(p.text); column-- {
		_, size := utf8.DecodeRune(p.text[at:])
		at += size
	}
	return at
}

// lineStart returns where the line of an offset begins.
func (p *page) lineStart(offset int) int {
	line, _ := p.position(offset)
	return p.starts[line-1]
}

func (p *page) error(offset int, rule, format string, args ...any) {
	p.report(Error, offset, rule, fmt.Sprintf(format, args...))
}

func (p *page) warn(offset int, rule, format string, args ...any) {
	p.report(Warning, offset, rule, fmt.Sprintf(format, args...))
}

func (p *page) report(s Severity, offset int, rule, message string) {
	line, column := p.position(offset)
	p.findings = append(p.findings, Finding{
		File: p.file, Line: line, Column: column, Severity: s, Rule: rule, Message: message,
	})
}
