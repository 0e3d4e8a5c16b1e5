package web

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// What most readers see of a module is written without its templates being run
// each time. It must be what they write.
func TestAModulesPageIsWhatItsTemplatesWrite(t *testing.T) {
	views, err := New()
	require.NoError(t, err)
	lib, _, err := content.Load(os.DirFS("../modules"))
	require.NoError(t, err)
	moulded := 0
	for _, m := range lib.Programs[0].Modules {
		for _, viewer := range []Viewer{
			{Name: "Ana <b>Núñez</b>", Institution: "Mercy & Sons", Device: "d1", CSRF: "c1"},
			{Institution: "Harbor", Device: "d2", CSRF: "c2", Manager: true},
			{Name: "zq9gapCSRF9qz", Institution: "{{.}}", Device: "d3", CSRF: "c3", Manager: true, Studio: true, Audits: true},
		} {
			for _, language := range []string{"", "en", "es"} {
				for _, card := range []string{"", "need"} {
					p := NewModulePage(Frame{Title: Verbatim(m.Title), Viewer: &viewer, Here: Modules, Language: language}, m)
					p.Frame.Switch = []Switch{{Language: "fr", Name: "Français", Address: "/modules/" + m.Slug + "?lang=fr"}}
					p.CSRF, p.Ticket, p.Attempt, p.Card = viewer.CSRF, "1.learner.ticket", "attempt-1", card
					p.Notes = []byte("<ol><li>One & two</li></ol>")
					if card == "" {
						p.Translations = []Translation{{Language: "es", Name: "español"}, {Language: "ar", Name: viewer.CSRF}}
					}
					_, ok := p.kind()
					assert.True(t, ok)
					var quick, slow bytes.Buffer
					for range 2 { // the first one makes the mould
						quick.Reset()
						require.NoError(t, views.Render(&quick, p))
					}
					require.NoError(t, views.render(&slow, p))
					assert.Equal(t, slow.String(), quick.String())
					moulded++
				}
			}
		}
	}
	assert.Positive(t, moulded)
}

func TestARarePageRunsItsTemplates(t *testing.T) {
	viewer := &Viewer{CSRF: "c"}
	for name, change := range map[string]func(*ModulePage){
		"nobody":           func(p *ModulePage) { p.Frame.Viewer = nil },
		"a proof":          func(p *ModulePage) { p.Frame.Proof = true },
		"another title":    func(p *ModulePage) { p.Frame.Title = T("Modules") },
		"a completed one":  func(p *ModulePage) { p.Completion = &app.Completion{} },
		"an address asked": func(p *ModulePage) { p.Frame.Switch = []Switch{{Language: "es", Address: "/modules/x?lang=es&q=a"}} },
	} {
		p := ModulePage{Frame: Frame{Title: Verbatim("X"), Viewer: viewer}, Title: "X", Slug: "x", CSRF: "c"}
		_, ok := p.kind()
		require.True(t, ok)
		change(&p)
		_, ok = p.kind()
		assert.False(t, ok, name)
	}
}
