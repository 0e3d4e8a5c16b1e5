package content

import (
	"slices"
	"strings"
	"unicode"
)

// What graded questions of a curriculum should be like. The reasons are those of
// the guidelines for writing items (Haladyna, Downing and Rodriguez 2002): what
// gives an answer away, or tests how well one reads, tells nothing of what was
// learned.
const (
	// Fewer questions than these say little of a learner; more of them take two
	// of the five minutes.
	fewestGraded, mostGraded = 4, 6

	// With two options, every other guess is right.
	fewestOptions = 3

	// An option that is longer than this many times the shortest one stands out,
	// unless it is a matter of a word or two.
	mostUnlike  = 1.5
	shortOption = 30 // characters

	// Of this many right options, more than half in one place is a habit. Of fewer
	// it may be chance, unless it is all of them.
	manyRight = 4

	// Over a whole curriculum, chance would put a quarter into each of four places.
	// Where there are fewer questions to compare, one or two are a large part.
	optionsToGuess  = 4
	mostInOnePlace  = 0.4
	fewestToCompare = 10
)

// CheckItems returns a warning for whatever could be better about the graded
// questions of a library. They are not among the findings of [Load]: a module
// may be published with any of them. Translations are measured too, where they
// can be different.
func CheckItems(l *Library) []Finding {
	var findings []Finding
	all := MeasureItems(l)
	for _, figures := range all {
		m := figures.Module
		if !m.translates {
			findings = append(findings, m.checkSet(figures)...)
		}
		for _, q := range m.gradedQuestions() {
			findings = append(findings, m.checkItem(q)...)
		}
	}
	findings = append(findings, checkPlaces(all)...)
	sortFindings(findings)
	return findings
}

// checkSet compares the graded questions of a module with each other and with
// its objectives.
func (m *Module) checkSet(figures ItemFigures) []Finding {
	var findings []Finding
	if n := figures.Graded; n < fewestGraded || n > mostGraded {
		findings = append(findings, m.warning(m.titled, "graded-count",
			"the module has %s: with %d to %d there is enough to tell what was learned, and time to answer", counted(n, "graded question", "graded questions"), fewestGraded, mostGraded))
	}
	for i, n := range figures.PerObjective {
		if n == 0 && i < len(m.objectives) {
			findings = append(findings, m.warning(m.objectives[i], "untested-objective",
				"no graded question tests this objective: write one, and mark its heading with objective=%d", i+1))
		}
	}
	right := sum(figures.Places)
	for i, n := range figures.Places {
		if n == right && n > 1 || right >= manyRight && 2*n > right {
			findings = append(findings, m.warning(m.lastRight(i).at, "right-in-one-place",
				"%d of the %d right options of this module stand in place %d: move some of them, such as this one", n, right, i+1))
		}
	}
	return findings
}

// lastRight returns the last right option of the graded questions in a place.
func (m *Module) lastRight(place int) *Option {
	var last *Option
	for _, q := range m.gradedQuestions() {
		if place < len(q.Options) && q.Options[place].Right {
			last = &q.Options[place]
		}
	}
	return last
}

