package content_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// quiz has a question with one right option, one with two, one for practice
// and a poll.
func quiz(t *testing.T) *content.Module {
	m, findings := content.ParseModule("p", "s", source(validModule+`
## One

- [ ] A

  No.
- [x] B
- [ ] C

  No.

## All

- [x] A
- [x] B
- [ ] C

  No.

## Try {.practice}

- [ ] A

  No.
- [x] B

## Poll

- [ ] A
- [ ] B
`))
	require.Empty(t, findings)
	return m
}

func TestGrading(t *testing.T) {
	m := quiz(t)
	tests := []struct {
		name    string
		answers content.Answers
		right   int
		score   int
	}{
		{"nothing answered", nil, 0, 0},
		{"all right", content.Answers{"one": {"b"}, "all": {"a", "b"}}, 2, 100},
		{"the order of choices does not matter", content.Answers{"one": {"b"}, "all": {"b", "a"}}, 2, 100},
		{"the wrong option", content.Answers{"one": {"a"}, "all": {"a", "b"}}, 1, 50},
		{"one of two right options is not enough", content.Answers{"one": {"b"}, "all": {"a"}}, 1, 50},
		{"a wrong option among the right ones", content.Answers{"one": {"b"}, "all": {"a", "b", "c"}}, 1, 50},
		{"everything chosen where one is right", content.Answers{"one": {"a", "b", "c"}}, 0, 0},
		{"an option chosen twice counts once", content.Answers{"one": {"b", "b"}}, 1, 50},
		{"practice and polls don't count", content.Answers{"one": {"b"}, "all": {"a", "b"}, "try": {"a"}, "poll": {"b"}}, 2, 100},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, err := m.Grade(test.answers)
			require.NoError(t, err)
			assert.Equal(t, content.Grade{Right: test.right, Graded: 2}, g)
			assert.Equal(t, test.score, g.Score())
		})
	}
}

func TestAnswersToAnotherModuleAreRefused(t *testing.T) {
	m := quiz(t)
	for _, test := range []struct {
		answers content.Answers
		want    content.AnswerError
		message string
	}{
		{content.Answers{"two": {"a"}}, content.AnswerError{Question: "two"}, `the module has no question "two"`},
		{content.Answers{"one": {"d"}}, content.AnswerError{Question: "one", Option: "d"}, `question "one" has no option "d"`},
		{content.Answers{"poll": {"z"}}, content.AnswerError{Question: "poll", Option: "z"}, `question "poll" has no option "z"`},
	} {
		g, err := m.Grade(test.answers)
		var wrong *content.AnswerError
		require.ErrorAs(t, err, &wrong)
		assert.Equal(t, test.want, *wrong)
		assert.EqualError(t, err, test.message)
		assert.Zero(t, g)
	}
}

func TestAScoreIsNeverRoundedUp(t *testing.T) {
	for _, test := range []struct{ right, graded, score int }{
		{0, 0, 0}, {0, 3, 0}, {1, 3, 33}, {2, 3, 66}, {3, 3, 100}, {199, 200, 99},
	} {
		assert.Equal(t, test.score, content.Grade{Right: test.right, Graded: test.graded}.Score())
	}
}
