package main

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

const (
	next       = `document.getElementById("deck_next").click()`
	placeThere = `(await (await fetch("/modules/names-first")).text()).match(/data-card="([^"]*)"/)?.[1]`
	placeHere  = `Object.entries(localStorage).find(([name]) => name.startsWith("first5.place."))?.[1]`
)

func TestAPlaceReachedInADeadSpotIsWhereTheReaderGoesOn(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.line.cut.Store(true)
	w.says(next)
	w.says(next)
	w.sees(shownCard, "door")
	w.open("/modules/names-first")
	w.sees(onTop, "Offline: this is the copy from")
	w.sees(shownCard, "door")
	w.open("/learning")
	w.sees(onPage, "This page is not kept on this device.")

	w.line.cut.Store(false)
	w.open("/learning")
	w.sees(placeThere, "door")
	w.open("/modules/names-first")
	w.sees(shownCard, "door")
}

func TestAPlaceReachedInADeadSpotTakesNothingFromALaterOneElsewhere(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.line.cutAt.Store("/modules/names-first/place")
	w.says(next)
	w.says(next)
	w.sees(placeHere, `"card":"door"`)
	w.open("/learning")
	w.do(chromedp.Navigate("about:blank"))

	ctx, cancel := chromedp.NewContext(w.ctx, chromedp.WithNewBrowserContext())
	defer cancel()
	desk := &ward{t: t, ctx: ctx, hospital: w.hospital, line: w.line}
	desk.do(signIn(w.base, "Mercy Lakes Health", "Noor Haddad"))
	desk.open("/modules/names-first")
	desk.sees(shownCard, "room")
	w.line.cutAt.Store("") // not sooner: what the phone sent as it left may still be on its way
	desk.says(next)
	desk.sees(placeThere, "pause")

	w.open("/learning")
	w.sees(placeHere, `"card":""`)
	w.open("/modules/names-first")
	w.sees(shownCard, "pause")
	assert.Equal(t, "pause", w.says(placeThere))
}
