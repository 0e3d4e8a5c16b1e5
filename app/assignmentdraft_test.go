package app

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func FuzzListOfPeople(f *testing.F) {
	for _, list := range []string{"ana@mercy.example\nbo", "\r\n a \t\n\ufeffA@x\na@X", "a b", "@", "=1+1", "é\u2028ü", "\xff"} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		names, unfit := AssignmentDraft{People: list}.people()
		if unfit.Fault != "" {
			assert.Empty(t, names)
			return
		}
		seen := map[string]bool{}
		for _, name := range names {
			assert.Equal(t, ReasonLine(name), name, "nothing invisible is kept")
			assert.True(t, namesOne(name))
			assert.False(t, seen[personKey(name)], "each person is there once")
			seen[personKey(name)] = true
		}
		again, unfit := AssignmentDraft{People: strings.Join(names, "\r\n")}.people()
		assert.Empty(t, unfit)
		assert.Equal(t, names, again, "and the list can be sent again as it is shown")
	})
}
