package content

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is shown of a grade is compared with the limit, so that no author reads
// that 9.0 is more than 9.
func TestTheGradeThatIsShownDecides(t *testing.T) {
	p := &Program{ReadingGrade: 3}
	for characters, want := range map[int]int{3697: 0, 3704: 0, 3711: 1} { // grades of 2.98, 3.02 and 3.06
		m := &Module{Language: "en", Title: "T", counts: counts{words: 1000, sentences: 100, characters: characters}}
		assert.Len(t, p.hardToRead(m), want, "%.3f", m.ReadingGrade())
		assert.Empty(t, (&Program{}).hardToRead(m), "a programme without a limit allows any")
	}
}
