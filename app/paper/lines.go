package paper

import "strings"

// wrap breaks a text into lines of at most the width. A word longer than a whole
// line is broken between letters; it reports whether one was.
func (f *face) wrap(text string, size, width float64) (lines []string, broken bool) {
	line, x := "", 0.0
	for word := range strings.SplitSeq(text, " ") {
		more := f.width(" "+word, size)
		if line != "" && x+more <= width {
			line, x = line+" "+word, x+more
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		parts := f.split(word, size, width)
		broken = broken || len(parts) > 1
		lines = append(lines, parts[:len(parts)-1]...)
		line = parts[len(parts)-1]
		x = f.width(line, size)
	}
	return append(lines, line), broken
}

// split breaks a word into parts of about the same length, none longer than the
// width unless it is a single letter.
func (f *face) split(word string, size, width float64) []string {
	width = max(width, 1) // so that it ends, however little room there is
	whole := f.width(word, size)
	if whole <= width {
		return []string{word}
	}
	count := int(whole/width) + 1
	for share := whole / float64(count); share < width; share *= 1.02 {
		parts := f.chop(word, size, share)
		if len(parts) <= count {
			return parts
		}
	}
	return f.chop(word, size, width)
}

// chop breaks a word wherever the next letter would go beyond the width.
func (f *face) chop(word string, size, width float64) []string {
	var parts []string
	from, x := 0, 0.0
	for i, r := range word {
		w := f.width(string(r), size)
		if i > from && x+w > width {
			parts = append(parts, word[from:i])
			from, x = i, 0
		}
		x += w
	}
	return append(parts, word[from:])
}

// balance breaks a text into as few lines as wrap does, but of about the same
// length, as centred lines should be.
func (f *face) balance(text string, size, width float64) []string {
	lines, broken := f.wrap(text, size, width)
	for len(lines) > 1 && !broken {
		width *= 0.96
		narrower, broken := f.wrap(text, size, width)
		if broken || len(narrower) > len(lines) {
			return lines
		}
		lines = narrower
	}
	return lines
}

// clip returns a text that fits on one line, cut off with dots if it has to be.
func (f *face) clip(text string, size, width float64) string {
	if f.width(text, size) <= width {
		return text
	}
	lines, _ := f.wrap(text, size, width-f.width(dots, size))
	return lines[0] + dots
}
