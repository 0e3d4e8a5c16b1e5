package content

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// NewProgram returns a program.md for a programme with one module.
func NewProgram(title, module string) []byte {
	data, _ := embedded("starter").File(programFile)
	return []byte(strings.NewReplacer("TITLE", quoted(title), "MODULE", module).Replace(string(data)))
}

// AddToOrder returns a program.md in which a module stands last in the order,
// and all else is as it was. It returns false if the order can't be read.
func AddToOrder(program []byte, module string) ([]byte, bool) {
	p := newPage(programFile, program)
	f := readFrontMatter(p, programFields())
	order := f.values["order"]
	if order == nil || order.Kind != yaml.SequenceNode || len(order.Content) == 0 {
		return nil, false
	}
	last := order.Content[len(order.Content)-1]
	line, column := p.position(f.at(last))
	at := lineIn(program, line)
	var edited []byte
	if order.Style&yaml.FlowStyle != 0 {
		edited = addInBrackets(program, at, module)
	} else {
		edited = addOnLine(program, at, column, module)
	}
	before, _ := ParseProgram("", Source{{Name: programFile, Data: program}})
	after, _ := ParseProgram("", Source{{Name: programFile, Data: edited}})
	return edited, slices.Equal(append(before.Order, module), after.Order)
}

// lineIn returns where a line begins.
func lineIn(data []byte, line int) int {
	at := 0
	for ; line > 1; line-- {
		at += bytes.IndexByte(data[at:], '\n') + 1
	}
	return at
}

// addInBrackets adds to a list in brackets whose last entry is on the line at an
// offset.
func addInBrackets(data []byte, at int, module string) []byte {
	end := bytes.IndexByte(data[at:], ']')
	if end < 0 {
		return data
	}
	before := bytes.TrimRight(data[:at+end], " \t\r\n")
	separator := ", "
	if bytes.HasSuffix(before, []byte(",")) {
		separator = " "
	}
	return slices.Concat(before, []byte(separator+module), data[len(before):])
}

// addOnLine adds to a list with hyphens whose last entry is on the line at an
// offset, from a column on.
func addOnLine(data []byte, at, column int, module string) []byte {
	end := len(data)
	if n := bytes.IndexByte(data[at:], '\n'); n >= 0 {
		end = at + n
	}
	if end-at < column-1 {
		return data
	}
	lineEnd := "\n"
	if bytes.HasSuffix(data[:end], []byte("\r")) {
		end--
		lineEnd = "\r\n"
	}
	return slices.Concat(data[:end], []byte(lineEnd), data[at:at+column-1], []byte(module), data[end:])
}
