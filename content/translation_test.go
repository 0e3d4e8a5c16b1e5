package content_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

func TestATranslationIsTheSameModuleInOtherWords(t *testing.T) {
	_, m := full(t)
	es := m.In("es")
	require.Equal(t, "es", es.Language)
	assert.Equal(t, "Primero el nombre", es.Title)
	assert.Equal(t, []string{"Comenzar la visita presentándose"}, es.Objectives)
	assert.Equal(t, m.Edition, es.Edition)
	assert.Equal(t, m.Pass, es.Pass)
	assert.Equal(t, m.Authors, es.Authors)
	assert.Same(t, m, m.In("fr"), "what is not translated is read as it was written")

	require.Len(t, es.Cards, len(m.Cards))
	for i, c := range m.Cards {
		assert.Equal(t, c.ID, es.Cards[i].ID)
		assert.Equal(t, c.Branch, es.Cards[i].Branch)
		if c.Question == nil {
			continue
		}
		assert.Equal(t, c.Question.Kind, es.Cards[i].Question.Kind)
		for j, o := range c.Question.Options {
			assert.Equal(t, o.ID, es.Cards[i].Question.Options[j].ID)
		}
	}
	assert.Empty(t, deadLinks(string(es.Body)+string(es.Notes)))
}

func TestAnswersInEitherLanguageAreWorthTheSame(t *testing.T) {
	_, m := full(t)
	answers := content.Answers{"need": {"heard"}, "else": {"a-chair", "a-name"}}
	inEnglish, err := m.Grade(answers)
	require.NoError(t, err)
	inSpanish, err := m.In("es").Grade(answers)
	require.NoError(t, err)
	assert.Equal(t, inEnglish, inSpanish)
	assert.Equal(t, 100, inSpanish.Score())
}

func TestATranslationSaysInItsOwnLanguageWhatTheProgramAdds(t *testing.T) {
	_, m := full(t)
	html := string(m.In("es").Body)
	want, err := os.ReadFile("testdata/full-body.es.html")
	if update() {
		require.NoError(t, os.WriteFile("testdata/full-body.es.html", []byte(html), 0o666))
	} else {
		require.NoError(t, err)
		assert.Equal(t, string(want), html)
	}
	assert.Empty(t, wellFormed(html))
	for _, phrase := range []string{"Consejo", "Piénselo un momento", "¿Qué dice usted?", "No se le muestra a nadie más.", "Guardar", "Al guardar, la página se abre de nuevo: elija sus respuestas después.", "Qué probar: lo elige al final", "Elija todas las que correspondan."} {
		assert.Contains(t, html, phrase)
	}
	assert.Contains(t, html, `srclang="en"`, "captions that were not translated are in the module's language")
}

func TestAProgrammeIsIntroducedInTheReadersLanguage(t *testing.T) {
	p, m := full(t)
	es := p.In("es")
	assert.Equal(t, "en", p.Language)
	assert.Equal(t, "es", es.Language)
	assert.Equal(t, "Los primeros 5 minutos", es.Title)
	assert.Equal(t, "Médicos", es.Audience)
	assert.Equal(t, "Nadie tiene ninguno.", es.Disclosures)
	assert.Equal(t, "De nadie todavía.", es.Accreditation)
	assert.Contains(t, es.Cover, `aria-label="Volver al texto"`, "what the program adds is in that language too")
	assert.Empty(t, deadLinks(es.Cover), "it has footnotes of its own")
	require.Len(t, es.Assets, 1)
	assert.Contains(t, es.Cover, `src="`+es.Assets[0].Path+`"`, "and pictures of its own")

	assert.Equal(t, []any{p.Slug, p.Order, p.Credit, p.Release, p.Expires, p.Source}, []any{es.Slug, es.Order, es.Credit, es.Release, es.Expires, es.Source})
	assert.Equal(t, []*content.Module{m}, es.Modules)
	assert.Same(t, p, p.In("fr"), "what is not translated is read as it was written")
	assert.Equal(t, "The First 5 Minutes", p.Title)
	assert.Empty(t, p.Assets)
}

func TestWhatATranslatedProgrammeLeavesOutStands(t *testing.T) {
	program := strings.Replace(validProgram, "audience:", "disclosures: None.\naccreditation: By nobody.\naudience:", 1)
	p, findings := content.ParseProgram("p", content.Source{
		{Name: "program.es.md", Data: []byte("---\ntitle: Los primeros 5 minutos\naudience: Médicos\n---\n")},
		{Name: "program.md", Data: []byte(program)},
	})
	assert.Equal(t, []string{"not-translated", "not-translated"}, rules(findings))
	assert.False(t, content.HasErrors(findings))
	assert.Equal(t, "None.", p.In("es").Disclosures)
	assert.Equal(t, "By nobody.", p.In("es").Accreditation)
	assert.Empty(t, p.In("es").Cover, "but a cover is a text of its own")
}

func TestAProgrammeMayBeWrittenInAnotherLanguageThanEnglish(t *testing.T) {
	program := strings.Replace(validProgram, "audience:", "lang: es\naudience:", 1)
	p, findings := content.ParseProgram("p", content.Source{{Name: "program.md", Data: []byte(program)}})
	assert.Empty(t, findings)
	assert.Equal(t, "es", p.Language)
	program = strings.Replace(program, "lang: es", "lang: español", 1)
	_, findings = content.ParseProgram("p", content.Source{{Name: "program.md", Data: []byte(program)}})
	assert.Equal(t, []string{"wrong-value"}, rules(findings))
}

func TestATranslatedVideoHasItsOwnCaptions(t *testing.T) {
	const video = "\n![A greeting](a.mp4)\n"
	files := append(source(validModule+video),
		content.File{Name: "module.es.md", Data: []byte("---\ntitle: T\nsummary: S\nobjectives: [O]\n---\n\n## Hola\n\nTexto.\n\n![Un saludo](a.mp4)\n")},
		content.File{Name: "a.mp4"}, content.File{Name: "a.vtt"}, content.File{Name: "a.es.vtt", Data: []byte("es")},
	)
	m, findings := content.ParseModule("p", "s", files)
	require.Empty(t, findings)
	es := m.In("es")
	assert.Contains(t, string(m.Body), `/a.vtt" srclang="en" label="Captions"`)
	assert.Contains(t, string(es.Body), `/a.es.vtt" srclang="es" label="Subtítulos"`)
	assert.Len(t, es.Assets, 2, "each language brings the files that it shows")
}
