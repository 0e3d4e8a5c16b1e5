package paper

import (
	"strings"

	"first5/app"
)

// deed is a certificate that is being drawn.
type deed struct {
	*sheet
	shades
	facts Certificate
	say   Words
}

// The certificate's measures in millimetres: its frame and the foot of its code
// lie so far from the edge of the paper, its lines of text so far from the sides.
const (
	frame = 9
	foot  = 21
	aside = 30
	badge = 9.5
	upper = 20 // where the badge begins
	air   = 6  // between what stands above and below the statement, and it
)

func (d deed) words(format string, args ...any) string {
	return d.clean(d.say(format, args...), longText)
}

func (d deed) drawCertificate(rows [][]bool) {
	d.addPage()
	d.drawFrame()
	if !d.valid {
		d.drawAcross(d.words("Withdrawn"))
	}
	d.brand(0, upper, d.width, badge, d.accent, d.dot)
	begin, end := upper+badge+air, d.height-foot-square-air
	statement := fill(append(d.warning(), d.statement()...), end-begin)
	d.centre(statement, 0, begin+max(0, end-begin-statement.height())/2, d.width)
	d.drawProof(rows)
	title := []string{d.facts.Title, d.words("Certificate of completion")}
	if !d.valid {
		title = append(title, d.words("Withdrawn"))
	}
	d.pdf.SetTitle(strings.Join(title, " · "), true)
}

// drawFrame draws a double rule around a valid certificate, and a single one
// around one that was withdrawn.
func (d deed) drawFrame() {
	d.draw(d.accent, 0.55)
	d.pdf.Rect(frame, frame, d.width-2*frame, d.height-2*frame, "D")
	if !d.valid {
		return
	}
	const inner = frame + 1.7
	d.draw(d.accent, 0.18)
	d.pdf.Rect(inner, inner, d.width-2*inner, d.height-2*inner, "D")
}

// drawAcross writes a word aslant, behind everything else and above the code.
func (d deed) drawAcross(word string) {
	const size, most, slant = 100.0, 135.0, 22.0
	large := min(most, size*0.78*d.width/d.strong.width(word, size))
	wide := d.strong.width(word, large)
	x, y := d.width/2, d.height*0.46
	d.pdf.TransformBegin()
	d.pdf.TransformRotate(slant, x, y)
	d.put(x-wide/2, y+0.35*large*millimetre, word, d.strong, large, warm.tint(alarm, 12))
	d.pdf.TransformEnd()
}

// warning is what a withdrawn certificate says before anything else.
func (d deed) warning() []text {
	if d.valid {
		return nil
	}
	width := d.width - 2*aside
	return []text{
		{words: d.words("Withdrawn"), face: d.strong, size: 40, floor: 20, lines: 1, width: width, in: alarm},
		{words: d.words("This certificate was withdrawn on %s. It is no longer valid.", d.facts.Withdrawn),
			face: d.strong, size: 12, floor: 9, lines: 2, width: width, above: 1.5, in: alarm},
	}
}

// statement is what a certificate certifies.
func (d deed) statement() []text {
	f, width := d.facts, d.width-2*aside
	opening, heading, verb := d.words("This certifies that"), 24.0, d.words("completed")
	if !d.valid {
		opening, heading = d.words("It said that"), 15
	}
	if f.Status == app.Waived {
		verb = d.words("was released from")
	}
	return []text{
		{words: d.words("Certificate of completion"), face: d.regular, size: heading, floor: 12, lines: 1, width: width, above: 3, in: d.accent},
		{words: opening, face: d.regular, size: 11, floor: 8, lines: 1, width: width, above: 4.5, in: d.beside},
		{words: d.name(), face: d.strong, size: 34, floor: 15, lines: 2, width: width, above: 1.5, in: d.ink},
		{words: verb, face: d.regular, size: 11, floor: 8, lines: 1, width: width, above: 2.5, in: d.beside},
		{words: f.Title, face: d.strong, size: 21, floor: 11, lines: 2, width: width, above: 1.5, in: d.accent},
		{words: d.day(), face: d.regular, size: 12, floor: 9, lines: 1, width: width, above: 4, in: d.ink},
		{words: f.Institution, face: d.regular, size: 12, floor: 8, lines: 2, width: width, above: 0.3, in: d.ink},
		{words: d.details(), face: d.regular, size: 9.5, floor: 7, lines: 1, width: width, above: 2.5, in: d.beside},
		{words: f.Credit, face: d.regular, size: 9, floor: 7, lines: 4, width: width * 0.8, above: 4, in: d.beside},
	}
}

func (d deed) name() string {
	if d.facts.Name == "" {
		return d.words("A learner of %s", d.facts.Institution)
	}
	return d.facts.Name
}

func (d deed) day() string {
	if d.facts.Day == "" {
		return ""
	}
	return d.words("on %s", d.facts.Day)
}

// details is what tells two completions of the same title apart.
func (d deed) details() string {
	var parts []string
	switch f := d.facts; {
	case f.Edition != "" && f.Version > 0:
		parts = append(parts, d.words("edition %s, version %d", f.Edition, f.Version))
	case f.Edition != "":
		parts = append(parts, d.words("edition %s", f.Edition))
	}
	if d.facts.Score != nil {
		parts = append(parts, d.words("score %d %%", *d.facts.Score))
	}
	return strings.Join(parts, " · ")
}

// drawProof draws what whoever doubts a certificate needs: the code, and beside
// it the same address in words.
func (d deed) drawProof(rows [][]bool) {
	const gap = 7
	address := d.clean(d.facts.Address, longText)
	width := d.width - 2*aside - square - gap
	proof := column{
		text{words: d.words("Check this certificate at"), face: d.regular, size: 9, floor: 7, lines: 1, width: width, in: d.beside}.fit(1),
		text{words: address, face: d.regular, size: 10, floor: 8, lines: 1, width: width, above: 0.4, in: d.accent}.fit(1),
		text{words: d.words("Certificate %s", d.facts.Number), face: d.regular, size: 9, floor: 6, lines: 2, width: width, above: 1.8, in: d.beside}.fit(1),
	}
	wide := 0.0
	for _, b := range proof {
		wide = max(wide, b.longest())
	}
	x, y := (d.width-square-gap-wide)/2, d.height-foot-square
	d.fill(warm) // the quiet zone: nothing behind it may come near the code
	d.pdf.Rect(x-4, y-4, square+8, square+8, "F")
	d.code(rows, x, y, square, ink)
	y += (square - proof.height()) / 2
	d.left(proof, x+square+gap, y)
	top := y + proof[0].height() + proof[1].above
	d.pdf.LinkString(x+square+gap, top, proof[1].longest(), proof[1].height(), d.facts.Address)
}
