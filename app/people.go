package app

// PersonFilter chooses people of one institution who have signed in and have not
// left. Its zero values choose all.
type PersonFilter struct {
	Query    string     // as in [Filter]
	NotBegun EditionRef // only who has no record of it; zero: whatever they have
}

// EditionRef names an edition of a module.
type EditionRef struct{ Module, Edition string }

// PersonCursor is a place in a listing of people, after one of them. The zero
// PersonCursor is the beginning.
type PersonCursor struct {
	Key     string // NameKey of the person
	Learner LearnerID
}

// NameKey returns what the person is ordered by among names.
func (i Identity) NameKey() string { return NameKey(i.Name, i.Subject) }

// AfterPerson returns the cursor of the listing after p.
func AfterPerson(p Person) PersonCursor { return PersonCursor{Key: p.NameKey(), Learner: p.Learner} }
