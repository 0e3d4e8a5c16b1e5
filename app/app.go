// Package app is the domain of First5: institutions and their people, modules
// as they were published, attempts, completions and records.
//
// It names no technology. [Training] holds the use cases that pages call,
// [Store] is what it needs of a database, and the rules between them are pure
// functions. Everything that Training does for a person takes that person as
// an argument and refuses what their institution or roles don't allow, so that
// no page and no store has to.
package app

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
	"time"
)

// Identifiers are types, so that one can't pass for another.
type (
	// InstitutionID is an institution's short name: [a-z0-9-]+.
	InstitutionID string
	// LearnerID names a person by issuer and subject; see [NewLearnerID].
	LearnerID string
	// RecordID names a record by learner, module and edition; see [NewRecordID].
	RecordID string
	// AttemptID is made by the page on which the answers are given. It is
	// unique for a learner, so that sending an attempt twice counts once.
	AttemptID string
	// CertificateID can't be guessed: whoever has it may verify the certificate.
	CertificateID string
)

// The kinds of error that callers can tell apart with [errors.Is]. Any other
// error is a fault of the program or of a part that it needs.
var (
	ErrNotFound   = errors.New("not found")
	ErrForbidden  = errors.New("not allowed")
	ErrConflict   = errors.New("conflict")   // somebody else was first; reading again helps
	ErrInvalid    = errors.New("invalid")    // the input can't be taken, as the text around it says
	ErrSignedOut  = errors.New("signed out") // there is no such session, or it has ended
	ErrStoreAway  = errors.New("store away") // the database does not answer; later it may
	ErrIncomplete = errors.New("incomplete") // the database lacks something that an operator must add, as the text around it says
)

// Role is what a person may do beyond learning.
type Role string

// The roles. Everyone is a learner, so that is none.
const (
	Educator Role = "educator" // writes modules
	Manager  Role = "manager"  // downloads the records of the own institution
	Operator Role = "operator" // runs the program
)

// Institution is a hospital or organisation with its own single sign-on.
type Institution struct {
	ID       InstitutionID
	Name     string
	Issuer   string   // of its single sign-on, as in its people's identities
	Domains  []string // e-mail domains, to find it by
	Programs []string // slugs of the programmes that its people see; empty: all

	// How many months after their last sign-in somebody has left, and is erased;
	// 0: never. See [Erasure].
	RetentionMonths int
}

// Identity is what an institution's single sign-on says about a person.
type Identity struct {
	Institution InstitutionID
	Issuer      string
	Subject     string
	Name        string // may be empty, as may Email and NPI
	Email       string
	NPI         string
	Roles       []Role
}

// Has says whether the person has the role.
func (i Identity) Has(r Role) bool { return slices.Contains(i.Roles, r) }

// Writes says whether the person may see how modules are made, and which are
// published: educators write them and operators publish them.
func (i Identity) Writes() bool { return i.Has(Educator) || i.Has(Operator) }

// Person is someone who has signed in at least once.
type Person struct {
	Learner LearnerID
	Identity
	SignedInAt time.Time // the last time
	ErasedAt   time.Time // zero: they have not left; see [Erasure]
}

// Session is one signed-in browser. The store knows it by the hash of its
// token alone, so that a copy of the database signs nobody in.
type Session struct {
	Hash      SessionHash
	Learner   LearnerID
	CreatedAt time.Time
	SeenAt    time.Time // not written at every page; see touchEvery

	Provider   ProviderSession // empty if the provider names none
	LogoutHint string          // the ID token, by which the provider knows whom to sign out; may be empty
}

// SessionHash is the SHA-256 of a session's token, in hex.
type SessionHash string

// ProviderSession names the session that a person has at their institution's
// provider, of which those with First5 are a part; see [NewProviderSession].
type ProviderSession string

// SessionFilter chooses sessions by all that is set in it.
type SessionFilter struct {
	Hash      SessionHash
	Learner   LearnerID
	Provider  ProviderSession
	CreatedBy time.Time // created at that time or before
}

// OnceKey names something that may happen once.
type OnceKey string

// Once is such a key, and until when it is remembered that it was used. The
// zero Once is none.
type Once struct {
	Key   OnceKey
	Until time.Time
}

// NewProviderSession returns the name of the session that an institution's
// provider calls sid.
func NewProviderSession(institution InstitutionID, sid string) ProviderSession {
	return ProviderSession(hashID("provider session", string(institution), sid))
}

// NewOnceKey returns the key of one thing of a kind, such as a sign-in's state.
func NewOnceKey(kind, thing string) OnceKey { return OnceKey(hashID("once", kind, thing)) }

// NewLearnerID returns the id of the person whom an issuer knows by a subject.
func NewLearnerID(issuer, subject string) LearnerID {
	return LearnerID(hashID("learner", issuer, subject))
}

// NewRecordID returns the id of a learner's record of an edition of a module.
func NewRecordID(learner LearnerID, module, edition string) RecordID {
	return RecordID(hashID("record", string(learner), module, edition))
}

// NewToken returns 160 random bits in 32 lower-case letters and digits.
func NewToken() string {
	var b [20]byte
	rand.Read(b[:]) // never fails, by its contract
	return encodeID(b[:])
}

// hashID makes an id out of parts. NUL can stand in none of them but the last,
// so two lists of parts never make the same text.
func hashID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return encodeID(sum[:20])
}

func encodeID(b []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}
