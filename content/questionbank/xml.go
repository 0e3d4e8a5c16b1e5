package questionbank

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	mostFaults = 20    // in one file, before the rest of it is given up
	mostParts  = 10000 // that a question may consist of
	deepest    = 32    // that its parts may be in each other
)

// xmlNode is an element with all that is in it.
type xmlNode struct {
	name     string
	attrs    []xml.Attr
	text     string
	children []*xmlNode
	line     int
}

// child returns the first child of a name, or an empty one.
func (n *xmlNode) child(name string) *xmlNode {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return &xmlNode{line: n.line}
}

// all returns the children of a name.
func (n *xmlNode) all(name string) []*xmlNode {
	var all []*xmlNode
	for _, c := range n.children {
		if c.name == name {
			all = append(all, c)
		}
	}
	return all
}

func (n *xmlNode) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// ReadMoodleXML reads a bank in Moodle XML. The name is that of the file, for
// the problems.
//
// Where the XML is broken, reading goes on with the next question.
func ReadMoodleXML(name string, data []byte) (*Bank, []Problem) {
	r := &xmlReader{reader: newReader(name)}
	r.data = []byte(r.text(data))
	start, line := 0, 1
	for faults := 1; ; faults++ {
		end, err := r.run(start, line)
		if err == nil {
			break
		}
		next := bytes.Index(r.data[end:], []byte("<question"))
		if next < 0 || faults == mostFaults {
			r.giveUp(next, end)
			break
		}
		start, line = end+next, 1+bytes.Count(r.data[:end+next], []byte("\n"))
	}
	if len(r.bank.items) == 0 && len(r.problems) == 0 {
		r.report(1, "the file holds no question: export the bank as Moodle XML or as GIFT and import that")
	}
	return r.done()
}

type xmlReader struct {
	*reader
	data []byte
}

func (r *xmlReader) giveUp(next, end int) {
	if next >= 0 {
		line := 1 + bytes.Count(r.data[:end], []byte("\n"))
		r.report(line, "the XML is broken in too many places, so nothing is read from here on: export the bank again")
	}
}

// root is put before what is read after a fault, whose end tags still follow.
const root = "<quiz>"

// run reads questions from an offset, which is in the given line. It returns
// where it stopped, and an error if that was at a fault, which it reports.
func (r *xmlReader) run(start, line int) (end int, err error) {
	prefix := root
	if start == 0 {
		prefix = ""
	}
	d := xml.NewDecoder(io.MultiReader(strings.NewReader(prefix), bytes.NewReader(r.data[start:])))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil } // it is UTF-8, whatever it says
	x := xmlDecoder{Decoder: d, line: line}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return len(r.data), nil
		}
		if e, ok := token.(xml.StartElement); ok && err == nil && e.Name.Local == "question" {
			var q *xmlNode
			q, err = x.node(e, 0)
			if err == nil {
				r.question(q)
			}
		}
		if err != nil {
			at, _ := d.InputPos()
			r.report(line+at-1, "the XML can't be read here, so the question around it is left out: %s; mend it there or export the bank again", xmlProblem(err))
			// At least one character further on, so that reading ends.
			return min(len(r.data), start+max(1, int(d.InputOffset())-len(prefix))), err
		}
	}
}

// xmlProblem says what is wrong with XML.
func xmlProblem(err error) string {
	var fault *xml.SyntaxError
	if !errors.As(err, &fault) {
		return err.Error()
	}
	switch {
	case strings.Contains(fault.Msg, "entity"):
		return "it has a character reference that is unknown (" + strconv.Quote(fault.Msg) + "), so write &amp; for the sign &"
	case strings.Contains(fault.Msg, "unexpected EOF"):
		return "the file ends in the midst of it"
	}
	return fault.Msg
}

// xmlDecoder reads whole elements, within limits.
type xmlDecoder struct {
	*xml.Decoder
	line  int
	parts int
}

func (x *xmlDecoder) node(start xml.StartElement, depth int) (*xmlNode, error) {
	at, _ := x.InputPos()
	if depth == 0 {
		x.parts = 0
	}
	x.parts++
	if x.parts > mostParts || depth > deepest {
		return nil, fmt.Errorf("the question has too many parts in each other")
	}
	n := &xmlNode{name: start.Name.Local, attrs: start.Attr, line: x.line + at - 1}
	var text strings.Builder
	for {
		token, err := x.Token()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the file ends in the midst of it")
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			c, err := x.node(t, depth+1)
			if err != nil {
				return nil, err
			}
			n.children = append(n.children, c)
		case xml.EndElement:
			n.text = text.String()
			return n, nil
		}
	}
}
