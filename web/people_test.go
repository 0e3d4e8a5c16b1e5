package web_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"first5/app"
	"first5/web"
)

// waived is a record of a module that a manager has waived.
func waived() app.Record {
	r := completed()
	r.ID, r.Learner, r.Score, r.Attempts = "w", "l1", nil, 0
	r.Completion = &app.Completion{Status: app.Waived, At: noon, Version: 3, Name: "Ana <b>Núñez</b>", Title: "Greet first", Institution: "Mercy & Sons", Reason: "She <b>teaches</b> it."}
	return r
}

var ana = app.Person{Learner: "l1", SignedInAt: noon, Identity: app.Identity{Subject: "s1", Name: "Ana <b>Núñez</b>", Email: "ana@mercy.example", NPI: "2073418560"}}

// ofAna returns all that a manager sees of somebody.
func ofAna() app.PersonRecords {
	open := begun()
	return app.PersonRecords{
		Person: ana, Records: []app.Record{completed(), takenBack(), waived(), open},
		Required: []app.Demand{
			{Assignment: *required, Title: "First", Done: 1, Of: 2, Late: true},
			{Assignment: app.Assignment{By: "The dean", Because: "So it is."}, Title: "Second", Done: 2, Of: 2},
		},
		NotBegun: []app.Unbegun{{Program: course().Program, Modules: []*app.Module{greet()}}},
		Waivable: []*app.Module{greet()},
	}
}

// former returns all that a manager sees of somebody who has left.
func former() app.PersonRecords {
	done, w := completed(), waived()
	done.Name, done.Email, done.Subject, done.Former = "", "", "", true
	w.Completion.Name = ""
	return app.PersonRecords{Person: app.Person{Learner: "l2", SignedInAt: noon, ErasedAt: noon.AddDate(1, 0, 0)}, Records: []app.Record{done, w}}
}

// peoplePages are those of an institution's people and of what is waived for them.
func peoplePages() map[string]web.Page {
	module := modulePage(waived().Completion)
	notBegun := app.PersonFilter{NotBegun: app.EditionRef{Module: "greet", Edition: "2026"}}
	older := app.PersonFilter{NotBegun: app.EditionRef{Module: "greet", Edition: "2025"}}
	nameless := app.Person{Learner: "l3", SignedInAt: noon, Identity: app.Identity{Subject: "s3"}}
	modules := []*app.Module{greet()}
	w := waived()
	return map[string]web.Page{
		"people":                 web.PeoplePage{Frame: frame, Institution: "Mercy", Modules: modules, Page: app.PeoplePage{People: []app.Person{ana, nameless}, Total: 2}, NextAddress: "/records/people?after=x", Later: true},
		"people, not begun":      web.PeoplePage{Frame: frame, Filter: notBegun, Modules: modules, Page: app.PeoplePage{People: []app.Person{ana}, Total: 1}},
		"people, all have begun": web.PeoplePage{Frame: frame, Filter: notBegun, Modules: modules},
		"people, older edition":  web.PeoplePage{Frame: frame, Filter: older, Modules: modules, Page: app.PeoplePage{People: []app.Person{ana}, Total: 3}},
		"people, none found":     web.PeoplePage{Frame: frame, Filter: app.PersonFilter{Query: `"<b>`}, Modules: modules},
		"person":                 web.PersonPage{Frame: frame, PersonRecords: ofAna()},
		"person, waived":         web.PersonPage{Frame: frame, PersonRecords: ofAna(), Told: web.ToldWaived},
		"person, to waive":       web.PersonPage{Frame: frame, PersonRecords: ofAna(), Module: "greet", Reason: "<b>Núñez</b>", Wrong: web.WaiverTooLong},
		"person, waiver of what": web.PersonPage{Frame: frame, PersonRecords: ofAna(), Reason: "A reason.", Wrong: web.WaiverOfWhat},
		"person, not sure":       web.PersonPage{Frame: frame, PersonRecords: ofAna(), Module: "greet", Reason: "A reason.", Wrong: web.WaiverUnsure},
		"person, of no records":  web.PersonPage{Frame: frame, PersonRecords: app.PersonRecords{Person: nameless}},
		"person, former":         web.PersonPage{Frame: frame, PersonRecords: former()},
		"module, waived":         module,
		"result, waived":         web.ResultPage{Frame: frame, Result: resultOf(w, "yes")},
		"result, waived, failed": web.ResultPage{Frame: frame, Result: resultOf(w, "no")},
		"learning, waived":       web.LearningPage{Frame: frame, Learning: app.Learning{Done: []app.Record{w}}},
		"transcript, waived":     web.TranscriptPage{Frame: frame, Completed: []app.Record{w}, Day: noon, Papers: papers},
		"home, one waived":       web.HomePage{Frame: frame, Home: app.Home{Courses: []app.Course{{Program: course().Program, Items: []app.CourseItem{{Module: greet(), Record: &w}}}}}},
		"catalogue, one waived":  web.CataloguePage{Frame: frame, Courses: []app.Course{{Program: course().Program, Items: []app.CourseItem{{Module: greet(), Record: &w}}}}},
	}
}

