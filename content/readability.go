package content

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// The rates at which adults read English, of the same meta-analysis (Brysbaert
// 2019), and what a question takes besides.
const (
	wordsPerMinute      = 238 // in silence
	wordsPerMinuteAloud = 183
	timePerQuestion     = 20 * time.Second
)

// fewestWords is how many words it takes to tell their reading grade.
const fewestWords = 30

// hardestGrade is the highest limit that a programme may set: the twelve years
// of school, and six more.
const hardestGrade = 18

// counts is what reading grades are made from.
type counts struct {
	words      int
	sentences  int
	characters int // letters and digits
	syllables  int // of Spanish
}

func (c counts) and(more counts) counts {
	return counts{c.words + more.words, c.sentences + more.sentences, c.characters + more.characters, c.syllables + more.syllables}
}

// grade returns the reading grade of words in a language, by the formulas that
// [ReadingFormula] names. It is 0 if there are too few words, and in languages
// without a formula.
func (c counts) grade(language string) float64 {
	if c.words < fewestWords {
		return 0
	}
	words, sentences := float64(c.words), float64(c.sentences)
	switch {
	case isLanguageOf(language, "en"):
		return max(1, 0.0588*float64(c.characters)*100/words-0.296*sentences*100/words-15.8)
	case isLanguageOf(language, "es"):
		return max(1, 0.049*float64(c.syllables)*100/words-0.205*sentences*100/words-3.407)
	}
	return 0
}

// isLanguageOf says whether a tag is that of a language or of one of its kinds:
// es-MX is one of es.
func isLanguageOf(tag, language string) bool {
	return tag == language || strings.HasPrefix(tag, language+"-")
}

// ReadingFormula states the formula of reading grades in a language, or nothing
// if there is none.
//
// That for English, of Coleman and Liau (1975), needs no guess at syllables, and
// tells texts apart that are full of speech: where sentences are short, other
// formulas are at their lower end. That for Spanish was made for Spanish: Alan
// Crawford (1984) fitted it to 789 passages of reading books for the first six
// school years. A grade above the sixth is where he has not compared it.
func ReadingFormula(language string) string {
	switch {
	case isLanguageOf(language, "en"):
		return "English: Coleman–Liau index (Coleman and Liau 1975), 0.0588 × letters and digits in 100 words − 0.296 × sentences in 100 words − 15.8, and 1 where that is less"
	case isLanguageOf(language, "es"):
		return "Spanish: Crawford (1984), 0.049 × syllables in 100 words − 0.205 × sentences in 100 words − 3.407, and 1 where that is less; " +
			"made by Alan Crawford for primary school texts, years 1 to 6, so a grade above 6 is beyond what it was fitted to"
	}
	return ""
}

// TimeFormulas state how reading times are measured.
func TimeFormulas() []string {
	return []string{
		fmt.Sprintf("Reading: words on the longest way through / %d a minute, the rate of silent reading (Brysbaert 2019), + %.0f s for each question", wordsPerMinute, timePerQuestion.Seconds()),
		fmt.Sprintf("Aloud: the same words / %d a minute, the rate of reading aloud (Brysbaert 2019); questions are read, their feedback is not", wordsPerMinuteAloud),
	}
}

// ReadingTime returns how long a learner takes to read the card and to answer
// its question.
func (c Card) ReadingTime() time.Duration {
	questions := 0
	if c.Question != nil {
		questions = 1
	}
	return readingTime(c.Words, questions)
}

// ReadingTime returns how long a learner takes to read the module and to answer
// its questions: all cards of the main line, and of each conversation the longest
// way through it.
func (m *Module) ReadingTime() time.Duration {
	var takes time.Duration
	for _, c := range m.Cards {
		if !c.Branch {
			takes += c.Way
		}
	}
	return takes.Round(time.Millisecond) // each card's is cut, by less than that in all
}

// AloudTime returns how long it takes to read the same cards aloud, without
// answering.
func (m *Module) AloudTime() time.Duration { return m.aloud }

// ReadingGrade returns the reading grade of all that a learner reads in the
// module, feedback included, footnotes not. It is 0 where there are too few
// words to tell, or no formula for their language.
func (m *Module) ReadingGrade() float64 { return m.counts.grade(m.Language) }

func readingTime(words, questions int) time.Duration {
	return time.Duration(words)*time.Minute/wordsPerMinute + time.Duration(questions)*timePerQuestion
}

// aloudTime returns how long it takes to read a card aloud.
func aloudTime(c Card) time.Duration {
	return time.Duration(c.Words) * time.Minute / wordsPerMinuteAloud
}

// hardToRead returns a warning for each language of a module in which it is
// harder to read than its programme allows. What is shown of a grade, one
// decimal, decides.
func (p *Program) hardToRead(m *Module) []Finding {
	var findings []Finding
	for _, in := range append([]*Module{m}, m.Translations...) {
		grade := math.Round(in.ReadingGrade()*10) / 10
		if p.ReadingGrade > 0 && grade > float64(p.ReadingGrade) {
			findings = append(findings, in.warning(in.titled, "hard-to-read",
				"the reading grade is %.1f, over the %d that %s allows: write shorter sentences and shorter words, feedback included",
				grade, p.ReadingGrade, programFile))
		}
	}
	return findings
}
