package questionbank_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"first5/content"
	"first5/content/questionbank"
)

// update writes what the package makes into the golden files; look through the
// difference before committing it.
func update() bool { return flag.Lookup("update").Value.String() == "true" }

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the golden files anew")
	os.Exit(m.Run())
}

// Each archive is a bank, the cards that come of it, and what its educator is
// told.
func TestAnEducatorsBankComesOverAsCards(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, archives)
	for _, archive := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(archive), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(archive)
			require.NoError(t, err)
			b, problems := questionbank.Read(a.Files[0].Name, a.Files[0].Data)
			cards, more := b.Cards()
			a.Files = append(a.Files[:1],
				txtar.File{Name: "cards.md", Data: []byte(cards)},
				txtar.File{Name: "problems", Data: []byte(listing(append(problems, more...)))})
			if update() {
				require.NoError(t, os.WriteFile(archive, txtar.Format(a), 0o666))
			}
			golden, err := os.ReadFile(archive)
			require.NoError(t, err)
			assert.Equal(t, string(golden), string(txtar.Format(a)))
		})
	}
}

func listing(problems []questionbank.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.String() + "\n")
	}
	return b.String()
}

// What First5 writes as GIFT, it reads again as the same questions.
func TestQuestionsSurviveTheWayOutAndBack(t *testing.T) {
	lib, _, err := content.Load(os.DirFS("../../modules"))
	require.NoError(t, err)
	for _, p := range lib.Programs {
		for _, m := range p.Modules {
			t.Run(m.Slug, func(t *testing.T) { outAndBack(t, m) })
		}
	}
}

func outAndBack(t *testing.T, m *content.Module) {
	var gift strings.Builder
	_, err := questionbank.WriteGIFT(&gift, m)
	require.NoError(t, err)
	b, problems := questionbank.Read("bank.gift", []byte(gift.String()))
	assert.Empty(t, problems)
	source, problems := b.Module("2026")
	assert.Empty(t, problems)
	again, findings := content.ParseModule("p", "m", source)
	assert.False(t, content.HasErrors(findings), "%v", findings)
	assert.Equal(t, m.Slug, again.Title, "the module is called what its category is")

	var scored []*content.Question
	for _, q := range m.Questions() {
		if q.Kind != content.Poll {
			scored = append(scored, q)
		}
	}
	require.Len(t, again.Questions(), len(scored))
	for i, q := range again.Questions() {
		assert.Equal(t, scored[i].ID, q.ID)
		assert.Equal(t, scored[i].Kind, q.Kind)
		assert.Equal(t, scored[i].Practice, q.Practice)
		assert.Equal(t, scored[i].Title, q.Title)
		assert.Equal(t, scored[i].Stem, q.Stem)
		require.Len(t, q.Options, len(scored[i].Options))
		for j, o := range q.Options {
			assert.Equal(t, scored[i].Options[j].HTML, o.HTML)
			assert.Equal(t, scored[i].Options[j].Right, o.Right)
			assertSameFeedback(t, scored[i].Options[j].Feedback, o.Feedback)
		}
	}
}

// assertSameFeedback compares feedback with what came back of it. GIFT has no
// footnotes, so that their sources stand in brackets there.
func assertSameFeedback(t *testing.T, was, is string) {
	t.Helper()
	said, notes, noted := strings.Cut(withoutCardLinks(was), "<sup>")
	if !noted {
		assert.Equal(t, said, is)
		return
	}
	assert.True(t, strings.HasPrefix(is, said+" ("), "%s\n%s", said, is)
	if _, doi, ok := strings.Cut(notes, `<a href="https://doi.org/`); ok {
		doi, _, _ = strings.Cut(doi, `"`)
		assert.Contains(t, is, doi)
	}
}

// withoutCardLinks leaves of links to cards what they say: GIFT has no cards.
func withoutCardLinks(markup string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	dropped := false
	for z.Next() != html.ErrorToken {
		raw := string(z.Raw())
		opens := strings.HasPrefix(raw, `<a href="/modules/`) || strings.HasPrefix(raw, `<a href="#`)
		if opens || dropped && raw == "</a>" {
			dropped = opens
			continue
		}
		b.WriteString(raw)
	}
	return b.String()
}