func TestAWaiverPrintsNoCertificateAnywhere(t *testing.T) {
	for name, p := range peoplePages() {
		page := render(t, p)
		for _, of := range []string{`href="/certificates/"`, `/certificates/.pdf`, "/certificates//"} {
			assert.NotContains(t, page, of, name)
		}
	}
	for _, name := range []string{"module, waived", "result, waived", "learning, waived", "transcript, waived"} {
		assert.NotContains(t, render(t, pages()[name]), "/certificates/", name)
	}
}

func TestTheLearnerReadsThatAModuleIsWaivedAndWhy(t *testing.T) {
	for _, name := range []string{"module, waived", "result, waived", "result, waived, failed"} {
		page := render(t, pages()[name])
		assert.Contains(t, page, "Mercy &amp; Sons waived this module for you on <time", name)
		assert.Contains(t, page, "“She &lt;b&gt;teaches&lt;/b&gt; it.”", name)
		assert.Contains(t, page, "it gives no certificate", name)
		for _, words := range []string{"You completed this module", "Module completed", "Completed on", "would have completed", "stays completed", "Certificate withdrawn"} {
			assert.NotContains(t, page, words, name)
		}
	}
	learning := render(t, pages()["learning, waived"])
	assert.Contains(t, learning, `<a href="/modules/greet">Greet first</a>`)
	assert.Contains(t, learning, "Waived <time")
	assert.Contains(t, learning, "She &lt;b&gt;teaches&lt;/b&gt; it.")
	assert.NotContains(t, render(t, pages()["module, completed"]), "waived")
}

func TestAWaivedModuleIsAStepThatIsDone(t *testing.T) {
	home := render(t, pages()["home, one waived"])
	assert.Contains(t, home, "1 of 1 done")
	assert.Contains(t, home, `<span class="tag done">Waived</span>`)
	assert.Contains(t, render(t, pages()["catalogue, one waived"]), "Waived <time")
	page := render(t, pages()["transcript, waived"])
	assert.Contains(t, page, "Waived")
	assert.Contains(t, page, `class="certificate-number">–</td>`)
}

func TestAPersonsPageHasTheirRecordsAndNothingThatIsForThemAlone(t *testing.T) {
	page := render(t, pages()["person"])
	for _, words := range []string{"Ana &lt;b&gt;Núñez&lt;/b&gt;", "ana@mercy.example", "2073418560", "s1", "2026-03-04 12:00 UTC",
		"Single answers, reflections and what they plan to do in practice are for them alone",
		`href="/certificates/cert"`, "Certificate withdrawn", "She &lt;b&gt;teaches&lt;/b&gt; it.", "In progress",
		"1 of 2 done", "Overdue", "Required by The &lt;b&gt;office&lt;/b&gt;. It was to be done by 4 March 2026, and still can be.", "Not begun",
		`href="/records.csv?learner=l1"`, `href="/records.xlsx?learner=l1"`, `href="/records.jsonl?learner=l1"`, `href="/records.xapi.jsonl?learner=l1"`,
		`href="/audit?learner=l1"`, "Waive a module", `name="sure" value="1" required>`} {
		assert.Contains(t, page, words)
	}
	assert.Equal(t, 1, strings.Count(page, "Overdue"), "what is done is not")
	assert.NotContains(t, page, "2 of 2 done", "that it is done says enough")
	assert.NotContains(t, page, "A secret reason.", "why a certificate was withdrawn stands in the audit trail")
}

