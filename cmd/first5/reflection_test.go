package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// privately opens the card with the private question, on a page made anew.
func (w *ward) privately() {
	w.t.Helper()
	w.do(chromedp.Navigate("about:blank"))
	w.open("/modules/names-first?private" + privateCard)
	w.sees(shownCard, "think")
}

// writes has a text in the field of the private question, as typing it does.
func (w *ward) writes(text string) {
	w.t.Helper()
	quoted, err := json.Marshal(text)
	require.NoError(w.t, err)
	w.says(`(() => {
		const field = document.querySelector(".reflect textarea");
		field.value = ` + string(quoted) + `;
		field.dispatchEvent(new Event("input"));
	})()`)
}

func TestWhatIsTooLongToSaveIsToldAndSavedOnceItIsShorter(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.privately()
	w.writes(strings.Repeat("Long. ", 2_000))
	w.sees(savedOrNot, "What you wrote is too long. ")
	w.sees(savedOrNot, "What you wrote is kept on this device.")
	w.writes("Short.")
	w.sees(savedOrNot, "Saved")
}

func TestWhoeverIsSignedOutWhileWritingSignsInAndIsBackAtTheCard(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.privately()
	w.signOutElsewhere()
	w.writes("She asked me twice.")
	w.sees(savedOrNot, "You are signed out.")
	w.do(chromedp.Click(`//*[@class="reflect-state"]//a[text()="Sign in to save it"]`),
		chromedp.Click(`//a[text()="Mercy Lakes Health"]`), chromedp.Click(`//button[.//*[text()="Noor Haddad"]]`))
	w.sees(atPath, "/modules/names-first")
	w.sees(shownCard, "think")
	w.sees(savedOrNot, "Saved")
	w.sees(reflection, "She asked me twice.")
}

func TestWhatTwoDevicesWroteCanStillBeEditedWhereItIsLongerThanAField(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.privately()
	elsewhere := `(await fetch("/modules/names-first/reflections", { method: "POST", body: new URLSearchParams({
		page: document.querySelector("[name=page]").value, lang: "en",
		save: "` + strings.TrimPrefix(w.says(`document.querySelector(".reflect textarea").name`), "r.") + `",
		[document.querySelector(".reflect textarea").name]: "At the desk. ".repeat(450),
	}) })).ok`
	require.Equal(t, "true", w.says(elsewhere))
	w.writes(strings.Repeat("On the phone. ", 450))
	w.sees(savedOrNot, "Saved")
	w.sees(reflection, "At the desk.")
	w.replaces("Edited.")
	w.sees(savedOrNot, "Saved")
	w.privately()
	w.sees(reflection, "Edited.")
	w.replaces("Again.")
	w.sees(savedOrNot, "Saved")
}

// replaces types over the first words of what is written.
func (w *ward) replaces(text string) {
	w.t.Helper()
	w.says(`(() => {
		const field = document.querySelector(".reflect textarea");
		field.focus();
		field.setSelectionRange(0, 20);
	})()`)
	w.do(chromedp.KeyEvent(text))
	w.sees(reflection, text)
}

func TestWhatIsDeletedIsNotKeptOnTheDeviceEither(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.privately()
	w.writes("A private thought.")
	w.sees(savedOrNot, "Saved")
	w.privately()
	w.sees(`(await (await (await caches.open("first5-pages")).match("/modules/names-first"))?.text())`, "A private thought.")
	w.open("/learning/reflections")
	w.do(chromedp.Click(`//summary[text()="Delete everything that you wrote"]`), chromedp.Click(`//button[text()="Delete everything"]`))
	w.sees(onPage, "Deleted.")
	w.sees(isKept, "false")
}

func TestWhoeverSignsOutIsToldOfWhatTheyWroteThatIsNotSaved(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.line.cutAt.Store("/modules/names-first/reflections")
	w.privately()
	w.says(`localStorage.setItem("first5.reflection.a-colleague.names-first.think", "{}")`)
	w.writes("A private thought.")
	w.sees(savedOrNot, "Not saved yet: kept on this device")
	w.do(signOut())
	w.sees(onTop, "Something that you wrote was not saved.")
	w.do(chromedp.Click(`//*[@id="page_told"]//button[text()="Delete it"]`))
	w.sees(onTop, "Deleted.")
	kept := w.says(`JSON.stringify(localStorage)`)
	assert.NotContains(t, kept, "A private thought.")
	assert.Contains(t, kept, "a-colleague", "nobody deletes what somebody else wrote")

	w.do(signIn(w.base, "Mercy Lakes Health", "Daniel Ostrowski"), signOut())
	w.sees(onPage, "You are signed out")
	assert.Empty(t, w.says(onTop), "of what somebody else wrote")
}
