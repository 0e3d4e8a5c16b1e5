package content

// What pages say in our words and not in the author's.
const (
	reflectTitle   = "Think it over"
	commitTitle    = "Choose one to try"
	repliesLabel   = "What do you say?"
	hintOne        = "Choose one."
	hintAll        = "Choose all that apply."
	hintPoll       = "A poll: your answer is not scored."
	hintPractice   = "Try it: open the answer you would choose."
	rightByDefault = "That is right."
	captionsLabel  = "Captions"
	noteBack       = "Back to the text"
)

// calloutTitle returns the title of a GitHub alert, or nothing if there is no
// such alert.
func calloutTitle(name string) string {
	switch name {
	case "NOTE":
		return "Note"
	case "TIP":
		return "Tip"
	case "IMPORTANT":
		return "Important"
	case "WARNING":
		return "Warning"
	case "CAUTION":
		return "Caution"
	}
	return ""
}
