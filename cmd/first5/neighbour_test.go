package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestANeighbourLearnsInSpanishAndHasOneRecordForBothLanguages(t *testing.T) {
	const slug = "open-the-door"
	ctx := newBrowser(t)
	base := startDemo(t)
	m := builtIn(t, slug)
	translated := m.In("es")
	require.NotEqual(t, m.Title, translated.Title)

	home := words(t, ctx, signIn(base, "Cedar Street Neighbors", "Luz Marina Ocampo"), chromedp.Navigate(base+"/?lang=es"))
	assert.Contains(t, home, translated.Title)
	assert.NotContains(t, home, m.Title)
	assert.NotContains(t, home, "Names first", "what her organisation does not offer")

	steps := []step{
		chromedp.Navigate(base + "/modules/" + slug),
		chromedp.Click(chromedp.CSS(`form[action$="/begin"] button`)),
		chromedp.WaitVisible(chromedp.CSS(`.deck.ready`)),
	}
	for question, option := range rightAnswers(t, slug) {
		steps = append(steps, goTo(fmt.Sprintf(`%q`, question)),
			chromedp.Click(chromedp.CSS(fmt.Sprintf(`input[name="q.%s"][value="%s"]`, question, option))))
	}
	steps = append(steps,
		goTo(`[...document.querySelectorAll("#deck_cards > .card")].at(-1).id`),
		chromedp.Click(chromedp.CSS(`#deck_send`)),
		chromedp.WaitVisible(chromedp.CSS(`.score`)))
	assert.Contains(t, words(t, ctx, steps...), "Módulo completado", "answered in Spanish, with the answers of both languages")

	learning := words(t, ctx, chromedp.Navigate(base+"/learning?lang=en"))
	assert.Contains(t, learning, m.Title)
	assert.Contains(t, learning, "Completed")
	records := words(t, ctx, signOut(), signIn(base, "Cedar Street Neighbors", "Theodora Banks"), chromedp.Navigate(base+"/records"))
	assert.Contains(t, records, "1 record")
	assert.Contains(t, records, m.Title)
}
