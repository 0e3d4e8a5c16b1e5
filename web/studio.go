package web

import "first5/app"

// StudioPage lists what is published, for those who make it.
type StudioPage struct {
	Frame
	Programs []*app.Program
}

func (StudioPage) template() string { return "studio.html" }
