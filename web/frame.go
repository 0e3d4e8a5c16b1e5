package web

// Frame is what every page has around its own part.
type Frame struct {
	Title       Message
	Description Message // for those who find the page; may be zero
	Viewer      *Viewer // nil when nobody is signed in
	Here        Place   // the part of the program that the page belongs to
	Wide        bool    // for tables, which need more than a column of text

	Language string   // of the interface, one of Languages; empty: English
	Switch   []Switch // the same page in the other languages of the interface

	Reading bool // a module is read and answered on it

	Continue string // where the browser goes on by itself, at once; empty: it stays

	Scheme string // "light" or "dark", whatever the reader's system prefers; empty: as that does
	Proof  bool   // made for an author by the preview, and not for a learner
	Note   string // what an author should know of a proof; may be empty
}

func (f Frame) language() string { return f.Language }

// Lang is the language of the page for its reader's browser.
func (f Frame) Lang() string {
	if f.Language == "" {
		return Languages()[0]
	}
	return f.Language
}

// Switch is a link to the same page in another language.
type Switch struct {
	Language string
	Name     string // of the language, in itself
	Address  string
}

// Viewer is the signed-in person as the frame shows them.
type Viewer struct {
	Name        string // may be empty
	Institution string
	Device      string // by what a browser tells what it keeps of this person from another's
	CSRF        string // goes into every form
	Manager     bool   // sees records
	Studio      bool   // sees what is published
	Audits      bool   // sees the audit trail
}

// Place is a part of the program that the frame links to.
type Place string

// The places.
const (
	Modules  Place = "modules"
	MyWork   Place = "learning"
	Records  Place = "records"
	Studio   Place = "studio"
	Account  Place = "account"
	Audit    Place = "audit"
	Anywhere Place = ""
)
