// Package content turns a Markdown folder into a training module: it parses,
// checks and renders it once, and grades answers to it.
//
// # Notation
//
// A module is Markdown with front matter in YAML. A level-2 heading starts a
// card, and may end in an id and marks: {#id .branch .practice .pocket}. That of
// a question may name which of the objectives it tests, from 1: {objective=1}.
//
//   - A list with boxes, [ ] and [x], makes its card a question. What is
//     indented below an option is its feedback.
//   - A list of nothing but links to cards is a choice in a conversation. A
//     card marked .branch is met only through such a choice, and its last
//     paragraph, if that is one link to a card, says where it goes on.
//   - A quote that opens with a bold name and a colon is speech; a quote within
//     it is a teacher's margin note. [!NOTE] opens a call-out, as on GitHub.
//   - A fenced block called reflect asks a private question, with a field to
//     answer it in; one called commit offers intentions, one a line, to choose
//     from when the module is done.
//   - A link to a card in the feedback of a question is what to read again.
//   - An image alone in its paragraph is a figure, with its title as caption;
//     one that shows a video has captions in a .vtt file of the same name.
//   - module.es.md beside module.md is the same module in Spanish: its cards and
//     options are those of the module, in their order. program.es.md beside
//     program.md has the programme's title, audience and cover in Spanish.
//
// [Guide] shows all of it. Tables, definition lists, footnotes and typographic
// quotes are as in other Markdown. HTML is not rendered, nor is any address but
// of the kinds that the package lets through.
//
// The package is pure. It knows no database and no HTTP, and the only input
// that it reads is the files it is given. It knows which options are right and
// never renders that, nor the feedback of a graded question, into a module's
// body: both stay in the [Question] values, to be shown when they are earned.
package content

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"time"
)

// Library is a folder of programmes, as [Load] found it.
type Library struct {
	Programs []*Program // by slug
}

// Program is an ordered set of modules for one audience.
type Program struct {
	Slug     string
	Title    string
	Audience string
	Language string   // BCP 47, "en" unless the front matter says otherwise
	Order    []string // the slugs of its modules, in the order to take them

	// ReadingGrade is the most that the reading grade of its modules and of their
	// translations may be, 1 to 18; 0 if it says nothing of that.
	ReadingGrade int

	// What a programme that carries credit says of it. All may be empty.
	Credit           []Credit
	Disclosures      string // of its authors' interests
	Accreditation    string
	Release, Expires time.Time // days, UTC

	Cover   string // HTML: the text that introduces the programme
	Modules []*Module
	Assets  []Asset // the files that Cover refers to
	Source  Source  // program.md and the files beside it

	// Translations are the same programme in other languages, by language. They
	// have no Modules: [Program.In] gives them those of the programme.
	Translations []*Program

	links []moduleLink // to modules, in all languages
}

// In returns the programme in a language, or as it was written if it has no
// translation into that one. Its modules are not translated with it: each has
// translations of its own.
func (p *Program) In(language string) *Program {
	for _, t := range p.Translations {
		if t.Language == language {
			translated := *t
			translated.Modules = p.Modules
			return &translated
		}
	}
	return p
}

// Credit is what a programme may be worth to those who complete it.
type Credit struct {
	Type        string  // as the accreditor calls it
	Maximum     float64 // in steps of 0.25
	Professions []string
}

// Module is one training module, parsed and rendered.
// It is never changed after it is made, so many requests may share it.
type Module struct {
	Program    string // the slug of its programme
	Slug       string // its address, unique over all programmes
	Title      string
	Summary    string
	Minutes    int // how long its author says that it takes, 1 to 5
	Edition    string
	Objectives []string
	Authors    []string
	Reviewed   time.Time // the day of the last clinical review, UTC; zero if no one has reviewed it yet
	Pass       int       // the pass mark, in percent, 1 to 100
	Language   string    // BCP 47, "en" unless the front matter says otherwise

	Cards  []Card  // in the order of the source, branches too
	Body   []byte  // HTML: every card, with its questions as form fields
	Notes  []byte  // HTML: the footnotes, empty if there are none
	Assets []Asset // the files that Body refers to

	Prompts    []Prompt    // its private questions to the reader, in order
	Intentions []Intention // what its author proposes to do in practice, in order

	// Translations are the same module in other languages, by language. They
	// have the cards, questions and options of this one, under the same ids.
	Translations []*Module

	Source Source

	links      []moduleLink // to other modules, in all languages
	slots      []slot       // the places in Body that are different for each reader, first to last
	pocket     []byte
	counts     counts
	aloud      time.Duration
	file       string   // that it is written in
	translates bool     // it is in another language than its original
	titled     [2]int   // the line and column of the title
	reviewed   [2]int   // likewise of the day of the review
	objectives [][2]int // and of each of the objectives
}

