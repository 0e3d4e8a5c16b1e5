package report

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/google/uuid"

	"first5/app"
)

// The verbs of the statements. All are ADL's; cmi5 has brought the last one.
const (
	verbCompleted = "http://adlnet.gov/expapi/verbs/completed"
	verbPassed    = "http://adlnet.gov/expapi/verbs/passed"
	verbVoided    = "http://adlnet.gov/expapi/verbs/voided"
	verbWaived    = "https://w3id.org/xapi/adl/verbs/waived"

	typeModule  = "http://adlnet.gov/expapi/activities/module"
	typeProgram = "http://adlnet.gov/expapi/activities/course"

	language = "en" // of the texts in statements
)

// statementIDs is the name space of all statements' ids.
const statementIDs = "ed56b900-8962-4b67-88d2-fd6ec598e9bf"

// writeStatements writes what records tell as xAPI statements, each on a line of
// its own, valid for xAPI 1.0.3 and for 2.0 (IEEE 9274.1.1). It returns how many.
//
// A statement never changes once it was sent, so that whoever sends a file twice
// has its statements once: it has an id that comes of what was done, and tells of
// the day on which that was, as the certificate does. Whoever has left is left out:
// nobody knows any more who the actor of their statements was, and stores refuse a
// statement (409) that has the id of another. Theirs were in the files before.
func (f File) writeStatements(out *bufio.Writer, records iter.Seq2[app.Record, error]) (int, error) {
	line := json.NewEncoder(out)
	line.SetEscapeHTML(false)
	n := 0
	_, err := each(records, func(r *app.Record) error {
		all, err := f.statements(r)
		if err != nil {
			return err
		}
		for _, s := range all {
			err := line.Encode(s)
			if err != nil {
				return err
			}
			n++
		}
		if n <= len(all) { // whoever waits sees that the file has begun
			return out.Flush()
		}
		return nil
	})
	return n, err
}

// statement is one xAPI statement. It names no version of xAPI: the store that
// takes it gives it its own.
type statement struct {
	ID        string   `json:"id"`
	Actor     agent    `json:"actor"`
	Verb      verb     `json:"verb"`
	Object    object   `json:"object"`
	Result    *result  `json:"result,omitempty"`
	Context   *context `json:"context,omitempty"`
	Timestamp string   `json:"timestamp"`
}

type agent struct {
	ObjectType string  `json:"objectType"`
	Name       string  `json:"name,omitempty"`
	Account    account `json:"account"`
}

type account struct {
	HomePage string `json:"homePage"`
	Name     string `json:"name"`
}

type verb struct {
	ID      string      `json:"id"`
	Display languageMap `json:"display"`
}

type languageMap map[string]string

type object struct {
	ObjectType string    `json:"objectType"`
	ID         string    `json:"id"`
	Definition *activity `json:"definition,omitempty"`
}

type activity struct {
	Type string      `json:"type"`
	Name languageMap `json:"name,omitempty"`
}

type result struct {
	Score      *scaled `json:"score,omitempty"`
	Success    bool    `json:"success"`
	Completion bool    `json:"completion"`
}

type scaled struct {
	Scaled float64 `json:"scaled"`
	Raw    int     `json:"raw"`
	Min    int     `json:"min"`
	Max    int     `json:"max"`
}

type context struct {
	Revision          string              `json:"revision"`
	Platform          string              `json:"platform"`
	ContextActivities map[string][]object `json:"contextActivities"`
	Extensions        map[string]string   `json:"extensions"`
}

