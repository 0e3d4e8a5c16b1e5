package web

// ProblemPage says what went wrong and what to do about it.
type ProblemPage struct {
	Frame
	Text  Message // what is wrong, and how to mend it
	Link  *Link   // where to go on; nil for the home page
	Other *Link   // another way; may be nil
	Again *Again  // answers that could not be saved; nil if there are none
}

func (ProblemPage) template() string { return "problem.html" }

// Link is a link with its words.
type Link struct {
	Address string
	Words   Message
	Beside  bool // opens beside the page, which still holds something
}

// Again is a form that sends the same fields once more, so that what a learner
// answered is in the page and not lost.
type Again struct {
	Action string
	Fields []Field
	Note   Message // what the page holds; zero: answers
	Button Message // zero: sends them
}

// Field is one field of a form.
type Field struct{ Name, Value string }
