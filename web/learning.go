package web

import "first5/app"

// LearningPage lists what the viewer has begun, may still do and has done.
type LearningPage struct {
	Frame
	app.Learning
}

func (LearningPage) template() string { return "learning.html" }