// statements returns what is to be told of a record: nothing before it is
// complete, and nothing more of somebody who has left.
//
// Once the certificate was withdrawn the statements are voided, and not merely
// left out: a store that has them already would otherwise hold them for true. A
// voiding names no learner, and so is the same after its learner has left.
func (f File) statements(r *app.Record) ([]statement, error) {
	if r.Completion == nil || r.Former && r.Withdrawn == nil {
		return nil, nil
	}
	var all []statement
	for _, v := range verbsOf(r.Completion.Status) {
		s, err := f.statement(r, v)
		if err == nil && r.Withdrawn != nil {
			s, err = f.voiding(r, s.ID)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// verbsOf returns the verbs of a completion's statements. Whoever was tested has
// passed, too; a waiver says no more than that the module need not be done.
func verbsOf(s app.Status) []string {
	switch s {
	case app.Passed, app.TestedOut:
		return []string{verbCompleted, verbPassed}
	case app.Waived:
		return []string{verbWaived}
	}
	return []string{verbCompleted}
}

func (f File) statement(r *app.Record, v string) (statement, error) {
	c := r.Completion
	id, err := statementID(r, v)
	if err != nil {
		return statement{}, err
	}
	return statement{
		ID:        id,
		Actor:     f.actor(r),
		Verb:      verbNamed(v),
		Object:    f.activity("/modules/"+r.Module, &activity{Type: typeModule, Name: named(cmp.Or(c.Title, r.Title))}),
		Result:    &result{Score: scoreOf(c.Score), Success: true, Completion: true},
		Context:   f.context(r),
		Timestamp: timestamp(c.At),
	}, nil
}

// voiding returns the statement that voids another, which the store need not have.
// The program itself says so: who withdrew the certificate stands in the audit
// trail.
func (f File) voiding(r *app.Record, voided string) (statement, error) {
	id, err := derivedID(voided, verbVoided)
	return statement{
		ID:        id,
		Actor:     agent{ObjectType: "Agent", Name: "First5", Account: account{HomePage: f.BaseURL, Name: "first5"}},
		Verb:      verbNamed(verbVoided),
		Object:    object{ObjectType: "StatementRef", ID: voided},
		Timestamp: timestamp(r.Withdrawn.At),
	}, err
}

// statementID returns the id of a statement about what a record tells: always the
// same, in whatever file it comes.
func statementID(r *app.Record, v string) (string, error) {
	done := string(r.Completion.Attempt)
	if done == "" {
		done = timestamp(r.Completion.At)
	}
	return derivedID(string(r.ID)+"\x00"+done, v)
}

func derivedID(of, v string) (string, error) {
	space, err := uuid.Parse(statementIDs)
	if err != nil {
		return "", fmt.Errorf("reading the name space of statements: %w", err)
	}
	return uuid.NewSHA1(space, []byte(of+"\x00"+v)).String(), nil
}

// actor names the person as their institution's sign-in does; somebody of whom it
// never told by no more than their id here.
func (f File) actor(r *app.Record) agent {
	a := agent{ObjectType: "Agent", Name: cmp.Or(r.Completion.Name, r.Name), Account: account{HomePage: f.Issuer, Name: r.Subject}}
	if r.Subject == "" || f.Issuer == "" {
		a.Account = account{HomePage: f.BaseURL, Name: string(r.Learner)}
	}
	return a
}

func (f File) activity(path string, is *activity) object {
	return object{ObjectType: "Activity", ID: f.BaseURL + path, Definition: is}
}

func (f File) context(r *app.Record) *context {
	return &context{
		Revision:          fmt.Sprint(r.Completion.Version),
		Platform:          "First5",
		ContextActivities: map[string][]object{"grouping": {f.activity("/programs/"+r.Program, &activity{Type: typeProgram})}},
		Extensions: map[string]string{
			f.BaseURL + "/xapi/extensions/edition": r.Edition,
			f.BaseURL + "/xapi/extensions/status":  string(r.Completion.Status),
		},
	}
}

func scoreOf(percent *int) *scaled {
	if percent == nil {
		return nil
	}
	return &scaled{Scaled: float64(*percent) / 100, Raw: *percent, Max: 100}
}

func named(name string) languageMap {
	if name == "" {
		return nil
	}
	return languageMap{language: name}
}

// verbNamed returns a verb with what its address ends in as its name.
func verbNamed(id string) verb {
	names := map[string]string{verbCompleted: "completed", verbPassed: "passed", verbVoided: "voided", verbWaived: "waived"}
	return verb{ID: id, Display: languageMap{language: names[id]}}
}
