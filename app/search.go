package app

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"first5/content"
)

// Hit is a module that fits what somebody searched for.
type Hit struct {
	*Module
	Card    string    // the id of the card to open; empty: the module's beginning
	Heading string    // of that card; may be empty
	Excerpt []Excerpt // a piece of text in which the words stand
}

// Excerpt is a piece of an excerpt.
type Excerpt struct {
	Text  string
	Found bool // it is what was searched for
}

const (
	mostHits      = 30
	wordsOfQuery  = 8  // that count
	excerptBefore = 8  // words of an excerpt before the first one found
	excerptWords  = 28 // in all
)

// Search returns the modules that the person may take in whose title, objectives
// or text all words of a query stand, or begin words, without regard to case and
// accents: those with the words in their title first, then as in the programmes.
// It reads each module in the given language, if it has that, and returns at most
// 30.
func (t *Training) Search(p Person, query, language string) []Hit {
	wanted := strings.FieldsFunc(searchable(query), func(r rune) bool { return !wordRune(r) })
	wanted = wanted[:min(len(wanted), wordsOfQuery)]
	if len(wanted) == 0 {
		return nil
	}
	type ranked struct {
		Hit
		rank int
	}
	var found []ranked
	for _, m := range t.Modules(p) {
		m := m.In(language)
		if hit, rank := find(m, wanted); rank > 0 {
			found = append(found, ranked{hit, rank})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int { return cmp.Compare(b.rank, a.rank) })
	var hits []Hit
	for _, f := range found[:min(len(found), mostHits)] {
		hits = append(hits, f.Hit)
	}
	return hits
}

// find searches one module. The rank is 0 if it does not fit; more than that the
// more prominent the words are.
func find(m *Module, wanted []string) (Hit, int) {
	about := strings.Join(append([]string{m.Summary}, m.Objectives...), " ")
	best, fits := bestCard(m, wanted)
	everything := m.Title + " " + about
	for _, c := range m.Cards {
		everything += " " + c.Title + " " + c.Text
	}
	hit := Hit{Module: m}
	switch {
	case has(m.Title, wanted) == len(wanted):
		hit.Excerpt = excerpt(m.Summary, wanted)
		return hit, 4
	case has(about, wanted) == len(wanted):
		hit.Excerpt = excerpt(about, wanted)
		return hit, 3
	case fits == len(wanted):
		hit.Card, hit.Heading, hit.Excerpt = best.ID, best.Title, excerpt(best.Text, wanted)
		return hit, 2
	case has(everything, wanted) == len(wanted):
		hit.Excerpt = excerpt(m.Summary, wanted)
		return hit, 1
	}
	return Hit{}, 0
}

// bestCard returns the first of the cards with the most of the words, and how
// many it has. Cards of graded questions don't count: they are for after reading.
func bestCard(m *Module, wanted []string) (best content.Card, fits int) {
	for _, c := range m.Cards {
		if c.Question != nil && c.Question.Graded() || c.Branch {
			continue
		}
		if n := has(c.Title+" "+c.Text, wanted); n > fits {
			best, fits = c, n
		}
	}
	return best, fits
}

// has returns how many of the words stand in a text.
func has(text string, wanted []string) int {
	n := 0
	words := strings.FieldsFunc(searchable(text), func(r rune) bool { return !wordRune(r) })
	for _, w := range wanted {
		if slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(word, w) }) {
			n++
		}
	}
	return n
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// excerpt cuts the piece of a text around the first of the words, and marks them.
func excerpt(text string, wanted []string) []Excerpt {
	words := strings.Fields(text)
	isWanted := func(word string) bool { return has(word, wanted) > 0 }
	from := max(0, slices.IndexFunc(words, isWanted)-excerptBefore)
	to := min(len(words), from+excerptWords)
	var pieces []Excerpt
	for i, word := range words[from:to] {
		found := isWanted(word)
		if i > 0 && pieces[len(pieces)-1].Found == found {
			pieces[len(pieces)-1].Text += " " + word
			continue
		}
		pieces = append(pieces, Excerpt{Text: word, Found: found})
	}
	if from > 0 {
		pieces = append([]Excerpt{{Text: "…"}}, pieces...)
	}
	if to < len(words) {
		pieces = append(pieces, Excerpt{Text: "…"})
	}
	return pieces
}
