package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"first5/app"
)

// Detail is one part of what an event tells.
type Detail struct {
	Name  Message
	Value Message
}

// EventDetails returns what an event tells, each part by its name, in one order:
// what changed comes before how things are now.
func EventDetails(e app.Event) []Detail {
	names := slices.Sorted(maps.Keys(e.Details))
	if at := slices.Index(names, app.DetailChanged); at > 0 {
		names = slices.Insert(slices.Delete(names, at, at+1), 0, app.DetailChanged)
	}
	var all []Detail
	for _, name := range names {
		all = append(all, Detail{Name: detailName(e.Kind, name), Value: detailValue(e.Kind, name, e.Details[name])})
	}
	return all
}

// detailName returns a detail's name in plain words. Settings keep the names that
// they have in the configuration.
func detailName(k app.EventKind, name string) Message {
	if k == app.SettingsChanged && name != app.DetailChanged {
		return Verbatim(strings.ReplaceAll(name, "_", " "))
	}
	switch name {
	case "first_time":
		return T("first time")
	case "not_taken":
		return T("not taken")
	case "from":
		return T("from")
	case "to":
		return T("to")
	case "where":
		return T("where")
	case "reason":
		return T("reason")
	case "left_out":
		return T("left out")
	case "why":
		return T("why")
	}
	return fileDetailName(name)
}

// fileDetailName returns the name of what is told of files, publications and
// other things that people took or made.
func fileDetailName(name string) Message {
	switch name {
	case "file":
		return T("file")
	case "filter":
		return T("filter")
	case "rows":
		return T("rows")
	case "bytes":
		return T("bytes")
	case "sha256":
		return Verbatim("SHA-256")
	case "outcome":
		return T("outcome")
	case "token":
		return T("token")
	case "publication":
		return T("publication")
	case "origin":
		return T("origin")
	case "changes":
		return T("changes")
	case app.DetailChanged:
		return T("changed")
	case "certificate":
		return T("certificate")
	}
	return officeDetailName(name)
}

// officeDetailName returns the name of what is told of what an institution's
// managers made.
func officeDetailName(name string) Message {
	switch name {
	case "record":
		return T("record")
	case "scopes":
		return T("scopes")
	case "expires":
		return T("expires")
	case "assignment":
		return T("assignment")
	case "people":
		return T("required of")
	case "module":
		return T("module")
	case "edition":
		return T("edition")
	case "program":
		return T("programme")
	case "due":
		return T("due")
	}
	return Verbatim(strings.ReplaceAll(name, "_", " "))
}

// detailValue returns what stands in a detail: words of the program's own in the
// reader's language, and all others as they are.
func detailValue(k app.EventKind, name, value string) Message {
	if k == app.SettingsChanged {
		return Verbatim(value)
	}
	switch name {
	case "filter":
		return notedFilter(value)
	case "token":
		return Verbatim(TokenID(value)) // as the list of tokens has it
	case "people":
		return ofWhom(value)
	case "scopes":
		return eachOf(value, func(scope string) Message { return TokensPage{}.ScopeName(app.Scope(scope)) })
	}
	if k == app.RolesChanged {
		return eachOf(value, roleOrLearner)
	}
	return knownValue(value)
}

// knownValue returns a word by which the program says how or where something was
// done.
func knownValue(value string) Message {
	switch value {
	case "yes":
		return T("Yes")
	case "complete":
		return T("complete")
	case "broken off":
		return T("broken off")
	case app.SignOutHere:
		return T("in this browser")
	case app.SignOutAgain:
		return T("to sign in anew in this browser")
	case "everywhere":
		return T("everywhere")
	case "at the institution":
		return T("at the institution")
	case "retention":
		return T("away for longer than the institution keeps people")
	case "asked for":
		return T("asked for")
	}
	return Verbatim(value)
}

// ofWhom returns of whom something is required: of everyone, or of how many.
func ofWhom(value string) Message {
	n, err := strconv.Atoi(value)
	switch {
	case err == nil:
		return T("a list of %d", n)
	case value == "everyone":
		return T("everyone")
	}
	return Verbatim(value)
}

// roleOrLearner returns a role's name; everyone is a learner, which is none.
func roleOrLearner(role string) Message {
	if role == "learner" {
		return T("Learner")
	}
	return RoleName(app.Role(role))
}

// eachOf returns the parts of a list by their names.
func eachOf(list string, name func(string) Message) Message {
	all := Message{}
	for n, part := range strings.Split(list, ", ") {
		if n > 0 {
			all.args = append(all.args, ", ")
		}
		all.args = append(all.args, name(part))
	}
	return all
}

// notedFilter returns the filter of a download in words. It is noted as an address
// has it, each part as "name: value".
func notedFilter(noted string) Message {
	return eachOf(noted, func(part string) Message {
		name, value, isPart := strings.Cut(part, ": ")
		if !isPart {
			return Verbatim(part)
		}
		return filterPart(name, value)
	})
}

func filterPart(name, value string) Message {
	switch name {
	case "q":
		return T("a search whose words are not kept")
	case "learner":
		return T("one person: %s", value)
	case "people":
		return T("people who have not left")
	case "dates":
		return T("by the day of completion")
	case "from":
		return T("from %s", value)
	case "to":
		return T("until %s", value)
	case "score_from":
		return T("score from %s", value)
	case "score_to":
		return T("score to %s", value)
	case "status", "show":
		return T("status: %s", ReachName(app.Status(value)))
	case "kind":
		return T("what: %s", EventName(app.EventKind(value)))
	case "of":
		return T("institution: %s", value)
	}
	return T("%s: %s", detailName("", name), value)
}
