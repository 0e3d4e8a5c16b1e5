package signin

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"first5/app"
)

const (
	personNameLimit = 200 // runes
	emailLimit      = 254 // bytes; RFC 5321
)

// What is noted for the audit trail where something that the institution sent
// can't be taken. The words are fixed: what was sent is in none of them.
const (
	noteName      = "the name is not a text"
	noteNameLong  = "the name is too long and was cut"
	noteNameSigns = "the name holds signs that can't be shown, which were left out"
	noteEmail     = "the e-mail address is not valid"
	noteNPI       = "the NPI is not valid"
	noteRoles     = "the groups are not a list of texts"
	noteOverage   = "the provider left the groups out because there are too many"
	noteSession   = "the provider's name for its session is not valid"
	noteUserinfo  = "the person's details were not asked for, as they are at a host that is not configured"
)

// reading is a person as they are read out of claims.
type reading struct {
	*client
	sources []claims // the signed ones first
	notes   []string
}

func (r *reading) note(words string) {
	if !slices.Contains(r.notes, words) {
		r.notes = append(r.notes, words)
	}
}

// claim returns the value of a claim out of the first source that has it, or
// nil. A null is nothing.
func (r *reading) claim(name string) any {
	if name == "" {
		return nil
	}
	for _, source := range r.sources {
		v := lookUp(source, name)
		if v != nil {
			return v
		}
	}
	return nil
}

// complete says whether there is everything that is mapped or required, here or
// by another institution that the account may be of.
func (r *reading) complete() bool {
	needed := []string{r.Claims.Name, r.Claims.Email, r.Claims.NPI}
	for _, values := range r.Roles {
		if len(values) > 0 {
			needed = append(needed, r.Claims.Roles)
			break
		}
	}
	needed = slices.AppendSeq(needed, maps.Keys(r.Require))
	for _, other := range r.sharing {
		needed = slices.AppendSeq(needed, maps.Keys(other.Require))
	}
	return !slices.ContainsFunc(needed, func(name string) bool { return name != "" && r.claim(name) == nil })
}

// belongs returns an error unless the account has what the institution requires
// of its own, and lacks something that each other one with the same issuer does:
// otherwise every sign-in would move the person and their records.
func (r *reading) belongs() error {
	missing, lacks := r.lacks(r.Require)
	if lacks {
		return rejected(ReasonRequired, fmt.Errorf("its claim %q has none of the required values", missing))
	}
	for _, other := range r.sharing {
		_, lacks := r.lacks(other.Require)
		if !lacks {
			return rejected(ReasonTwoFit, fmt.Errorf("it has all that %q requires too", other.Institution))
		}
	}
	return nil
}

// lacks returns a claim that has none of the values that are required of it, and
// whether there is one.
func (r *reading) lacks(required map[string][]string) (string, bool) {
	for name, values := range required {
		held, _ := texts(r.claim(name))
		if !slices.ContainsFunc(held, func(v string) bool { return slices.Contains(values, v) }) {
			return name, true
		}
	}
	return "", false
}

// identity reads who the person is. What can't be taken is left out and noted:
// nobody is kept from learning by it.
func (r *reading) identity(subject string) app.Identity {
	return app.Identity{
		Institution: r.Institution,
		Issuer:      r.Issuer,
		Subject:     subject,
		Name:        r.name(),
		Email:       r.email(),
		NPI:         r.npi(),
		Roles:       r.roles(),
	}
}

// text reads a claim that is one text, without the spaces around it. It notes
// what is said against one that is something else; an empty one is nothing.
func (r *reading) text(claim any, against string) string {
	s, ok := single(claim)
	if !ok && claim != nil {
		r.note(against)
	}
	return strings.TrimSpace(s)
}

func (r *reading) name() string {
	s := r.text(r.claim(r.Claims.Name), noteName)
	shown := strings.TrimSpace(strings.Map(shownInNames, s))
	if strings.ContainsFunc(s, func(sign rune) bool { return shownInNames(sign) < 0 }) {
		r.note(noteNameSigns)
	}
	if utf8.RuneCountInString(shown) > personNameLimit {
		r.note(noteNameLong)
		shown = strings.TrimSpace(string([]rune(shown)[:personNameLimit]))
	}
	return shown
}

// shownInNames drops control characters, line ends, and those that turn the
// direction of what stands around them on a page or in a record.
func shownInNames(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
		return -1
	}
	return r
}

func (r *reading) email() string {
	s := r.text(r.claim(r.Claims.Email), noteEmail)
	if s == "" || validEmail(s) {
		return s
	}
	r.note(noteEmail)
	return ""
}

func validEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	unfit := func(r rune) bool {
		return r == '@' || unicode.IsSpace(r) || shownInNames(r) < 0
	}
	return ok && len(s) <= emailLimit && local != "" && domain != "" && !strings.ContainsFunc(local+domain, unfit)
}

func (r *reading) npi() string {
	claim := r.claim(r.Claims.NPI)
	if n, ok := claim.(json.Number); ok {
		claim = n.String()
	}
	s := r.text(claim, noteNPI)
	if s == "" || app.ValidNPI(s) {
		return s
	}
	r.note(noteNPI)
	return ""
}

// roles reads the roles that the mapping makes of the groups, and no others.
func (r *reading) roles() []app.Role {
	claim := r.claim(r.Claims.Roles)
	if claim == nil && r.overage() {
		r.note(noteOverage)
	}
	groups, ok := texts(claim)
	if !ok {
		r.note(noteRoles)
	}
	var roles []app.Role
	for _, role := range []app.Role{app.Educator, app.Manager, app.Operator} {
		if role == app.Operator && !r.Operators {
			continue
		}
		if slices.ContainsFunc(r.Roles[role], func(v string) bool { return slices.Contains(groups, v) }) {
			roles = append(roles, role)
		}
	}
	return roles
}

// overage says whether Microsoft Entra left the groups out for their number: it
// then names where else they could be asked for, or only that there are some.
func (r *reading) overage() bool {
	for _, source := range r.sources {
		elsewhere, _ := source["_claim_names"].(map[string]any)
		_, named := elsewhere[r.Claims.Roles]
		if r.Claims.Roles != "" && (named || source["hasgroups"] == true || source["hasgroups"] == "true") {
			return true
		}
	}
	return false
}

// session reads the provider's name for its session, from what is signed alone.
func (r *reading) session() string {
	claim := r.sources[0]["sid"]
	s, _ := claim.(string)
	if validName(s) {
		return s
	}
	if claim != nil {
		r.note(noteSession)
	}
	return ""
}
