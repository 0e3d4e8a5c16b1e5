package app

import (
	"time"

	"first5/content"
)

// Publication is one act of publishing: the list of everything that learners
// are served from then on. Publications are numbered 1, 2, 3, … and never
// change.
type Publication struct {
	Number  int
	At      time.Time
	Origin  string // where it came from: "embedded", or the name of a folder
	Current []VersionRef
}

// VersionKind tells a module's versions from a programme's.
type VersionKind string

// The kinds of version.
const (
	ProgramVersion VersionKind = "program"
	ModuleVersion  VersionKind = "module"
)

// VersionRef names a version.
type VersionRef struct {
	Kind   VersionKind
	Slug   string
	Number int // 1, 2, 3, … for each kind and slug
}

// Version is one published, immutable state of a module's or programme's
// content. It keeps the source and not what was rendered from it, so that a
// later release of the program shows old versions as well as it can.
type Version struct {
	VersionRef
	Program string // the slug of the programme that a module was in
	Hash    string // of Source
	At      time.Time
	Source  content.Source
}
