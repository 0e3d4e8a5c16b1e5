package web

import (
	"slices"

	"first5/app"
)

// TokensPage lists the access tokens of an institution's systems for its manager,
// and makes another.
type TokensPage struct {
	Frame
	Tokens  []app.ListedToken
	Draft   app.TokenDraft // what the form has in it
	Wrong   app.TokenFault // why that was not made; empty: nothing is wrong
	Aged    bool           // it was not made: the form was from a page of another session
	Again   bool           // the form was sent a second time, and its token was shown before
	Made    *MadeToken     // shown this once
	Revoked bool           // one was taken away a moment ago
	Base    string         // where systems reach the program
}

// MadeToken is an access token that was made a moment ago.
type MadeToken struct {
	app.AccessToken
	Text string
}

func (TokensPage) template() string { return "tokens.html" }

// Tab returns which of the managers' pages this is.
func (TokensPage) Tab() string { return "tokens" }

// Commands shows how a system asks for records.
func (p TokensPage) Commands() string {
	const ask = `curl --fail --oauth2-bearer "$FIRST5_TOKEN" `
	return ask + "--output records.csv \\\n" + p.Base + "/api/v1/records.csv\n\n" +
		ask + "\\\n\"" + p.Base + "/api/v1/records?since=2026-01-01T00:00:00Z\""
}

// TokenID returns by how much of its id pages name a token. It begins the whole one,
// which files and the API have.
func TokenID(id string) string { return id[:min(len(id), shownOfID)] }

const shownOfID = 8 // of 26: more than enough to tell 50 tokens apart

// ID returns by what pages name a token.
func (TokensPage) ID(t app.ListedToken) string { return TokenID(t.ID) }

// Scopes lists what a token may let a system read.
func (TokensPage) Scopes() []app.Scope { return app.Scopes() }

// Days lists for how many days a token may be valid.
func (TokensPage) Days() []int { return app.TokenDays() }

// Longest is how long a token's name may be.
func (TokensPage) Longest() int { return app.LongestOfficeText }

// Full says whether there may be no more tokens.
func (p TokensPage) Full() bool { return len(p.Tokens) >= app.MostTokens }

// Most is how many tokens there may be.
func (TokensPage) Most() int { return app.MostTokens }

// Has says whether the form has a scope chosen.
func (p TokensPage) Has(s app.Scope) bool { return slices.Contains(p.Draft.Scopes, s) }

// Trouble returns what is wrong with the form, and how to mend it.
func (p TokensPage) Trouble() Message {
	if p.Aged {
		return T("The page was older than your session. Read it once more, and send it.")
	}
	switch p.Wrong {
	case app.TokenWithoutName:
		return T("Give it a name, such as that of the system that is to use it.")
	case app.TokenNameTooLong:
		return T("Its name is too long. Make it shorter. %s", T("At most %d characters.", app.LongestOfficeText))
	case app.TokenWithoutScope:
		return T("Choose at least one thing that it may read.")
	case app.TokenWithoutEnd:
		return T("Choose from the list for how long it is valid.")
	case app.TokensTooMany:
		return T("Your institution has %d already, and may have no more. Revoke one that no system uses any longer.", app.MostTokens)
	case app.TokenFormBroken:
		return T("The form was not as the page made it. Look it over and send it once more.")
	}
	return Message{}
}

// About says whether what is wrong is one of the faults, whose field is to be
// marked.
func (p TokensPage) About(faults ...app.TokenFault) bool { return slices.Contains(faults, p.Wrong) }

// AboutName says whether something is wrong with the name.
func (p TokensPage) AboutName() bool {
	return p.About(app.TokenWithoutName, app.TokenNameTooLong)
}

// AboutScopes says whether something is wrong with what it may read.
func (p TokensPage) AboutScopes() bool { return p.About(app.TokenWithoutScope) }

// AboutDays says whether something is wrong with how long it is valid.
func (p TokensPage) AboutDays() bool { return p.About(app.TokenWithoutEnd) }

// ScopeName returns a scope in a word or two.
func (TokensPage) ScopeName(s app.Scope) Message {
	switch s {
	case app.ReadRecords:
		return T("Records")
	case app.ReadLearners:
		return T("People")
	case app.ReadModules:
		return T("Modules")
	}
	return Verbatim(string(s))
}

// ScopeMeaning says what a scope lets a system read.
func (TokensPage) ScopeMeaning(s app.Scope) Message {
	switch s {
	case app.ReadRecords:
		return T("who has begun and completed what, with names, e-mail addresses and scores, and which files were downloaded")
	case app.ReadLearners:
		return T("name, e-mail address, NPI and account of everyone who has signed in")
	case app.ReadModules:
		return T("the modules that your people see now")
	}
	return Message{}
}
