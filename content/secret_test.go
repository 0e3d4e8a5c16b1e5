package content_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// A learner who reads the source of a page must not learn from it which option
// is right. So the page has to be the same, byte by byte, whichever option is
// right and whatever the feedback says.
func TestThePageDoesNotDependOnTheRightAnswers(t *testing.T) {
	checked := 0
	for _, files := range corpus(t) {
		before, _ := content.ParseModule("p", "s", files)
		for _, variant := range otherAnswers(before) {
			changed := withText(files, variant(text(files)))
			after, _ := content.ParseModule("p", "s", changed)
			if text(files) == text(changed) {
				continue // a broken question, whose options don't all have boxes
			}
			require.NotEqual(t, graded(before), graded(after), "the change must be one of answers or feedback")
			assert.Equal(t, string(before.Body), string(after.Body))
			assert.Equal(t, string(before.Notes), string(after.Notes))
			assert.Equal(t, string(before.Pocket()), string(after.Pocket()))
			assert.Equal(t, written(t, before), written(t, after), "in whatever order the options are shown")
			translated, changedToo := translation(text(files)), translation(text(changed))
			assert.Equal(t, string(translated.Body), string(changedToo.Body))
			assert.Equal(t, string(translated.Notes), string(changedToo.Notes))
			checked++
		}
	}
	assert.Greater(t, checked, 10)
}

// written returns all that is written of a module for one reader, who gets the
// options the other way around.
func written(t *testing.T, m *content.Module) string {
	var page strings.Builder
	r := content.Reader{Order: backwards}
	require.NoError(t, m.WriteBody(&page, r))
	require.NoError(t, m.WriteQuiz(&page, r))
	return page.String()
}

// backwards is the order of options from the last one to the first.
func backwards(_ string, options int) []int {
	order := make([]int, options)
	for i := range order {
		order[i] = options - 1 - i
	}
	return order
}

// translation returns a module that is its own translation, as translated.
func translation(text string) *content.Module {
	m, _ := content.ParseModule("p", "s", content.Source{
		{Name: "module.es.md", Data: []byte(text)}, {Name: "module.md", Data: []byte(text)},
	})
	return m.In("es")
}

// corpus returns all modules of the tests.
func corpus(t testing.TB) []content.Source {
	_, m := full(t)
	all := []content.Source{m.Source}
	folders, err := filepath.Glob("testdata/findings/*/module")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		all = append(all, read(t, folder))
	}
	return all
}

func text(files content.Source) string {
	data, _ := files.File("module.md")
	return string(data)
}

func withText(files content.Source, text string) content.Source {
	var changed content.Source
	for _, f := range files {
		if f.Name == "module.md" {
			f.Data = []byte(text)
		}
		changed = append(changed, f)
	}
	return changed
}

func graded(m *content.Module) []*content.Question {
	var qs []*content.Question
	for _, q := range m.Questions() {
		if q.Graded() {
			qs = append(qs, q)
		}
	}
	return qs
}

// otherAnswers returns edits of a module's text, for each graded question: to
// turn the order of its boxes around, and to say something else as feedback.
func otherAnswers(m *content.Module) []func(string) string {
	var edits []func(string) string
	for _, q := range graded(m) {
		rights := ""
		feedback := false
		for _, o := range q.Options {
			rights += map[bool]string{true: "x", false: " "}[o.Right]
			feedback = feedback || o.Feedback != ""
		}
		if turned := rights[1:] + rights[:1]; turned != rights {
			edits = append(edits, func(text string) string { return answer(text, q, turned) })
		}
		if feedback {
			edits = append(edits, func(text string) string { return reword(text, q) })
		}
	}
	return edits
}

// card calls edit with every line of a question's card.
func card(text string, q *content.Question, edit func(line string) string) string {
	lines := strings.Split(text, "\n")
	inside := false
	for i, line := range lines {
		if strings.HasPrefix(line, "## ") {
			title, _, _ := strings.Cut(strings.TrimPrefix(line, "## "), " {")
			inside = strings.TrimSpace(title) == q.Title
		} else if inside {
			lines[i] = edit(line)
		}
	}
	return strings.Join(lines, "\n")
}

func answer(text string, q *content.Question, rights string) string {
	next := 0
	return card(text, q, func(line string) string {
		at := strings.Index(line, "[")
		if at < 0 || at > 2 || len(line) < at+3 || line[at+2] != ']' || next == len(rights) {
			return line
		}
		next++
		return line[:at+1] + rights[next-1:next] + line[at+2:]
	})
}

func reword(text string, q *content.Question) string {
	return card(text, q, func(line string) string {
		if strings.HasPrefix(line, "  ") {
			return "  Something else, with *emphasis* and [a link](https://example.org)."
		}
		return line
	})
}
