package app

import (
	"context"
	"iter"
	"time"

	"first5/content"
)

// Store is what [Training] needs of a database. Each method is one atomic
// step: it is done whole and durable when it returns nil, and not at all
// otherwise. All methods may be called from many goroutines at once.
//
// Times go in and come out in UTC, cut to whole milliseconds. Texts are any
// valid UTF-8. A method that finds nothing returns [ErrNotFound]; one whose
// database does not answer returns an error that wraps [ErrStoreAway].
//
// A store keeps no rule of the domain: what an attempt is worth and whether it
// completes a record stands in what it is given. Every store passes the suite
// of package storetest.
type Store interface {
	// Publish adds a publication together with the versions that are new in it,
	// and the event that tells of it. It returns [ErrConflict], and adds nothing,
	// unless p.Number is one more than that of the last publication (1 for the
	// first) and none of the versions exists yet.
	Publish(ctx context.Context, p Publication, versions []Version, told Event) error

	// LastPublication returns the latest publication, or ErrNotFound.
	LastPublication(ctx context.Context) (Publication, error)

	// Versions returns all versions ever published, without their sources,
	// ordered by kind, slug and number. What it costs does not depend on how
	// large the sources are.
	Versions(ctx context.Context) ([]Version, error)

	// Source returns the files of a version in the order in which they were
	// published, or ErrNotFound if there is no such version. A version may have
	// no file.
	Source(ctx context.Context, ref VersionRef) (content.Source, error)

	// SignIn adds the person, or replaces what was known of them under the same
	// learner id, and adds the session. The person's records show the new name,
	// e-mail address and NPI from then on. It gives note what was known before,
	// or the zero Person, and adds the events that note returns. note may be
	// called more than once, the last time with what counts; it must not be nil, nor
	// call the store. Records that show somebody else then are changed at p.SignedInAt.
	// Whoever was erased has come back: nothing of their records is to be forgotten any
	// more. Records of p's institution are no former learner's from then on; those of
	// an institution that the person belonged to before are.
	SignIn(ctx context.Context, p Person, s Session, note func(before Person) []Event) error

	// Session returns the session with that hash, and its person, or ErrNotFound.
	// The session comes without its LogoutHint, which is long.
	Session(ctx context.Context, hash SessionHash) (Session, Person, error)

	// Sessions returns all sessions of a learner, the last seen first, by hash
	// where that is equal, without their LogoutHints.
	Sessions(ctx context.Context, learner LearnerID) ([]Session, error)

	// TouchSession sets when the session was last seen. It does nothing if the
	// session is gone.
	TouchSession(ctx context.Context, hash SessionHash, seen time.Time) error

	// EndSessions removes the sessions that fit all that is set in which, and
	// adds the events that note returns of them. It returns them as they were,
	// with their LogoutHints, in no order. A filter with neither a hash, a learner
	// nor a provider's session ends none. note may be nil, and may be called more
	// than once, the last time with what counts; it is called for none, too.
	//
	// If once is not zero it is remembered in the same step. If it is remembered
	// already, EndSessions does nothing and returns ErrConflict.
	EndSessions(ctx context.Context, which SessionFilter, once Once, note func(ended []Session) []Event) ([]Session, error)

	// Sweep removes the sessions created before one time or last seen before
	// another, and the keys of UseOnce that need not be kept after now.
	Sweep(ctx context.Context, created, seen, now time.Time) error

	// UseOnce remembers a key, at least until a time. It returns ErrConflict if
	// the key is remembered already: of all who use it at once, one gets nil.
	UseOnce(ctx context.Context, once Once) error

	// AddEvent adds an event to the audit trail. It does nothing if there is an
	// event with its id. Events are never changed or removed.
	AddEvent(ctx context.Context, e Event) error

	// Events returns at most limit of the events that the filter chooses, from
	// the cursor on, the latest first, by descending id where that is equal.
	// limit is at least 1.
	Events(ctx context.Context, f EventFilter, after EventCursor, limit int) ([]Event, error)

	// AllEvents yields every event that the filter chooses, in the order of
	// Events, in constant memory. An error is the last thing that it yields:
	// without one, nothing that was there at the beginning is missing.
	AllEvents(ctx context.Context, f EventFilter) iter.Seq2[Event, error]

	// Begin adds a record without attempts or completion, unless there is one
	// with its id, and returns the record as it is then. The learner of the
	// record has signed in before.
	Begin(ctx context.Context, r Record) (Record, error)

	// SaveAttempt adds an attempt to the record r, which it begins first if it is
	// not there, and takes the attempt from the parked ones if it waits there.
	// In the same step it
	//   - counts the attempt,
	//   - raises the record's score to the attempt's if that is higher or the
	//     record has none,
	//   - moves the record's last activity to the attempt's time if that is later,
	//   - moves the record's ChangedAt to that of r if that is later,
	//   - gives the record the attempt's completion, with its version and title,
	//     if the attempt has one and the record has none.
	// If the learner already has an attempt of that id, it changes nothing but
	// the parked one. It returns the record as it is then.
	SaveAttempt(ctx context.Context, r Record, a Attempt) (Record, error)

	// Attempt returns a learner's attempt, or ErrNotFound.
	Attempt(ctx context.Context, learner LearnerID, id AttemptID) (Attempt, error)

	// Record returns the record, or ErrNotFound.
	Record(ctx context.Context, id RecordID) (Record, error)

	// LearnerRecords returns all records of a learner, the last active first,
	// by descending id where that is equal.
	LearnerRecords(ctx context.Context, learner LearnerID) ([]Record, error)

	// Records returns at most limit of the institution's records that the filter
	// chooses, in the order given, from the cursor on. limit is at least 1.
	Records(ctx context.Context, institution InstitutionID, f Filter, o Order, after Cursor, limit int) ([]Record, error)

	// AllRecords yields every one of the institution's records that the filter
	// chooses, ordered by id, in constant memory, and holds up nobody however slowly
	// it is read. A record that the filter chooses all the while comes exactly once,
	// even if it is active meanwhile. An error is the last thing that it yields:
	// without one, nothing is missing.
	AllRecords(ctx context.Context, institution InstitutionID, f Filter) iter.Seq2[Record, error]

	// CountRecords returns how many of the institution's records the filter
	// chooses.
	CountRecords(ctx context.Context, institution InstitutionID, f Filter) (int, error)

	// Counts returns how many people and records the institution has. What it costs
	// does not grow with how many there are, as long as few have changed since it
	// was asked before.
	Counts(ctx context.Context, institution InstitutionID) (Counts, error)

	// Person returns somebody who has signed in at least once, or ErrNotFound. Of
	// whoever was erased there is no more than the learner id, the institution and
	// when they last signed in.
	Person(ctx context.Context, learner LearnerID) (Person, error)

	// People returns at most limit of the institution's people that the filter
	// chooses, from the cursor on, ordered by NameKey, by learner id where that is
	// equal. limit is at least 1.
	People(ctx context.Context, institution InstitutionID, f PersonFilter, after PersonCursor, limit int) ([]Person, error)

	// CountPeople returns how many people the filter chooses.
	CountPeople(ctx context.Context, institution InstitutionID, f PersonFilter) (int, error)

	// PeopleNamed returns the people of the institution who have not left and whose
	// e-mail address, without regard to case, or whose subject is one of the names,
	// ordered as People. There are at most 1000 names.
	PeopleNamed(ctx context.Context, institution InstitutionID, names []string) ([]Person, error)

	// LearnerAttempts returns all counted attempts of a learner, the oldest first,
	// by id where that is equal.
	LearnerAttempts(ctx context.Context, learner LearnerID) ([]Attempt, error)

	// Complete gives the record r, which it begins first if it is not there, a
	// completion that no attempt has earned, at r.ChangedAt, and adds the event that
	// tells of it. It returns [ErrConflict], and changes nothing, if the record has
	// a completion, and [ErrNotFound] if the record is another institution's. It
	// returns the record as it is then.
	Complete(ctx context.Context, r Record, c Completion, told Event) (Record, error)

	// Erase takes away who a learner was, and adds the event that tells of it:
	//   - of the person stay the learner id, the institution, when they last signed
	//     in, and e.At as their ErasedAt; their sessions end,
	//   - their workbooks and parked answers are removed, and of their attempts the
	//     answers,
	//   - their records are a former learner's, changed at e.At, without subject,
	//     e-mail address, NPI and name. A completion keeps its name until
	//     e.ForgetAt of it, and that record alone is found and ordered by that name.
	//     The reasons of waivers and withdrawals go.
	// Erasing somebody again changes nothing. It returns [ErrNotFound] if there is no
	// such learner, and [ErrConflict], changing nothing, if they last signed in at
	// e.SignedInBefore or later. What comes in after it for somebody who was erased,
	// from a page that was open, is no more kept than what was there: SaveWorkbook and
	// Park do nothing, and SaveAttempt keeps no answers.
	Erase(ctx context.Context, e Erasure, told Event) error

	// Forget takes the names out of former learners' completions whose time for
	// that has come, changing those records at now, and finishes what an Erase has
	// begun and could not finish.
	Forget(ctx context.Context, now time.Time) error

	// LeftBefore returns at most limit of the institution's people who last signed
	// in before a time and were not erased, those first who have been away longest.
	LeftBefore(ctx context.Context, institution InstitutionID, before time.Time, limit int) ([]Person, error)

	// Office returns what the institution's managers keep, or ErrNotFound.
	Office(ctx context.Context, institution InstitutionID) (Office, error)

	// SaveOffice adds the office, or puts it in the place of the one with the same
	// institution, and adds the events that tell of it. It returns [ErrConflict], and
	// changes nothing, unless o.Revision is one more than that of the stored one (1
	// where there is none).
	SaveOffice(ctx context.Context, o Office, told ...Event) error

	// CertifiedRecord returns the record whose completion has the certificate,
	// or ErrNotFound.
	CertifiedRecord(ctx context.Context, id CertificateID) (Record, error)

	// Withdraw withdraws the certificate of a record's completion, and adds the
	// event that tells of it. The record is changed at w.At. It returns [ErrNotFound]
	// if there is no such certificate, and [ErrConflict], changing nothing, if it was
	// withdrawn already.
	Withdraw(ctx context.Context, id CertificateID, w Withdrawal, told Event) error

	// Workbook returns the workbook of a learner's record, or ErrNotFound.
	Workbook(ctx context.Context, learner LearnerID, record RecordID) (Workbook, error)

	// Workbooks returns all workbooks of a learner, ordered by record.
	Workbooks(ctx context.Context, learner LearnerID) ([]Workbook, error)

	// SaveWorkbook adds the workbook, or puts it in the place of the one with the
	// same record. It returns [ErrConflict], and changes nothing, unless
	// w.Revision is one more than that of the stored one (1 where there is none).
	// The learner has signed in before; the record need not exist.
	SaveWorkbook(ctx context.Context, w Workbook) error

	// Park keeps answers until their learner signs in. It does nothing if the
	// learner already has a parked or a counted attempt of that id.
	Park(ctx context.Context, p Parked) error

	// ParkedBy returns the learner's parked answers, the oldest first.
	ParkedBy(ctx context.Context, learner LearnerID) ([]Parked, error)

	// Ping returns nil if the database answers.
	Ping(ctx context.Context) error

	// Close waits for what was begun and lets go of the database.
	Close() error
}
