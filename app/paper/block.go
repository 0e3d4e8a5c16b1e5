package paper

// text is what is to be set, and how it may give way when it is long.
type text struct {
	words string
	face  *face
	size  float64 // in points; the floor is the smallest to shrink to
	floor float64
	lines int     // shrinks rather than take more
	width float64 // of the longest line
	above float64 // the space before it
	in    colour
	even  bool // the lines are about as long as each other, as centred ones should be
}

// block is a text in its lines.
type block struct {
	text
	set []string
}

// leading is the height of a line in sizes of its type; rise is where its
// baseline lies in it.
const (
	leading = 1.3
	rise    = 0.98
)

func (b block) line() float64   { return b.size * leading * millimetre }
func (b block) height() float64 { return float64(len(b.set)) * b.line() }

// longest is the width of the longest line.
func (b block) longest() float64 {
	w := 0.0
	for _, line := range b.set {
		w = max(w, b.face.width(line, b.size))
	}
	return w
}

// fit sets a text at a share of its size, and smaller yet until it has no more
// lines than it should and no broken word, or reaches its floor.
func (t text) fit(share float64) block {
	t.size *= share
	floor := t.floor * min(share, 1)
	for {
		lines, broken := t.face.wrap(t.words, t.size, t.width)
		if t.size <= floor || len(lines) <= t.lines && !broken {
			return block{text: t, set: t.evened(lines)}
		}
		t.size = max(t.size*0.97, floor)
	}
}

func (t text) evened(lines []string) []string {
	if !t.even {
		return lines
	}
	return t.face.balance(t.words, t.size, t.width)
}

// column is blocks below each other.
type column []block

func (c column) height() float64 {
	h := 0.0
	for _, b := range c {
		h += b.above + b.height()
	}
	return h
}

// stretch multiplies the spaces between the blocks.
func (c column) stretch(by float64) {
	for i := range c {
		c[i].above *= by
	}
}

// smallest is the share of its size below which no text has to go: the longest
// texts that clean keeps fit then.
const smallest = 0.4

// fill sets centred texts into a height: as they are if they fit, the spaces wider where
// there is room, and everything smaller where there is not.
func fill(texts []text, room float64) column {
	share := 1.0
	for {
		var c column
		for _, t := range texts {
			if t.words != "" {
				t.above *= share
				t.even = true
				c = append(c, t.fit(share))
			}
		}
		if c.height() <= room || share < smallest {
			c.stretch(c.ease(room))
			return c
		}
		share *= 0.95
	}
}

// ease is by how much the spaces may grow: never so far that the texts fall apart.
func (c column) ease(room float64) float64 {
	spaces := 0.0
	for _, b := range c {
		spaces += b.above
	}
	if spaces == 0 || c.height() > room {
		return 1
	}
	return min(1.6, 1+(room-c.height())/spaces)
}

// centre draws blocks from y on, every line in the middle between x and
// x + width, and returns where they end.
func (s *sheet) centre(c column, x, y, width float64) float64 {
	for _, b := range c {
		y += b.above
		for _, line := range b.set {
			left := x + (width-b.face.width(line, b.size))/2
			s.put(left, y+rise*b.size*millimetre, line, b.face, b.size, b.in)
			y += b.line()
		}
	}
	return y
}

// left draws blocks from y on, every line beginning at x, and returns where they
// end.
func (s *sheet) left(c column, x, y float64) float64 {
	for _, b := range c {
		y += b.above
		for _, line := range b.set {
			s.put(x, y+rise*b.size*millimetre, line, b.face, b.size, b.in)
			y += b.line()
		}
	}
	return y
}
