package content

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestTheLongestWayThroughAConversation(t *testing.T) {
	seconds := func(n int, to ...string) stop { return stop{time.Duration(n) * time.Second, to} }
	tests := []struct {
		name  string
		stops map[string]stop
		want  int
	}{
		{"a card without replies", map[string]stop{"a": seconds(5)}, 5},
		{"the longer of two replies", map[string]stop{"a": seconds(5, "b", "c"), "b": seconds(3), "c": seconds(7)}, 12},
		{"a short reply that leads on", map[string]stop{"a": seconds(5, "b", "c"), "b": seconds(3, "d"), "c": seconds(7), "d": seconds(6)}, 14},
		{"two ways to one branch", map[string]stop{"a": seconds(1, "b", "c"), "b": seconds(2, "d"), "c": seconds(3, "d"), "d": seconds(4)}, 8},
		{"a way out of the conversation", map[string]stop{"a": seconds(5, "elsewhere", "b"), "b": seconds(1, "elsewhere")}, 6},
		{"a way back, to say the other thing", map[string]stop{"a": seconds(5, "b", "c"), "b": seconds(3, "a"), "c": seconds(7)}, 15},
		{"a reply to itself", map[string]stop{"a": seconds(5, "a")}, 5},
		{"branches that go around", map[string]stop{"a": seconds(1, "b"), "b": seconds(2, "c"), "c": seconds(3, "b", "d"), "d": seconds(4)}, 10},
		{"a branch that nothing leads to", map[string]stop{"a": seconds(5), "b": seconds(9, "a")}, 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, time.Duration(test.want)*time.Second, longestWay("a", test.stops))
		})
	}
}

func TestManyWaysAreTimedAtOnce(t *testing.T) {
	stops := map[string]stop{}
	for i := range 60 {
		last, next := strings.Repeat("x", i+1), strings.Repeat("x", i+2)
		stops[last] = stop{time.Second, []string{next, next + "x", last}}
	}
	assert.Equal(t, 60*time.Second, longestWay("x", stops), "though there are more ways than could be tried")
}

func TestACardOfTheMainLineSaysHowLongItTakes(t *testing.T) {
	words := func(n int) string { return strings.Repeat("word ", n) + "\n\n" }
	const front = "---\ntitle: T\nsummary: S\nminutes: 5\nedition: \"1\"\nobjectives: [O]\nauthors: [A]\n---\n"
	m, _ := ParseModule("p", "s", Source{{Name: moduleFile, Data: []byte(front +
		"## A\n\n" + words(118) + "- [B](#b)\n- [C](#c)\n- [D](#d)\n\n" + // 122 words
		"## B {.branch}\n\n" + words(118) + "[D](#d)\n\n" +
		"## C {.branch .practice}\n\n" + words(237) + "- [ ] x\n\n  No.\n- [x] y\n\n" +
		"## D\n\n" + words(237) +
		"## Q\n\n- [ ] x\n\n  No.\n- [x] y\n")}})
	var got []string
	for _, part := range strings.Split(string(m.Body), ` data-seconds="`)[1:] {
		got = append(got, part[:strings.Index(part, `"`)])
	}
	// A with C: 122 and 240 words, and 20 seconds for what C asks.
	assert.Equal(t, []string{"111", "60", "21"}, got)
}
