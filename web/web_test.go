package web_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"first5/app"
	"first5/content"
	"first5/web"
)

// made is the views, made once: that takes longer than a page.
var made = sync.OnceValues(web.New)

func render(t *testing.T, p web.Page) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, newViews(t).Render(&b, p))
	return b.String()
}

func TestEveryPageIsWholeAndPlain(t *testing.T) {
	for name, p := range pages() {
		t.Run(name, func(t *testing.T) {
			page := render(t, p)
			root, err := html.Parse(strings.NewReader(page))
			require.NoError(t, err)
			headings, mains := 0, 0
			ids := map[string]bool{}
			for n := range root.Descendants() {
				headings += count(n, "h1")
				mains += count(n, "main")
				if n.Data == "script" {
					assert.Nil(t, n.FirstChild, "the policy forbids inline scripts")
					assert.True(t, hasAttribute(n, "src"), "a script comes from a file of ours")
					if !strings.HasPrefix(name, "preview") {
						assert.True(t, hasAttribute(n, "type", "module"), "learners' scripts hold up no page")
					}
				}
				for _, a := range n.Attr {
					assert.NotEqual(t, "style", a.Key, "the policy forbids inline styles")
					assert.False(t, strings.HasPrefix(a.Key, "on"), "and inline scripts")
					if a.Key == "id" {
						assert.False(t, ids[a.Val], "the id %q stands twice", a.Val)
						ids[a.Val] = true
					}
					if (a.Key == "src" || a.Key == "href") && a.Val != leadsOn {
						assert.Regexp(t, `^(/|#)`, a.Val, "nothing comes from another site")
					}
				}
			}
			assert.Equal(t, 1, headings, "one heading of the first level")
			assert.Equal(t, 1, mains)
			assert.NotContains(t, page, "<b>Núñez</b>", "names are text")
			assert.NotContains(t, page, "b>Núñez</b>", "and so is source")
			assert.NotContains(t, page, "%!", "no formatting went wrong")
			assert.NotContains(t, page, "<no value>")
			for post := range strings.SplitSeq(page, `<form method="post"`) {
				if strings.Contains(post, `action="/signout"`) {
					assert.Contains(t, post, `name="csrf" value="token"`)
				}
			}
		})
	}
}

// hasAttribute says whether an element has an attribute, with that value if one
// is given.
func hasAttribute(n *html.Node, key string, value ...string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == key && (len(value) == 0 || a.Val == value[0])
	})
}

func count(n *html.Node, tag string) int {
	if n.Type == html.ElementNode && n.Data == tag {
		return 1
	}
	return 0
}

func TestEveryTagThatOpensCloses(t *testing.T) {
	void := map[string]bool{"meta": true, "link": true, "br": true, "img": true, "input": true}
	for name, p := range pages() {
		tokens := html.NewTokenizer(strings.NewReader(render(t, p)))
		var open []string
		for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
			tag := tokens.Token().Data
			switch {
			case kind == html.StartTagToken && !void[tag]:
				open = append(open, tag)
			case kind == html.EndTagToken:
				require.NotEmpty(t, open, "%s closes %s", name, tag)
				require.Equal(t, open[len(open)-1], tag, name)
				open = open[:len(open)-1]
			}
		}
		assert.Empty(t, open, name)
	}
}

func TestLearnersPagesHaveNothingOfThePreview(t *testing.T) {
	for name, p := range pages() {
		if !strings.HasPrefix(name, "preview") && name != "module, as a proof" {
			page := render(t, p)
			assert.NotContains(t, page, "/preview.", name)
			assert.NotContains(t, page, "data-scheme", name)
		}
	}
	assert.Contains(t, render(t, pages()["module, as a proof"]), `data-scheme="dark"`)
}

func TestTheBarComparesWhatAModuleTakesWithWhatItPromises(t *testing.T) {
	m := &content.Module{Minutes: 1, Cards: []content.Card{{Title: "One", Way: time.Minute}, {Words: 238, Branch: true}, {Way: 30 * time.Second}}}
	long := web.DeskPage{Module: m}
	assert.True(t, long.TooLong())
	assert.Equal(t, "30 s longer than promised", long.Spare())
	bar := long.Bar()
	require.Len(t, bar, 2)
	assert.Equal(t, bar[0].To, bar[1].From)
	assert.Equal(t, bar[0].To, long.Promised(), "the first card takes the promised minute")
	assert.InDelta(t, 95.2, bar[1].To, 0.1)

	m.Minutes = 2
	short := web.DeskPage{Module: m}
	assert.False(t, short.TooLong())
	assert.Equal(t, "30 s to spare", short.Spare())
	assert.Equal(t, "1 min 30 s", short.Measured().String())
}

func TestAFailedResultKeepsTheRightAnswerToItself(t *testing.T) {
	failed := render(t, web.ResultPage{Frame: frame, Result: attempt("no")})
	assert.Contains(t, failed, "Not so.")
	assert.NotContains(t, failed, "Indeed.")
	passed := render(t, web.ResultPage{Frame: frame, Result: attempt("yes")})
	assert.Contains(t, passed, "Indeed.")
}

func TestEveryStaticFileThatPagesAndStylesReferToIsThere(t *testing.T) {
	views, err := web.New()
	require.NoError(t, err)
	page := render(t, pages()["home"])
	seen := 0
	for _, part := range strings.Split(page, `"/static/`)[1:] {
		address, _, _ := strings.Cut("/static/"+part, `"`)
		file, ok := views.Static(address)
		require.True(t, ok, address)
		assert.NotEmpty(t, file.ContentType, address)
		seen++
		if strings.HasSuffix(address, ".css") {
			for _, font := range strings.Split(string(file.Data), `url("`)[1:] {
				name, _, _ := strings.Cut(font, `"`)
				_, ok := views.Static(name)
				assert.True(t, ok, "the styles refer to %s", name)
			}
		}
	}
	assert.GreaterOrEqual(t, seen, 6)
}

func TestTheFilterOfThePageIsThatOfItsFiles(t *testing.T) {
	p := web.RecordsPage{Filter: app.Filter{From: noon.Truncate(24 * time.Hour), To: noon.Truncate(24*time.Hour).AddDate(0, 0, 3), Module: "greet", Program: "first", Status: app.Passed, Query: "a&b"}}
	var addresses []string
	for _, f := range p.Files() {
		addresses = append(addresses, f.Address)
	}
	const chosen = "?from=2026-03-04&module=greet&program=first&q=a%26b&status=passed&to=2026-03-06"
	assert.Equal(t, []string{"/records.csv" + chosen, "/records.xlsx" + chosen, "/records.jsonl" + chosen, "/records.xapi.jsonl" + chosen}, addresses)
	assert.True(t, p.Filtered())
	assert.Equal(t, "/records.csv", web.RecordsPage{}.Files()[0].Address)
}
