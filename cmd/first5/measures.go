package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"first5/content"
	"first5/web"
)

// printMeasures lists how long every module and translation takes, in silence
// and aloud, and how hard it is to read; and below, by which formulas.
func printMeasures(w io.Writer, lib *content.Library) error {
	formulas := content.TimeFormulas()
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "\nModule\tLanguage\tMinutes promised\tReading\tAloud\tReading grade\tAt most")
	for _, p := range lib.Programs {
		for _, m := range p.Modules {
			for _, in := range append([]*content.Module{m}, m.Translations...) {
				if len(in.Cards) == 0 {
					continue // it could not be read, which is a finding
				}
				fmt.Fprintf(table, "%s/%s\t%s\t%d\t%s\t%s\t%s\t%s\n", p.Slug, m.Slug, in.Language, in.Minutes,
					web.Takes(in.ReadingTime()), web.Takes(in.AloudTime()), web.Grade(in.ReadingGrade()), number(p.ReadingGrade))
				f := "Grade, " + content.ReadingFormula(in.Language)
				if in.ReadingGrade() > 0 && !slices.Contains(formulas, f) {
					formulas = append(formulas, f)
				}
			}
		}
	}
	err := table.Flush()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s\n", strings.Join(formulas, "\n"))
	return err
}

// printItems lists what the graded questions of every module and translation are
// like; and below, those of the whole curriculum.
func printItems(w io.Writer, all []content.ItemFigures) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "\nModule\tLanguage\tGraded questions\tFor each objective\tLongest option / shortest\tRight one is longest\tRight ones in place 1, 2, …")
	for _, f := range all {
		m := f.Module
		fmt.Fprintf(table, "%s/%s\t%s\t%d\t%s\t%s\t%d of %d\t%s\n", m.Program, m.Slug, m.Language, f.Graded,
			numbers(f.PerObjective), ratio(f.Unlikeness), f.LongestRight, f.ChooseOne, numbers(f.Places))
	}
	err := table.Flush()
	if err != nil {
		return err
	}
	total := content.TotalItems(all)
	_, err = fmt.Fprintf(w, "\nWhole curriculum, translations counted once. Graded questions: %d. Right ones in place 1, 2, … of those with four options: %s. Right one is longest: %s.\n",
		total.Graded, shares(total.PlacesOfFour), share(total.LongestRight, total.ChooseOne))
	return err
}

// number writes a number, or a dash for none.
func number(n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprint(n)
}

func ratio(r float64) string {
	if r == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", r)
}

// numbers writes numbers beside each other.
func numbers(all []int) string {
	if len(all) == 0 {
		return "–"
	}
	return strings.Trim(fmt.Sprint(all), "[]")
}

// shares writes what part of all of them each number is.
func shares(all []int) string {
	sum := 0
	for _, n := range all {
		sum += n
	}
	var parts []string
	for _, n := range all {
		parts = append(parts, share(n, sum))
	}
	if parts == nil {
		return "–"
	}
	return strings.Join(parts, ", ")
}

// share writes what part of a number another one is.
func share(part, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(part)/float64(of))
}
