package paper

import (
	"errors"
	"fmt"
	"strings"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// square is the side of a printed code, in millimetres; fine is how many modules
// a side may have so that a phone's camera still tells them apart.
const (
	square = 27
	fine   = 69
)

// matrix returns the rows of modules of the QR code of an address; the dark ones
// are true. The quiet zone around them is not part of it.
func matrix(address string) ([][]bool, error) {
	if address == "" {
		return nil, errors.New("there is no address to check it at: give the one of its page")
	}
	code, err := encoder.Encoder_encodeWithoutHint(address, decoder.ErrorCorrectionLevel_M)
	if err != nil {
		return nil, fmt.Errorf("making the code of the address: %w", err)
	}
	m := code.GetMatrix()
	if m.GetWidth() > fine {
		return nil, errors.New("the address is too long for a code that a phone reads: use a shorter base address")
	}
	rows := make([][]bool, m.GetHeight())
	for y := range rows {
		for x := range m.GetWidth() {
			rows[y] = append(rows[y], m.Get(x, y) == 1)
		}
	}
	return rows, nil
}

// code draws a QR code as one path, so that no light shows between its modules.
func (s *sheet) code(rows [][]bool, x, y, side float64, c colour) {
	unit := side / float64(len(rows))
	k := s.pdf.GetConversionRatio()
	var path strings.Builder
	for i, row := range rows {
		bottom := s.height - y - float64(i+1)*unit
		for from, until := range runs(row) {
			fmt.Fprintf(&path, "%.3f %.3f %.3f %.3f re\n", (x+float64(from)*unit)*k, bottom*k, float64(until-from)*unit*k, unit*k)
		}
	}
	s.fill(c)
	s.pdf.RawWriteStr(path.String() + "f")
}

// runs goes through where dark modules beside each other begin and end.
func runs(row []bool) func(yield func(from, until int) bool) {
	return func(yield func(from, until int) bool) {
		from := 0
		for from < len(row) {
			until := from
			for until < len(row) && row[until] {
				until++
			}
			if until > from && !yield(from, until) {
				return
			}
			from = until + 1
		}
	}
}