// Card is one screenful of a module.
type Card struct {
	ID       string // unique in its module
	Title    string // plain text; empty for an opening card without a heading
	Branch   bool   // shown only when a reply leads to it
	Pocket   bool   // the module's skills card
	Line     int    // where it begins in its file, from 1
	Words    int    // that a learner reads on it: all but feedback and footnotes
	Next     string // the id of the card that a branch's closing link leads to; empty: the next one on the main line
	Replies  []Reply
	Question *Question // nil if the card asks nothing
	Text     string    // plain text: what a learner reads on it, for searching

	// Way is how long the longest way takes that begins at the card and goes on
	// through its branches, to read it and to answer what it asks.
	Way time.Duration

	// ReadingGrade is the school grade from which on its words are easy to read,
	// without its feedback, by the formula of its language. It is 0 where there are
	// too few words to tell, or no formula.
	ReadingGrade float64

	section section
}

// Reply is one of the things that may be said in a conversation.
type Reply struct {
	HTML string
	To   string // the id of the card that it leads to
}

// Kind says how a question is answered.
type Kind string

// The kinds of question.
const (
	ChooseOne Kind = "one"  // exactly one option is right
	ChooseAll Kind = "all"  // two or more options are right
	Poll      Kind = "poll" // no option is right or wrong
)

// Question is a card's task list.
type Question struct {
	ID       string // the id of its card
	Title    string // plain text: the heading of its card
	Kind     Kind
	Practice bool     // answered on the spot with feedback, never scored
	Stem     string   // HTML: what the card says above the options
	Reread   []string // the ids of the cards that its feedback links to, in order
	Options  []Option

	// Objective is which of its module's objectives the question tests, from 1;
	// 0 if it names none.
	Objective int

	asks string // plain text: its heading and what its card says around the options
	at   [2]int // the line and column where its card begins
}

// Graded says whether the question counts towards the score.
func (q *Question) Graded() bool { return q.Kind != Poll && !q.Practice }

// Option is one item of a question.
type Option struct {
	ID       string // unique in its question
	HTML     string
	Right    bool
	Feedback string // HTML, empty if there is none

	says, teaches string // plain text: its own and that of its feedback
	at            [2]int // the line and column where it begins
}

// Asset is a file that a module shows, under an address made from its content,
// so that it may be cached for ever.
type Asset struct {
	Path        string // the address: "/assets/{hash}/{name}"
	ContentType string
	Data        []byte
}

// Questions returns the module's questions in order, graded or not.
func (m *Module) Questions() []*Question {
	var qs []*Question
	for i := range m.Cards {
		if q := m.Cards[i].Question; q != nil {
			qs = append(qs, q)
		}
	}
	return qs
}

// Graded returns how many questions count towards the score.
func (m *Module) Graded() int {
	n := 0
	for _, q := range m.Questions() {
		if q.Graded() {
			n++
		}
	}
	return n
}

const reviewedFor = 2 // years

// In returns the module in a language, or as it was written if it has no
// translation into that one.
func (m *Module) In(language string) *Module {
	for _, t := range m.Translations {
		if t.Language == language {
			return t
		}
	}
	return m
}

// ReviewExpired says whether the module's last clinical review was more than
// two years before the given day. One without a review has none to expire.
func (m *Module) ReviewExpired(today time.Time) bool {
	if m.Reviewed.IsZero() {
		return false
	}
	year, month, day := today.Date()
	return m.Reviewed.AddDate(reviewedFor, 0, 0).Before(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// ExpiredReviews returns a warning for every module whose last clinical review
// is too old on the given day. They are not among the findings of [Load],
// which are the same on every day.
func (l *Library) ExpiredReviews(today time.Time) []Finding {
	var findings []Finding
	for _, p := range l.Programs {
		for _, m := range p.Modules {
			if m.ReviewExpired(today) {
				findings = append(findings, m.reviewExpired())
			}
			for _, t := range m.Translations {
				if t.ReviewExpired(today) && !m.ReviewExpired(today) {
					findings = append(findings, t.reviewExpired())
				}
			}
		}
	}
	sortFindings(findings)
	return findings
}

func (m *Module) reviewExpired() Finding {
	return m.warning(m.reviewed, "review-expired",
		"the last clinical review is more than two years ago: have the module reviewed, and write the day here")
}

// warning returns a finding about a place in the module's file.
func (m *Module) warning(at [2]int, rule, format string, args ...any) Finding {
	return Finding{
		File: path.Join(m.Program, m.Slug, m.file), Line: at[0], Column: at[1],
		Severity: Warning, Rule: rule, Message: fmt.Sprintf(format, args...),
	}
}

// File is one file of a module or programme.
type File struct {
	Name string // relative to the folder, with slashes
	Data []byte
}

// Source is all files of one module or programme, sorted by name: what a
// published version keeps, and all that is needed to make the module again.
type Source []File

// Hash returns the SHA-256 of the names and contents of the files, in hex. Two
// sources with the same hash are the same content.
func (s Source) Hash() string {
	h := sha256.New()
	for _, f := range s {
		// The lengths keep one file's end from passing for another's beginning.
		fmt.Fprintf(h, "%d %d\n%s\n", len(f.Name), len(f.Data), f.Name)
		h.Write(f.Data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// File returns the contents of the named file, and whether there is one.
func (s Source) File(name string) ([]byte, bool) {
	for _, f := range s {
		if f.Name == name {
			return f.Data, true
		}
	}
	return nil, false
}