// checkItem looks at one graded question.
func (m *Module) checkItem(q *Question) []Finding {
	var findings []Finding
	warn := func(at [2]int, rule, format string, args ...any) {
		findings = append(findings, m.warning(at, rule, format, args...))
	}
	if !m.translates && q.Objective == 0 {
		warn(q.at, "no-objective", "the question %q names no objective: mark its heading with the number of the one that it tests, as in {#%s objective=1}", q.Title, q.ID)
	}
	if n := len(q.Options); !m.translates && n < fewestOptions {
		warn(q.at, "few-options", "the question %q has %s, and guesses are right too often with fewer than %d: add what a colleague might do", q.Title, counted(n, "option", "options"), fewestOptions)
	}
	if word := q.negative(m.Language); word != "" {
		warn(q.at, "negative-question", "the question %q turns on the word %s, which is easily missed: ask for what is so", q.Title, word)
	}
	if shortest, longest := q.lengths(); longest > shortOption && float64(longest) > mostUnlike*float64(shortest) {
		at := slices.IndexFunc(q.Options, func(o Option) bool { return o.length() == longest })
		warn(q.Options[at].at, "unlike-options",
			"this option has %d characters, and the shortest of %q has %d: bring them within %g times of each other", longest, q.Title, shortest, mostUnlike)
	}
	if o := q.longestRight(); o != nil {
		warn(o.at, "longest-is-right", "the right option of %q is the longest, which gives it away: shorten it, or lengthen another", q.Title)
	}
	for i, o := range q.Options {
		if phrase := sweeping(o.says); phrase != "" {
			warn(o.at, "sweeping-option", "this option says %q and nothing of its own: say what somebody would do or say", phrase)
		}
		if o.Right && o.Feedback == "" {
			warn(o.at, "right-without-feedback", "this right option has no feedback: say below it, indented, why it is right")
		}
		if o.teaches != "" && slices.ContainsFunc(q.Options[:i], func(other Option) bool { return other.teaches == o.teaches }) {
			warn(o.at, "same-feedback", "another option of %q has the same feedback: say what this one does", q.Title)
		}
	}
	return findings
}

// checkPlaces warns of a place that holds too many of the right options of a
// whole curriculum, at the last one of them.
func checkPlaces(all []ItemFigures) []Finding {
	places := TotalItems(all).PlacesOfFour
	right := sum(places)
	var findings []Finding
	for i, n := range places {
		if right < fewestToCompare || float64(n) <= mostInOnePlace*float64(right) {
			continue
		}
		for _, f := range slices.Backward(all) {
			if !f.Module.translates && i < len(f.PlacesOfFour) && f.PlacesOfFour[i] > 0 {
				findings = append(findings, f.Module.warning(f.Module.lastRight(i).at, "right-in-one-place-overall",
					"%d of the %d right options of the whole curriculum stand in place %d, where chance would put %d: move some of them, such as this one", n, right, i+1, right/optionsToGuess))
				break
			}
		}
	}
	return findings
}

// negative returns the word in capitals that a question turns on, if any.
func (q *Question) negative(language string) string {
	words := []string{"NOT", "EXCEPT", "LEAST"}
	if isLanguageOf(language, "es") {
		words = []string{"NO", "EXCEPTO", "SALVO", "MENOS"}
	}
	for _, word := range wordsOf(q.asks) {
		if slices.Contains(words, word) {
			return word
		}
	}
	return ""
}

// wordsOf returns the words of a text without the signs around them.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' })
}

// sweeping returns the phrase in an option that says only which of the others
// are right, if any. In the patterns, ? is a letter or a number that stands for
// an option.
func sweeping(option string) string {
	words := wordsOf(strings.ToLower(option))
	within := []string{
		"all of the above", "none of the above", "both of the above", "all of the others", "none of the others", "both ? and ?",
		"todas las anteriores", "todos los anteriores", "ninguna de las anteriores", "ninguno de los anteriores", "ambas anteriores", "tanto ? como ?",
	}
	alone := []string{
		"all of these", "none of these", "all of them", "none of them", "both of them", "both", "? and ?",
		"todas", "todas ellas", "ninguna", "ninguna de ellas", "ambas", "ambos", "? y ?",
	}
	for _, pattern := range append(within, alone...) {
		parts := strings.Fields(pattern)
		at := indexOf(words, parts)
		if at >= 0 && (len(parts) == len(words) || slices.Contains(within, pattern)) {
			return strings.Join(words[at:at+len(parts)], " ")
		}
	}
	return ""
}

// indexOf returns where words begin that are those of a pattern, or -1.
func indexOf(words, pattern []string) int {
	for i := range len(words) - len(pattern) + 1 {
		if slices.EqualFunc(words[i:i+len(pattern)], pattern, func(word, want string) bool {
			return word == want || want == "?" && len(word) == 1
		}) {
			return i
		}
	}
	return -1
}
