package main

import (
	"fmt"
	"io"
	"strings"

	"first5/content"
)

// printNotation prints every construct of the notation, and below each what
// learners see of it, as far as a terminal can show that.
func printNotation(w io.Writer) {
	guide := content.Guide()
	fmt.Fprintf(w, "%s\n%s\n\n%s\n", guide.Title, strings.Repeat("=", len(guide.Title)), guide.Summary)
	for _, s := range guide.Sections() {
		title := s.Title
		if title == "" {
			title = "Front matter and the opening card"
		}
		fmt.Fprintf(w, "\n\n%s\n%s\n\n%s\n  Learners see:\n\n%s", title, strings.Repeat("-", len(title)),
			indent(s.Markdown, "    "), indent(asText(s.HTML), "  | "))
	}
	fmt.Fprintf(w, "\n\nSources\n-------\n\n%s", indent(asText(guide.Notes), "  | "))
}

// indent puts something before every line that is not empty.
func indent(text, before string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(before+line, " \n") + "\n")
	}
	return b.String()
}
