package content

import (
	"slices"

	"golang.org/x/text/language"
)

// Direction returns in which direction a language is written, by the script that
// it is mostly written in: "rtl" or "ltr".
func Direction(name string) string {
	script, _ := language.Make(name).Script()
	fromTheRight := []string{"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}
	if slices.Contains(fromTheRight, script.String()) {
		return "rtl"
	}
	return "ltr"
}