func TestOfWhoHasLeftStaysWhatAccreditationAsksFor(t *testing.T) {
	page := render(t, pages()["person, former"])
	assert.Contains(t, page, "Erased on 4 March 2027.")
	assert.Contains(t, page, "<bdi>Ana</bdi></h1>", "the name in a completion")
	for _, words := range []string{"Waive a module", "E-mail", `<dt>Account</dt>`} {
		assert.NotContains(t, page, words)
	}
	assert.Contains(t, render(t, web.PersonPage{Frame: frame, PersonRecords: app.PersonRecords{Person: former().Person}}), "<bdi>Former learner</bdi></h1>")
}

func TestAWaiverThatCanNotBeTakenComesBackWithWhatIsWrong(t *testing.T) {
	page := render(t, pages()["person, to waive"])
	assert.Contains(t, page, `<details class="withdraw waive" open>`)
	assert.Contains(t, page, "Nothing is waived yet: the reason is too long. Make it shorter. At most 280 characters.")
	assert.Contains(t, page, `aria-describedby="page_waiver_wrong page_reason_hint" aria-invalid="true" autofocus`)
	assert.Contains(t, page, "\n&lt;b&gt;Núñez&lt;/b&gt;</textarea>")
	assert.Contains(t, page, `<option value="greet" selected>`)
	page = render(t, pages()["person, waiver of what"])
	assert.Contains(t, page, `name="module" required aria-describedby="page_waiver_wrong" aria-invalid="true" autofocus`)
	assert.Contains(t, page, "A reason.</textarea>")
	page = render(t, pages()["person, not sure"])
	assert.Contains(t, page, `required aria-describedby="page_waiver_wrong" aria-invalid="true" autofocus>`)
	assert.NotContains(t, render(t, pages()["person"]), "page_waiver_wrong")
}

func TestTheListOfPeopleSaysWhomItShows(t *testing.T) {
	page := render(t, pages()["people"])
	for _, words := range []string{"2 people", `href="/records/people/l1"`, "ana@mercy.example", "2073418560", `href="/records/people/l3"><bdi>s3</bdi>`, "the first time that they sign in", "More people"} {
		assert.Contains(t, page, words)
	}
	assert.Contains(t, render(t, pages()["people, not begun"]), "1 person has not begun “Greet first”, edition 2026.")
	assert.Contains(t, render(t, pages()["people, not begun"]), `<option value="greet" selected>Greet first</option>`)
	assert.Contains(t, render(t, pages()["people, all have begun"]), "Everyone who has signed in has begun it.")
	older := render(t, pages()["people, older edition"])
	assert.Contains(t, older, "3 people have not begun “Greet first”, edition 2025.")
	assert.Contains(t, older, `<input type="hidden" name="edition" value="2025">`, "a search goes on among them")
	assert.NotContains(t, older, "<select")
	assert.NotContains(t, render(t, pages()["people, none found"]), "Everyone who has signed in has begun it.")
}

func TestTheAddressOfAFilterOfPeopleSaysAllOfIt(t *testing.T) {
	assert.Equal(t, "/records/people?edition=2026&not_begun=greet", web.NotBegunAddress("greet", "2026"))
	assert.Equal(t, "q=a%26b", web.PeopleQuery(app.PersonFilter{Query: "a&b"}).Encode())
	assert.Empty(t, web.PeopleQuery(app.PersonFilter{}))
}
