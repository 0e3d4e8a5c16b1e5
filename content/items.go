package content

import (
	"slices"
	"unicode/utf8"
)

// ItemFigures are what the graded questions of a module are like, in one
// language.
type ItemFigures struct {
	Module       *Module // or a translation
	Graded       int     // how many questions are
	PerObjective []int   // how many of them test each objective
	Unlikeness   float64 // how many times as long as the shortest option the longest is, on average; 0 without questions

	ChooseOne    int // how many have one right option,
	LongestRight int // and in how many of these it is the longest

	// Places is how many right options stand first, second and so on; PlacesOfFour
	// the same in those questions that have four options.
	Places, PlacesOfFour []int
}

// MeasureItems returns the figures of every module and translation, in order.
func MeasureItems(l *Library) []ItemFigures {
	var all []ItemFigures
	for _, p := range l.Programs {
		for _, m := range p.Modules {
			for _, in := range append([]*Module{m}, m.Translations...) {
				if len(in.Cards) > 0 {
					all = append(all, in.itemFigures())
				}
			}
		}
	}
	return all
}

// TotalItems returns the figures of a whole curriculum. What is the same in each
// language of a module is counted once.
func TotalItems(all []ItemFigures) ItemFigures {
	var total ItemFigures
	for _, f := range all {
		if f.Module.translates {
			continue
		}
		total.Graded += f.Graded
		total.Unlikeness += f.Unlikeness * float64(f.Graded)
		total.ChooseOne += f.ChooseOne
		total.LongestRight += f.LongestRight
		total.Places = added(total.Places, f.Places)
		total.PlacesOfFour = added(total.PlacesOfFour, f.PlacesOfFour)
	}
	total.Unlikeness /= float64(max(1, total.Graded))
	return total
}

func added(a, b []int) []int {
	sum := slices.Clone(a)
	for i, n := range b {
		if i == len(sum) {
			sum = append(sum, 0)
		}
		sum[i] += n
	}
	return sum
}

func sum(numbers []int) int {
	n := 0
	for _, m := range numbers {
		n += m
	}
	return n
}

func (m *Module) itemFigures() ItemFigures {
	f := ItemFigures{Module: m, PerObjective: make([]int, len(m.Objectives))}
	for _, q := range m.gradedQuestions() {
		f.Graded++
		if 1 <= q.Objective && q.Objective <= len(f.PerObjective) {
			f.PerObjective[q.Objective-1]++
		}
		shortest, longest := q.lengths()
		f.Unlikeness += float64(longest) / float64(max(1, shortest))
		if q.Kind == ChooseOne {
			f.ChooseOne++
		}
		if q.longestRight() != nil {
			f.LongestRight++
		}
		f.Places = added(f.Places, q.places())
		if len(q.Options) == optionsToGuess {
			f.PlacesOfFour = added(f.PlacesOfFour, q.places())
		}
	}
	f.Unlikeness /= float64(max(1, f.Graded))
	return f
}

func (m *Module) gradedQuestions() []*Question {
	return slices.DeleteFunc(m.Questions(), func(q *Question) bool { return !q.Graded() })
}

// lengths returns the lengths of the shortest and the longest option.
func (q *Question) lengths() (shortest, longest int) {
	for i, o := range q.Options {
		length := o.length()
		if i == 0 || length < shortest {
			shortest = length
		}
		longest = max(longest, length)
	}
	return shortest, longest
}

func (o Option) length() int { return utf8.RuneCountInString(o.says) }

// longestRight returns the right option of a question with one, if it is longer
// than every other; or else nil.
func (q *Question) longestRight() *Option {
	var right *Option
	others := 0
	for i, o := range q.Options {
		if o.Right {
			right = &q.Options[i]
		} else {
			others = max(others, o.length())
		}
	}
	// A branch that nothing leads to is shown nowhere, and so has no options.
	if right == nil || q.Kind != ChooseOne || right.length() <= others {
		return nil
	}
	return right
}

// places returns 1 for each place that a right option stands in, and 0 for the
// others.
func (q *Question) places() []int {
	at := make([]int, len(q.Options))
	for i, o := range q.Options {
		if o.Right {
			at[i] = 1
		}
	}
	return at
}
