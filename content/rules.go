package content

// Rule is a kind of finding.
type Rule struct {
	Name     string
	Severity Severity
	Summary  string // one sentence: what content must be like
}

// Rules returns all kinds of finding, by subject; those of [CheckItems] last.
func Rules() []Rule { return append(rulesOfPages(), rulesOfItems()...) }

func rulesOfPages() []Rule {
	return []Rule{
		{"no-front-matter", Error, "A page begins with front matter."},
		{"front-matter-syntax", Error, "Front matter is YAML."},
		{"missing-key", Error, "Front matter has every required key."},
		{"unknown-key", Error, "Front matter has no key that means nothing."},
		{"repeated-key", Error, "A key stands in the front matter once."},
		{"wrong-value", Error, "A key has a value of its kind."},
		{"not-utf-8", Error, "A page is UTF-8."},

		{"no-program", Error, "The folder of a programme has a program.md."},
		{"no-module", Error, "The folder of a module has a module.md."},
		{"no-such-module", Error, "An order or a link names a module that is there."},
		{"not-in-order", Error, "Every module has its place in the order of its programme."},
		{"repeated-module", Error, "A module stands in the order once."},
		{"bad-slug", Error, "A folder's name can be an address."},
		{"duplicate-slug", Error, "A module's name is its own over all programmes."},
		{"symlink", Error, "A folder holds files and no links to files."},
		{"file-too-large", Error, "A file has at most 1 MB."},
		{"unused-file", Warning, "Every file is shown or linked."},

		{"no-card", Error, "A module has a card."},
		{"level-1-heading", Error, "The title is in the front matter alone."},
		{"empty-heading", Error, "A heading has text."},
		{"unknown-mark", Error, "A heading has only marks that mean something."},
		{"bad-id", Error, "An id is made of small letters, digits and hyphens."},
		{"duplicate-card-id", Error, "A card's id is its own in the module."},
		{"too-many-cards", Error, "A module has at most 60 cards."},
		{"too-many-footnotes", Error, "A module has at most 200 footnotes."},
		{"long-paragraph", Error, "A paragraph has at most 8000 characters."},
		{"too-deep", Error, "Lists and quotes are nested at most 12 deep."},

		{"question-without-heading", Error, "A question has a card of its own."},
		{"two-questions", Error, "A card asks one question."},
		{"no-question", Error, "A card marked .practice has options."},
		{"no-such-objective", Error, "A question tests one of the module's objectives."},
		{"no-right-option", Error, "A practice question has a right option."},
		{"graded-branch", Error, "A graded question is met by every learner."},
		{"too-few-options", Error, "A question has at least two options."},
		{"too-many-options", Error, "A question has at most 20 options."},
		{"too-many-questions", Error, "A module has at most 40 questions."},
		{"no-box", Error, "Every option has a box."},
		{"stray-box", Error, "A box is in a list of options."},
		{"empty-option", Error, "An option has text."},
		{"duplicate-option-id", Error, "An option's id is its own in the question."},
		{"no-feedback", Error, "A wrong option has feedback."},
		{"text-below-options", Warning, "Nothing but feedback follows the options."},

		{"no-such-card", Error, "A link to a card leads to one."},
		{"unreachable-branch", Error, "A reply leads to every branch."},
		{"unknown-callout", Error, "A call-out is one of GitHub's five."},
		{"empty-prompt", Error, "A reflection or a list of intentions has text."},
		{"stray-prompt", Warning, "A reflection or a list of intentions is in a card's text, where learners can answer it."},
		{"note-in-note", Error, "A footnote refers to no other footnote."},
		{"note-in-link", Error, "A footnote's mark is not inside of a link."},

		{"bad-link", Error, "A link leads to a page, a card or a file of the module."},
		{"missing-file", Error, "A file that is shown or linked is there."},
		{"outside-folder", Error, "A file that is shown or linked is in the module's own folder."},
		{"image-elsewhere", Error, "A picture is a file of the module."},
		{"not-an-image", Error, "A picture is of a kind that browsers show."},
		{"unsafe-svg", Error, "A drawing runs nothing and asks for nothing."},
		{"no-size", Warning, "A drawing says its size."},
		{"no-alternative-text", Error, "A picture says in words what one would miss."},
		{"no-captions", Error, "A video has captions."},
		{"raw-html", Error, "A page has no HTML."},

		{"translation-differs", Error, "A translation has the cards, questions, options, objectives, reflections and intentions of its module, or the terms of its programme."},
		{"not-translated", Warning, "A translation of a programme has the disclosures and the accreditation that the programme has."},

		{"too-long", Warning, "Reading and answering fit into the minutes that are promised."},
		{"hard-to-read", Warning, "The reading grade of a module is at most what its programme allows."},
		{"long-sentence", Warning, "A sentence has at most 35 words."},
		{"review-expired", Warning, "The last clinical review is at most two years ago."},
	}
}

func rulesOfItems() []Rule {
	return []Rule{
		{"graded-count", Warning, "A module has 4 to 6 graded questions."},
		{"no-objective", Warning, "A graded question names the objective that it tests."},
		{"untested-objective", Warning, "Every objective is tested by a graded question."},
		{"few-options", Warning, "A graded question has at least 3 options."},
		{"unlike-options", Warning, "The longest option is at most 1.5 times as long as the shortest."},
		{"longest-is-right", Warning, "The right option is not the longest."},
		{"right-in-one-place", Warning, "The right options of a module stand in different places."},
		{"right-in-one-place-overall", Warning, "No place holds more than 40 % of the right options of the whole curriculum."},
		{"sweeping-option", Warning, "An option says something of its own, and not that all, none or two of the others are right."},
		{"right-without-feedback", Warning, "A right option has feedback too."},
		{"same-feedback", Warning, "Each option has feedback of its own."},
		{"negative-question", Warning, "A question does not ask what is NOT so."},
	}
}
