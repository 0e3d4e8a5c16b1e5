package content_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"first5/content"
)

func TestEachCardKnowsItsWordsItsTimeAndItsGrade(t *testing.T) {
	// 40 words of 5 letters each in 4 sentences: 4.71 × 5 + 0.5 × 10 − 21.43 = 7.12.
	tenWords := strings.TrimSpace(strings.Repeat("alpha ", 10)) + ". "
	m, _ := content.ParseModule("p", "s", source(validModule+"\n"+strings.Repeat(tenWords, 4)+"\n\n## Few words\n\nSit down.\n\n## A question?\n\n- [ ] Yes\n- [ ] No\n"))
	assert.Equal(t, 42, m.Cards[0].Words, "with the two words of the heading and its text")
	assert.InDelta(t, 4.71*(200+9)/42+0.5*42/6-21.43, m.Cards[0].ReadingGrade, 1e-9)
	assert.Zero(t, m.Cards[1].ReadingGrade, "too few words to tell")
	assert.Equal(t, 4, m.Cards[1].Words)
	assert.Equal(t, 20*time.Second+time.Duration(m.Cards[2].Words)*time.Minute/238, m.Cards[2].ReadingTime())
	assert.Equal(t, []int{11, 17, 21}, []int{m.Cards[0].Line, m.Cards[1].Line, m.Cards[2].Line})
}

func TestOnlyEnglishHasAReadingGrade(t *testing.T) {
	_, m := full(t)
	for _, c := range m.In("es").Cards {
		assert.Zero(t, c.ReadingGrade, "the formula was made for English")
	}
}

func TestHeadingsLeaveOutNoLevel(t *testing.T) {
	html := body(t, "#### Deep\n\n##### Deeper\n\n### Back\n\n## Branch {#b .branch}\n\n###### Far down\n\n## Next\n\n- [Go](#b)\n\n##### Again")
	assert.Contains(t, html, "<h3>Deep</h3>")
	assert.Contains(t, html, "<h4>Deeper</h4>")
	assert.Contains(t, html, "<h3>Back</h3>")
	assert.Contains(t, html, `<h3 id="b-title">Branch</h3>`)
	assert.Contains(t, html, "<h4>Far down</h4>")
	assert.Contains(t, html, "<h3>Again</h3>")
}
