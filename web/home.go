package web

import (
	"slices"

	"first5/app"
)

// HomePage greets and shows one thing to do, and then the way there.
type HomePage struct {
	Frame
	app.Home
}

func (HomePage) template() string { return "home.html" }

// Begun says whether the module to take up was begun already.
func (p HomePage) Begun() bool { return p.Record != nil }

// Address is where the module to take up is opened.
func (p HomePage) Address() string { return cardAddress(p.Next.Slug, p.Card) }

// cardAddress returns the address of a module, at a card unless that is empty.
func cardAddress(slug, card string) string {
	if card == "" {
		return "/modules/" + slug
	}
	return "/modules/" + slug + "#" + card
}

// Path is a programme as a way with the steps that a learner has made.
type Path struct {
	app.Course
	Done int    // of its modules: those whose certificate holds
	Here string // the slug of the module to take up; empty: none of this programme
}

// Paths returns the programmes as ways.
func (p HomePage) Paths() []Path {
	var paths []Path
	for _, c := range p.Courses {
		path := Path{Course: c}
		for _, item := range c.Items {
			if item.Record != nil && item.Record.Completion != nil && item.Record.Withdrawn == nil {
				path.Done++
			}
			if p.Next != nil && item.Slug == p.Next.Slug {
				path.Here = item.Slug
			}
		}
		paths = append(paths, path)
	}
	return paths
}

// AllDone says whether every module is completed, each with a certificate that
// holds.
func (p HomePage) AllDone() bool {
	return !slices.ContainsFunc(p.Paths(), func(path Path) bool { return path.Done < len(path.Items) })
}

// WelcomePage is the home page of somebody who is not signed in.
type WelcomePage struct{ Frame }

func (WelcomePage) template() string { return "welcome.html" }
