package web

import "first5/app"

// SearchPage shows what modules fit some words.
type SearchPage struct {
	Frame
	Query string // empty: nothing is searched for yet
	Hits  []app.Hit
}

func (SearchPage) template() string { return "search.html" }

// Address returns where a hit is opened.
func (p SearchPage) Address(h app.Hit) string { return cardAddress(h.Slug, h.Card) }
