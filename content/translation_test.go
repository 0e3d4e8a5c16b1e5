package content_test

import (
	"os"
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
