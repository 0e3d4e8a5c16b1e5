package site

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"

	"first5/app"
)

// place is where a listing goes on. Its text is for systems to send back as it is.
// It is no secret and proves nothing: whatever it says, a listing is of the token's
// institution. It names its listing, so that it can't be taken for a place in
// another one and leave out what is between.
type place struct {
	Listing string `json:"l"`           // what is listed
	Chosen  string `json:"c"`           // of which filter and order
	Time    int64  `json:"t,omitempty"` // milliseconds
	Text    string `json:"x,omitempty"`
	Number  int    `json:"n,omitempty"`
	ID      string `json:"i,omitempty"`

	// Until when all changes are certain to have been listed before, in milliseconds;
	// 0: until this place itself.
	Settled int64 `json:"s,omitempty"`
}

// The listings. A change of their names makes every place that systems keep void.
const (
	recordListing  = "records"
	changeListing  = "changes"
	learnerListing = "learners"
)

// listing returns the beginning of a listing.
func listing(name string, i app.InstitutionID, chosen string) place {
	sum := sha256.Sum256([]byte(string(i) + "?" + chosen))
	return place{Listing: name, Chosen: base64.RawURLEncoding.EncodeToString(sum[:9])}
}

// at returns the place of the listing after what a cursor of records names.
func (p place) at(c app.Cursor) place {
	p.Text, p.Number, p.ID, p.Time = c.Text, c.Number, string(c.ID), 0
	if !c.At.IsZero() {
		p.Time = c.At.UnixMilli()
	}
	return p
}

// cursor returns what stores call the place in a listing of records.
func (p place) cursor() app.Cursor {
	c := app.Cursor{Text: p.Text, Number: p.Number, ID: app.RecordID(p.ID)}
	if p.Time != 0 {
		c.At = time.UnixMilli(p.Time).UTC()
	}
	return c
}

// write returns the place as a text.
func (p place) write() string {
	b, _ := json.Marshal(p) // of texts and numbers: it never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// read returns the place in the listing that a parameter names.
func (p place) read(parameter, text string) (place, error) {
	var at place
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &at)
	}
	switch {
	case err != nil:
		return place{}, badRequest(parameter, "This is not a "+parameter+" that First5 has given. Send it as it came, or leave it out to begin at the start.")
	case at.Listing != p.Listing || at.Chosen != p.Chosen:
		return place{}, badRequest(parameter, "This "+parameter+" is of another listing: of other parameters, or of another address. Send it with those with which it came, or leave it out to begin at the start.")
	}
	return at, nil
}
