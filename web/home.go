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

// Done returns how many modules of the course the learner has completed.
func Done(c app.Course) int {
	n := 0
	for _, item := range c.Items {
		if item.Record != nil && item.Record.Completion != nil {
			n++
		}
	}
	return n
}

// WelcomePage is the home page of somebody who is not signed in.
type WelcomePage struct{ Frame }

func (WelcomePage) template() string { return "welcome.html" }
