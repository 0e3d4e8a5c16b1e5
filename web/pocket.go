package web

import "first5/content"

// PocketPage is the skills card of a module alone, to be printed and pinned up.
type PocketPage struct {
	Frame
	Module *content.Module
}

func (PocketPage) template() string { return "pocket.html" }

// kept says that a device keeps the page: a card is of use where no network is.
func (PocketPage) kept() {}
