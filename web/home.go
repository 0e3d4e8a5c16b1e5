package web

import "first5/app"

// HomePage greets and shows one thing to do.
type HomePage struct {
	Frame
	Next    *app.Module // to begin, or to go on with; nil when all is done
	Begun   bool        // Next was begun already
	Courses []app.Course
}

func (HomePage) template() string { return "home.html" }

// WelcomePage is the home page of somebody who is not signed in.
type WelcomePage struct{ Frame }

func (WelcomePage) template() string { return "welcome.html" }
