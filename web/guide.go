package web

import "first5/content"

// GuidePage shows how modules are written: the source of every construct beside
// what learners see of it.
type GuidePage struct {
	Frame
	Sections []content.Section
	Notes    []byte
}

func (GuidePage) template() string { return "guide.html" }

// NewGuidePage returns the page of the notation's guide.
func NewGuidePage(f Frame, guide *content.Module) GuidePage {
	f.Wide = true
	return GuidePage{Frame: f, Sections: guide.Sections(), Notes: guide.Notes}
}
