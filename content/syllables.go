package content

import (
	"strings"
	"unicode"
)

// spanishSyllables returns how many syllables a word of Spanish has, by the rules
// of its spelling, by which "guion" has one. What has no vowel, such as a number
// in figures or an abbreviation, counts as one.
func spanishSyllables(word []rune) int { return max(1, nuclei(word)) }

// nuclei returns how many syllables the vowels of a word make.
func nuclei(word []rune) int {
	n := 0
	for _, group := range strings.FieldsFunc(string(vowelsOf(word)), func(r rune) bool { return r == apart }) {
		n += nucleiIn([]rune(group))
	}
	return n
}

// nucleiIn returns how many syllables vowels make that stand together. Each
// strong one has a syllable of its own, and so has an accented weak one beside
// it: "dí-a". Other weak ones go with their neighbour: "rei-na", "viu-da"; only
// two of the same are parted: "chi-i-ta".
func nucleiIn(group []rune) int {
	n, doubled := 0, 0
	for i, r := range group {
		var before, after rune
		if i > 0 {
			before = group[i-1]
		}
		if i+1 < len(group) {
			after = group[i+1]
		}
		switch {
		case isStrong(r), isAccented(r) && (isStrong(before) || isStrong(after)):
			n++
		case !isStrong(before) && before != 0 && plainWeak(r) == plainWeak(before):
			doubled++
		}
	}
	return max(1, n) + doubled
}

func isStrong(r rune) bool { return r == 'a' || r == 'e' || r == 'o' }

func isAccented(r rune) bool { return r == 'í' || r == 'ú' }

// plainWeak returns a weak vowel without its accent.
func plainWeak(r rune) rune {
	switch r {
	case 'í':
		return 'i'
	case 'ú':
		return 'u'
	}
	return r
}

// apart stands for what keeps vowels apart.
const apart = '-'

// vowelsOf returns the vowels of a word as small letters, of which i and u alone
// keep an accent, and apart for each of the letters between them.
func vowelsOf(word []rune) []rune {
	letters := composed(word)
	at := func(i int) rune {
		if i < 0 || i >= len(letters) {
			return apart
		}
		return vowelOf(letters[i])
	}
	var vowels []rune
	for i, r := range letters {
		v := vowelOf(r)
		switch {
		case r == 'y' && at(i+1) == apart:
			v = 'i' // "muy", "y": a vowel unless it begins a syllable
		case r == 'h' && at(i+1) != apart && !opensSyllable(at(i+1), at(i+2)):
			continue // not heard between vowels: "prohi-bir"
		}
		vowels = append(vowels, v)
	}
	return vowels
}

// opensSyllable says whether two letters after an h are a weak vowel that is
// heard as a consonant: "ca-ca-hue-te".
func opensSyllable(first, second rune) bool {
	return (first == 'i' || first == 'u') && second != apart
}

// composed returns a word in small letters, with the accents that are characters
// of their own put onto the letters that they belong to.
func composed(word []rune) []rune {
	var letters []rune
	for _, r := range word {
		last := len(letters) - 1
		switch {
		case !unicode.Is(unicode.Mn, r):
			letters = append(letters, unicode.ToLower(r))
		case r == '\u0301' && last >= 0 && letters[last] == 'i':
			letters[last] = 'í'
		case r == '\u0301' && last >= 0 && letters[last] == 'u':
			letters[last] = 'ú'
		}
	}
	return letters
}

// vowelOf returns the vowel that a small letter is, or apart.
func vowelOf(letter rune) rune {
	switch letter {
	case 'a', 'á', 'à', 'â', 'ã', 'ä', 'å':
		return 'a'
	case 'e', 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'o', 'ó', 'ò', 'ô', 'õ', 'ö':
		return 'o'
	case 'i', 'ì', 'î', 'ï':
		return 'i'
	case 'u', 'ù', 'û', 'ü':
		return 'u'
	case 'í', 'ú':
		return letter
	}
	return apart
}
