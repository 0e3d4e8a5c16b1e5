package paper

// mark draws the mark of First5 in a square: the shape of the pages' mark.svg,
// whose numbers are thirty-seconds of the side.
func (s *sheet) mark(x, y, side float64, ground, dot colour) {
	unit := side / 32
	s.fill(ground)
	s.pdf.RoundedRect(x, y, side, side, 7*unit, "1234", "F")
	middleX, middleY := x+16*unit, y+16*unit
	s.draw(ground.tint(cream, 35), 3*unit)
	s.pdf.Circle(middleX, middleY, 10*unit, "D")
	s.draw(cream, 3*unit)
	s.pdf.SetLineCapStyle("round")
	s.pdf.Arc(middleX, middleY, 10*unit, 10*unit, 0, 30, 90, "D")
	s.pdf.SetLineCapStyle("butt")
	s.fill(dot)
	s.pdf.Circle(middleX, middleY, 2.6*unit, "F")
}

// tint mixes so many percent of another colour in.
func (c colour) tint(other colour, percent int) colour {
	r, g, b := c.rgb()
	r2, g2, b2 := other.rgb()
	mix := func(a, b int) colour { return colour(a + (b-a)*percent/100) }
	return mix(r, r2)<<16 | mix(g, g2)<<8 | mix(b, b2)
}

// brand draws the mark and the programme's name beside it, in the middle between
// x and x + width.
func (s *sheet) brand(x, y, width, side float64, ground, dot colour) {
	size := side * 1.75
	gap := side * 0.32
	left := x + (width-side-gap-s.strong.width(program, size))/2
	s.mark(left, y, side, ground, dot)
	s.put(left+side+gap, y+side/2+0.35*size*millimetre, program, s.strong, size, ground)
}
