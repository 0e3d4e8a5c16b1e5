package content

import "strconv"

// objectiveMark is what objective= in the braces of a card's heading says.
type objectiveMark struct {
	given  bool
	number int // from 1; 0 if it is no whole number that could be one
}

// readObjective reads the value of the mark, which is a number, or text if it
// stands in quotes.
func readObjective(value any) objectiveMark {
	mark := objectiveMark{given: true}
	switch v := value.(type) {
	case float64:
		if number := int(v); v < 1e6 && float64(number) == v {
			mark.number = max(0, number)
		}
	case []byte:
		number, err := strconv.Atoi(string(v))
		if err == nil {
			mark.number = max(0, number)
		}
	}
	return mark
}

// tieToObjectives notes for every question which of the module's objectives it
// tests. A translated question tests what its original does.
func (d *draft) tieToObjectives(objectives []string) {
	for _, c := range d.cards {
		mark := c.objective
		switch {
		case mark.given && c.Question == nil:
			d.error(c.heading, "unknown-mark",
				"objective= means nothing in the heading %q, whose card asks nothing: put it on a question, or remove it", c.Title)
		case c.Question == nil:
		case d.original != nil:
			if original := d.originalOf(c).Question; original != nil {
				c.Question.Objective = original.Objective
			}
		case !mark.given:
		case mark.number < 1 || mark.number > len(objectives):
			d.error(c.heading, "no-such-objective",
				"the question %q must name one of the module's objectives by its number, as in objective=1: the front matter has %s", c.Title,
				counted(len(objectives), "objective", "objectives"))
		default:
			c.Question.Objective = mark.number
		}
	}
}
