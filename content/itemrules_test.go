package content

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOptionsOfUnlikeLength(t *testing.T) {
	tests := []struct {
		name              string
		shortest, longest int
		unlike            bool
	}{
		{"once and a half as long", 22, 33, false},
		{"a little more than that", 22, 34, true},
		{"short ones, whatever their lengths", 3, 30, false},
		{"just no longer short", 3, 31, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			words := func(n int) Option { return Option{says: strings.Repeat("ä", n)} }
			q := &Question{Kind: ChooseOne, Options: []Option{words(test.longest), words(test.shortest)}}
			rules := map[string]bool{}
			for _, f := range (&Module{}).checkItem(q) {
				rules[f.Rule] = true
			}
			assert.Equal(t, test.unlike, rules["unlike-options"], "lengths are counted in characters")
		})
	}
}

func TestOptionsThatSayWhichOfTheOthersAreRight(t *testing.T) {
	for option, phrase := range map[string]string{
		"All of the above":                      "all of the above",
		"These are fine: none of the above.":    "none of the above",
		"Both A and B":                          "both a and b",
		"Both 1 and 3 would do":                 "both 1 and 3",
		"A and C.":                              "a and c",
		"All of them":                           "all of them",
		"Todas las anteriores son correctas":    "todas las anteriores",
		"Ninguna de las anteriores":             "ninguna de las anteriores",
		"Ninguno de los anteriores":             "ninguno de los anteriores",
		"Tanto A como B":                        "tanto a como b",
		"A y B":                                 "a y b",
		"«Todas ellas»":                         "todas ellas",
		"Both her daughter and her son":         "",
		"All of these numbers go on the card":   "",
		"The line above the bed":                "",
		"Greet all of them by name":             "",
		"Todas las personas anteriores a usted": "",
		"Ninguna":                               "ninguna",
		"":                                      "",
	} {
		assert.Equal(t, phrase, sweeping(option), option)
	}
}

func TestWordsInCapitalsThatTurnAQuestionAround(t *testing.T) {
	tests := []struct{ language, asks, word string }{
		{"en", "Which of these is NOT safe?", "NOT"},
		{"en", "All help EXCEPT:", "EXCEPT"},
		{"en", "Which is not safe?", ""},
		{"en", "The NOTES, and a KNOT", ""},
		{"en", "«NO», says she", ""},
		{"es-MX", "¿Cuál NO ayuda?", "NO"},
		{"es", "Todas, EXCEPTO una", "EXCEPTO"},
		{"es", "¿Cuál no ayuda?", ""},
	}
	for _, test := range tests {
		assert.Equal(t, test.word, (&Question{asks: test.asks}).negative(test.language), test.asks)
	}
}
