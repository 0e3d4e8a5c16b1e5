package site

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"first5/app"
)

// The parameters that choose records, in files too.
func filterParameters() []string {
	return []string{"from", "to", "dates", "program", "module", "edition", "status", "score_from", "score_to", "q", "learner", "people"}
}

// The parameters of a listing of records, and of one of people.
func recordParameters() []string {
	return append(filterParameters(), "sort", "up", "limit", "cursor", "since")
}
func learnerParameters() []string { return []string{"q", "limit", "cursor"} }

// query is the parameters of a request.
type query url.Values

// get returns a parameter, or nothing.
func (q query) get(name string) string { return url.Values(q).Get(name) }

// only returns the parameters if there are no others than those named, each at most
// once. One that is mistyped would otherwise choose everything.
func (q query) only(names []string) (query, error) {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		switch {
		case !slices.Contains(names, name) && len(names) == 0:
			return nil, badRequest(readableName(name), "This address takes no parameters.")
		case !slices.Contains(names, name):
			return nil, badRequest(readableName(name), "There is no such parameter here. There are "+strings.Join(names, ", ")+".")
		case len(q[name]) > 1:
			return nil, badRequest(name, "The parameter is given more than once. Give it once.")
		}
	}
	return q, nil
}

// readableName returns a parameter's name as it was sent, cut where it is no name.
func readableName(name string) string {
	const longest = 40
	name = strings.ToValidUTF8(name, "?")
	if short := []rune(name); len(short) > longest {
		return string(short[:longest]) + "…"
	}
	return name
}

// most returns how many things a page is to have: the limit, or what is usual.
func (q query) most(usual, most int) (int, error) {
	if q.get("limit") == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(q.get("limit"))
	if err != nil || n < 1 || n > most {
		return 0, badRequest("limit", fmt.Sprintf("A limit is a whole number from 1 to %d.", most))
	}
	return n, nil
}

// chosen returns what of the parameters chooses and orders, in one way of writing:
// by it a cursor knows the listing that it is of.
func (q query) chosen() string {
	chosen := url.Values{}
	for name, values := range q {
		if !slices.Contains([]string{"limit", "cursor", "since"}, name) && values[0] != "" {
			chosen[name] = values
		}
	}
	return chosen.Encode()
}

// filter reads what chooses records by the reader that pages have too. What is wrong is told
// with the parameter that it is about.
func (a *api) filter(q query) (app.Filter, error) {
	f, err := inQuery(q).filter()
	if err == nil {
		return f, nil
	}
	for _, name := range filterParameters() {
		_, alone := inQuery(query{name: q[name]}).filter()
		if alone != nil {
			return f, a.wrong(name, alone)
		}
	}
	return f, a.wrong("", err) // each is right alone, and they contradict each other
}

func inQuery(q query) filterReader { return filterReader{get: q.get, list: apiPath + "/records"} }

// wrong tells systems in English what a page would tell a manager.
func (a *api) wrong(parameter string, err error) error {
	var p *problem
	if !errors.As(err, &p) {
		return err
	}
	if parameter == "status" {
		return badRequest(parameter, "A status is in_progress, passed, read, tested_out, waived, or completed for all of them but the first.")
	}
	return badRequest(parameter, a.Views.Say("en", p.text))
}
