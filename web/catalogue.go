package web

import "first5/app"

// CataloguePage lists the programmes that the viewer may take.
type CataloguePage struct {
	Frame
	Courses []app.Course
}

func (CataloguePage) template() string { return "catalogue.html" }
