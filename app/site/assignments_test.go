package site_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

const assignments = "/records/assignments"

// requires sends the form of an assignment of the module greet of everyone, but for
// the fields that are given.
func (b *browser) requires(more url.Values) page {
	b.t.Helper()
	fields := url.Values{"what": {"module:greet"}, "who": {"everyone"}, "because": {"New staff begin here."}, "by": {"the Dean’s office"}}
	for name, values := range more {
		fields[name] = values
	}
	return b.send(b.get(assignments), assignments, fields)
}

func list(people ...string) url.Values {
	return url.Values{"who": {"list"}, "people": {strings.Join(people, "\r\n")}}
}

// reached returns the counts of a page with the addresses that they link to.
func (p page) reached() (counts []string, addresses []string) {
	found := regexp.MustCompile(`href="([^"]+)"><b>(\d+)</b>`).FindAllStringSubmatch(p.body, -1)
	for _, f := range found {
		addresses = append(addresses, strings.ReplaceAll(f[1], "&amp;", "&"))
		counts = append(counts, f[2])
	}
	return counts, addresses
}

func TestAManagerRequiresAModuleAndLearnersAreToldBeforeTheyStart(t *testing.T) {
	h := newHouse(t)
	physician, boss := h.as(noor), h.as(manager)
	assert.Contains(t, physician.get("/modules/greet").text(), "No: your institution has not asked you for this module.")
	assert.Contains(t, boss.get(assignments).text(), "Nothing is required yet.")

	made := boss.requires(url.Values{"due": {"2999-06-30"}})
	assert.Equal(t, 200, made.status)
	assert.Contains(t, made.text(), "It is required from now on.")
	h.clock.pass(11 * time.Second)

	for _, address := range []string{"/modules/greet", "/modules/greet/quiz"} {
		assert.Contains(t, physician.get(address).text(), "Required by the Dean’s office, to be done by 30 June 2999. New staff begin here.", address)
	}
	assert.Contains(t, physician.get("/").text(), "Required by the Dean’s office, to be done by 30 June 2999.")
	assert.NotContains(t, h.as(amara).get("/modules/greet").text(), "Dean", "of another institution's people nothing is required")

	physician.answer("greet", right())
	assert.NotContains(t, physician.get("/modules/greet").text(), "Required by")
	assert.NotContains(t, physician.get("/").text(), "Required by")
	counts, addresses := boss.get(assignments).reached()
	assert.Equal(t, []string{"1", "0", "1"}, counts, "the physician, and the manager who has begun nothing")
	assert.Len(t, byName(boss.read(strings.Replace(addresses[0], "/records?", "/records.csv?", 1))), 1, "a number leads to as many rows")
	assert.Contains(t, boss.get(addresses[2]).text(), "1 person")
	assert.Contains(t, boss.get("/audit?kind=assignment_made").text(), "Assignment made")
}

func TestAManagerSeesWhoOfAListHasNotBegunAndDownloadsThem(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(daniel).open("greet")
	boss := h.as(manager)
	p := boss.requires(list("Noor.Haddad@mercy-lakes.example", "ml-20893", "=1+1@mercy-lakes.example", "amara.okafor@harbor-point.example"))
	counts, addresses := p.reached()
	assert.Equal(t, []string{"1", "1", "2"}, counts)
	for i, want := range []string{"Noor Haddad", "Daniel Ostrowski", "=1+1@mercy-lakes.example"} {
		shown := boss.get(addresses[i])
		assert.Contains(t, shown.text(), counts[i]+" on the list.")
		assert.Contains(t, shown.text(), want)
	}
	unbegun := boss.get(addresses[2]).text()
	assert.Contains(t, unbegun, "Nobody has signed in by that address or id amara.okafor@harbor-point.example")
	assert.NotContains(t, unbegun, "Noor")

	file := p.url.Path + ".csv"
	assert.Equal(t, [][]string{
		{"person", "account", "account_found", "greet"},
		{"Daniel Ostrowski", "ml-20893", "yes", "in_progress"},
		{"Noor Haddad", "Noor.Haddad@mercy-lakes.example", "yes", "completed"},
		{"", "'=1+1@mercy-lakes.example", "no", "not_begun"},
		{"", "amara.okafor@harbor-point.example", "no", "not_begun"},
	}, boss.read(file))
	assert.Len(t, boss.read(file+"?show=not_begun&module=greet"), 3)
	trail, err := csv.NewReader(strings.NewReader(boss.get("/audit.csv").body)).ReadAll()
	require.NoError(t, err)
	for _, line := range trail {
		assert.NotContains(t, line[len(line)-1], "@", "the audit trail keeps no addresses")
	}
	wrong := boss.get(p.url.Path + "?show=done")
	assert.Equal(t, 422, wrong.status)
	assert.Contains(t, wrong.text(), "There is no status “done” here.")
}

