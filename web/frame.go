package web

// Frame is what every page has around its own part.
type Frame struct {
	Title  string
	Viewer *Viewer // nil when nobody is signed in
	Here   Place   // the part of the program that the page belongs to
	Wide   bool    // for tables, which need more than a column of text

	Continue string // where the browser goes on by itself, at once; empty: it stays

	Scheme string // "light" or "dark", whatever the reader's system prefers; empty: as that does
	Proof  bool   // made for an author by the preview, and not for a learner
	Note   string // what an author should know of a proof; may be empty
}

// Viewer is the signed-in person as the frame shows them.
type Viewer struct {
	Name        string // may be empty
	Institution string
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
