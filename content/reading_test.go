package content_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"first5/content"
)

func TestEachCardKnowsItsWordsItsTimeAndItsGrade(t *testing.T) {
	// 40 words of 5 letters each in 4 sentences: 0.0588 × 500 − 0.296 × 10 − 15.8 = 10.64.
	tenWords := strings.TrimSpace(strings.Repeat("alpha ", 10)) + ". "
	m, _ := content.ParseModule("p", "s", source(validModule+"\n"+strings.Repeat(tenWords, 4)+"\n\n## Few words\n\nSit down.\n\n## A question?\n\n- [ ] Yes\n- [ ] No\n"))
	assert.Equal(t, 42, m.Cards[0].Words, "with the two words of the heading and its text")
	assert.InDelta(t, 0.0588*100*(200+9)/42-0.296*100*6/42-15.8, m.Cards[0].ReadingGrade, 1e-9)
	assert.Zero(t, m.Cards[1].ReadingGrade, "too few words to tell")
	assert.Equal(t, 4, m.Cards[1].Words)
	assert.Equal(t, 20*time.Second+time.Duration(m.Cards[2].Words)*time.Minute/238, m.Cards[2].ReadingTime())
	assert.Equal(t, []int{11, 17, 21}, []int{m.Cards[0].Line, m.Cards[1].Line, m.Cards[2].Line})
}

func TestTheGradeOfAModuleIsThatOfAllThatALearnerReads(t *testing.T) {
	// 40 words of 5 letters in 4 sentences, and in the feedback 20 words of 10
	// letters in 1; the footnote is not read.
	text := strings.Repeat(strings.TrimSpace(strings.Repeat("alpha ", 10))+". ", 4)
	feedback := strings.TrimSpace(strings.Repeat("alphabetic ", 20)) + "."
	m, _ := content.ParseModule("p", "s", source(frontMatter()+text+"[^1]\n\n## Q\n\n- [ ] A\n\n  "+feedback+"\n- [x] B\n\n[^1]: "+strings.Repeat("incomprehensibilities ", 40)+"\n"))
	words, characters, sentences := 40+20+3, 200+200+3, 4+1+3
	assert.InDelta(t, 0.0588*100*float64(characters)/float64(words)-0.296*100*float64(sentences)/float64(words)-15.8, m.ReadingGrade(), 1e-9)
	assert.NotZero(t, m.Cards[0].ReadingGrade)
	assert.Zero(t, m.Cards[1].ReadingGrade, "a card's own grade leaves out the feedback, so this one has too few words")
}

func TestSpanishHasAGradeByAFormulaMadeForSpanish(t *testing.T) {
	// 40 words of 3 syllables in 8 sentences, and the heading: 1 word of 2.
	text := strings.Repeat(strings.TrimSpace(strings.Repeat("paloma ", 5))+". ", 8)
	m, _ := content.ParseModule("p", "s", source(strings.Replace(frontMatter(), "minutes: 3", "minutes: 3\nlang: es-MX", 1)+"## Hola\n\n"+text+"\n"))
	assert.InDelta(t, 0.049*100*122/41-0.205*100*9/41-3.407, m.ReadingGrade(), 1e-9)
	assert.InDelta(t, m.ReadingGrade(), m.Cards[0].ReadingGrade, 1e-9)
	assert.Contains(t, content.ReadingFormula("es-MX"), "Crawford")
	assert.Contains(t, content.ReadingFormula("en"), "Coleman–Liau")
}

func TestALanguageWithoutAFormulaHasNoGrade(t *testing.T) {
	m, _ := content.ParseModule("p", "s", source(strings.Replace(frontMatter(), "minutes: 3", "minutes: 3\nlang: de", 1)+strings.Repeat("Guten Tag. ", 40)))
	assert.Zero(t, m.ReadingGrade())
	assert.Zero(t, m.Cards[0].ReadingGrade)
	assert.Empty(t, content.ReadingFormula("de"))
}

func TestAModuleTakesTheLongestWayThrough(t *testing.T) {
	words := func(n int) string { return strings.Repeat("word ", n) + "\n\n" }
	m, _ := content.ParseModule("p", "s", source(frontMatter()+
		"## A\n\n"+words(98)+"- [b](#b)\n- [c](#c)\n\n"+ // 101 words with those of the heading and the replies
		"## B {#b .branch}\n\n"+words(9)+
		"## C {#c .branch}\n\n"+words(49)+
		"## Q {#q}\n\n"+words(28)+"- [ ] x\n\n  "+words(30)+"- [x] y\n")) // 31 without the feedback
	assert.InDelta(t, (101+50+31)*60/183.0, m.AloudTime().Seconds(), 1e-6)
	assert.InDelta(t, (101+50+31)*60/238.0+20, m.ReadingTime().Seconds(), 1e-3, "and in silence too, with its answer")
}

func frontMatter() string {
	front, _, _ := strings.Cut(validModule, "## ")
	return front
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
