package content

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// svg is what must be known of a drawing before it is shown.
type svg struct {
	width, height int    // in pixels, 0 if the drawing does not say
	problem       string // what speaks against showing it, if anything
}

// readSVG looks through a drawing. Drawings can hold scripts, which run when
// somebody opens the drawing by its own address.
func readSVG(data []byte) svg {
	var s svg
	decoder := xml.NewDecoder(bytes.NewReader(data))
	for outermost := true; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return s
		}
		if err != nil {
			return svg{problem: "it is not well-formed XML; export it again as plain SVG"}
		}
		if p, ok := token.(xml.ProcInst); ok && p.Target != "xml" {
			return svg{problem: "it asks for a style sheet; export it again as plain SVG"}
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if outermost {
			s.width, s.height = svgSize(start)
			outermost = false
		}
		if unsafeSVG(start) {
			return svg{problem: "it holds a script, a foreign object or a link; export it again as plain SVG"}
		}
	}
}

func unsafeSVG(e xml.StartElement) bool {
	switch strings.ToLower(e.Name.Local) {
	case "script", "foreignobject", "a", "handler", "listener", "iframe", "object", "embed":
		return true
	}
	for _, a := range e.Attr {
		if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") {
			return true
		}
	}
	return false
}

// svgSize returns the size that a drawing's outermost element tells.
func svgSize(e xml.StartElement) (width, height int) {
	values := map[string]string{}
	for _, a := range e.Attr {
		values[a.Name.Local] = a.Value
	}
	width, height = pixels(values["width"]), pixels(values["height"])
	if width > 0 && height > 0 {
		return width, height
	}
	box := strings.FieldsFunc(values["viewBox"], func(r rune) bool { return r == ' ' || r == ',' })
	if len(box) == 4 {
		return pixels(box[2]), pixels(box[3])
	}
	return 0, 0
}

// pixels reads a length in pixels; any other unit counts as none.
func pixels(length string) int {
	v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(length), "px"), 64)
	if err != nil || v < 1 || v > 1e5 {
		return 0
	}
	return int(v + 0.5)
}