func TestOnlyTheOwnManagersSeeChangeAndEndAssignments(t *testing.T) {
	h := newHouse(t)
	boss := h.as(manager)
	own := boss.requires(nil).url.Path
	for name, want := range map[string]int{noor: 403, teacher: 403, others: 404} {
		b := h.as(name)
		assert.Equal(t, want, b.get(own).status, name)
		assert.Equal(t, want, b.get(own+".csv").status, name)
		_, fields := b.get("/account").form(t, "/signout")
		assert.Equal(t, want, b.post(own+"/end", fields).status, name)
		if want == 403 {
			assert.Equal(t, 403, b.get(assignments).status, name)
			assert.Equal(t, 403, b.post(assignments, fields).status, name)
		} else {
			assert.NotContains(t, b.get(assignments).text(), "Dean", name)
		}
	}
	assert.Equal(t, 404, boss.get(assignments+"/nothing").status)
	assert.Equal(t, 403, boss.post(own+"/end", nil).status, "without the form's token")
	assert.Equal(t, 200, boss.get(own).status)

	page := boss.get(own)
	ended := boss.send(page, "/end", nil)
	assert.Contains(t, ended.text(), "The assignment has ended.")
	assert.Contains(t, ended.text(), "Nothing is required yet.")
	again := boss.send(page, "/end", nil)
	assert.Equal(t, 404, again.status)
	assert.Contains(t, again.text(), "Somebody was first")
}

func TestADraftThatCanNotBeTakenComesBackAsItWasWritten(t *testing.T) {
	boss := newHouse(t).as(manager)
	more := list("ana@mercy.example", "Bo <bo@mercy.example>")
	more["because"], more["due"], more["what"] = []string{""}, []string{"2020-01-31"}, []string{"module:gone"}
	p := boss.requires(more)
	assert.Equal(t, 422, p.status)
	for _, says := range []string{
		"This assignment is not made yet.", "Choose again from the list.", "“Bo <bo@mercy.example>” (line 2) can’t be one e-mail address",
		"The day 2020-01-31 has passed.", "Say in one sentence why it is required.",
	} {
		assert.Contains(t, p.text(), says)
	}
	assert.Contains(t, p.body, "ana@mercy.example\r\nBo &lt;bo@mercy.example&gt;</textarea>")
	assert.Contains(t, p.body, `value="2020-01-31"`)
	assert.Contains(t, p.body, `value="the Dean’s office"`)
	assert.Contains(t, boss.requires(list("")).text(), "Write of whom it is required")
	both := boss.requires(url.Values{"people": {"ana@mercy.example"}})
	assert.Contains(t, both.text(), "You chose everyone and wrote a list.")
}

func TestALongListIsTakenWhole(t *testing.T) {
	h := newHouse(t)
	boss := h.as(manager)
	var people []string
	for i := range app.MostPeopleNamed {
		people = append(people, fmt.Sprintf("somebody.with.quite.a.long.name.of.number.%d@department.of.medicine.mercy-lakes.example", i))
	}
	p := boss.requires(list(people...))
	require.Equal(t, 200, p.status)
	assert.Contains(t, p.text(), "Of a list of 1,000")
	assert.Contains(t, boss.requires(list(append(people, "one@more.example")...)).text(), "The list has 1,001 people, and one assignment may name at most 1,000.")
}

func TestADraftOutlivesASession(t *testing.T) {
	h := newHouse(t)
	boss := h.as(manager)
	form := boss.get(assignments)
	boss.send(boss.get("/account"), "/signout", nil)
	p := boss.send(form, assignments, url.Values{"what": {"module:greet"}, "who": {"list"}, "people": {"ml-20417"}, "because": {"It is so."}})
	assert.Equal(t, 401, p.status)
	assert.Contains(t, p.text(), "What you wrote is kept in this page.")

	boss.signIn(manager, "")
	aged := boss.send(p, assignments, nil)
	assert.Equal(t, 403, aged.status, "the page is of no session")
	assert.Contains(t, aged.text(), "The page was older than your session.")
	assert.Contains(t, aged.body, "ml-20417</textarea>")
	assert.Contains(t, boss.get(assignments).text(), "Nothing is required yet.")
}
