package web_test

import (
	"maps"
	"time"

	"first5/app"
	"first5/content"
	"first5/web"
)

var (
	noon   = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	viewer = &web.Viewer{Name: "Ana <b>Núñez</b>", Institution: "Mercy & Sons", CSRF: "token", Manager: true, Studio: true}
	frame  = web.Frame{Title: web.Verbatim("A title"), Viewer: viewer}
)

func greet() *app.Module {
	return &app.Module{Version: 3, PublishedAt: noon, Module: &content.Module{
		Slug: "greet", Title: "Greet first", Summary: "Say your name.", Minutes: 4, Edition: "2026", Pass: 80,
		Objectives: []string{"Greet"}, Authors: []string{"A. Educator", "B. Educator"},
		Body: []byte(`<section class="card" id="c"><h2>A card</h2></section>`), Notes: []byte(`<ol class="notes"></ol>`),
		Cards: []content.Card{{ID: "q", Question: &content.Question{ID: "q", Title: "A question", Kind: content.ChooseOne, Options: []content.Option{
			{ID: "yes", HTML: "Yes", Right: true, Feedback: "<p>Indeed.</p>"},
			{ID: "no", HTML: "No", Feedback: "<p>Not so.</p>"},
		}}}},
	}}
}

func completed() app.Record {
	score := 100
	return app.Record{
		ID: "r", Name: "Ana", Subject: "s", Email: "a@b.example", Module: "greet", Title: "Greet first", Edition: "2026", Version: 3,
		Attempts: 2, Score: &score, StartedAt: noon, ActiveAt: noon,
		Completion: &app.Completion{Status: app.Passed, At: noon, Version: 3, Score: &score, Certificate: "cert", Name: "Ana", Title: "Greet first", Institution: "Mercy"},
	}
}

func begun() app.Record {
	r := completed()
	r.Completion, r.Score = nil, nil
	return r
}

func attempt(chosen string) app.Result {
	g := content.Grade{Graded: 1}
	if chosen == "yes" {
		g.Right = 1
	}
	return app.Result{Module: greet(), Record: completed(), Next: greet(),
		Attempt: app.Attempt{ID: "attempt-1", Answers: content.Answers{"q": {chosen}}, Grade: g}}
}

// intentions returns the form for what somebody will try, in a state.
func intentions(wrong web.Wrong) web.Intentions {
	m := greet()
	m.Intentions = []content.Intention{{ID: "sit", Text: "Sit down <b>first</b>"}, {ID: "wait", Text: "Wait"}}
	return web.Intentions{Module: m, Edition: "2026", Ticket: "ticket", CSRF: "token", Return: "/modules/greet/attempts/attempt-1",
		Chosen: []string{"sit"}, Own: "Ask for the <b>name</b>", Wrong: wrong}
}

// workbook returns what somebody keeps of a module.
func workbook() app.Workbook {
	return app.Workbook{Record: "r", Module: "greet", Edition: "2026", Title: "Greet first", Revision: 1, Card: "c", CardAt: noon, Read: true,
		Reflections: []app.Reflection{{ID: "when", Prompt: "When <b>did</b> you?", Text: "On the ward,\n<b>today</b>.", At: noon}, {ID: "gone", Prompt: "Gone?", Text: "Yes.", At: noon}},
		Commitments: []app.Commitment{{Text: "Sit <b>down</b>", At: noon}, {Text: "Wait", At: noon, DoneAt: noon}}}
}

// decided returns a result after which somebody has said what they will try.
func decided() app.Result {
	r := attempt("yes")
	r.Workbook, r.Next = workbook(), nil
	r.Record.Completion.Status, r.Attempt.At = app.TestedOut, noon
	return r
}

func withdrawn() app.Record {
	r := completed()
	r.Withdrawn = &app.Withdrawal{At: noon, Reason: "A reason for the office alone"}
	return r
}

var proof = web.Frame{Title: web.Verbatim("A proof"), Wide: true, Proof: true, Scheme: "dark", Note: "Last good version, from 14:32:10"}

// modulePage returns the page of a module that somebody has begun.
func modulePage(c *app.Completion) web.ModulePage {
	p := web.NewModulePage(frame, greet().Module)
	p.Completion, p.CSRF = c, frame.Viewer.CSRF
	return p
}

func findings() []web.PreviewFinding {
	return []web.PreviewFinding{
		{Finding: content.Finding{File: "module.md", Line: 2, Column: 1, Severity: content.Error, Rule: "raw-html", Message: "write <b> otherwise"},
			Excerpt: []web.SourceLine{{Number: 1, After: "one"}, {Number: 2, Mark: "<", After: "b>Núñez</b>"}},
			Card:    &web.Link{Address: "/modules/greet#q", Words: web.Verbatim("Show the card")}},
		{Finding: content.Finding{File: "a.txt", Line: 1, Column: 1, Severity: content.Warning, Rule: "unused-file", Message: "remove it"}},
	}
}

func toggle(name string) web.Toggle {
	return web.Toggle{Link: web.Link{Address: "/desk/greet?scheme=" + name, Words: web.Verbatim(name)}, ID: "show_" + name, On: name == "dark"}
}

var (
	plain     = web.Frame{Title: web.Verbatim("A title")}
	hospitals = []app.Institution{{ID: "mercy", Name: "Mercy & Sons", Domains: []string{"a.example"}}, {ID: "harbor", Name: "Harbor"}}
)

// leadsOn is the address of a provider, where alone a page leads elsewhere.
const leadsOn = "https://login.mercy.example/end?a=1&b=2"

// pages is every page in its states.
func pages() map[string]web.Page {
	all := map[string]web.Page{}
	for _, some := range []map[string]web.Page{doorPages(), takingPages(), keptPages(), officePages(), previewPages()} {
		maps.Copy(all, some)
	}
	return all
}

// course is a programme with a module in each state.
func course() app.Course {
	done, open, taken := completed(), begun(), takenBack()
	return app.Course{Program: &app.Program{Program: &content.Program{Title: "First", Cover: "<p>Cover.</p>", Audience: "all"}, Modules: []*app.Module{greet()}},
		Items: []app.CourseItem{{Module: greet()}, {Module: greet(), Record: &done}, {Module: greet(), Record: &open}, {Module: greet(), Record: &taken}}}
}

// doorPages are those of who is not signed in, or is led elsewhere.
func doorPages() map[string]web.Page {
	return map[string]web.Page{
		"welcome":              web.WelcomePage{Frame: web.Frame{Title: web.Verbatim("Welcome")}},
		"sign in":              web.SignInPage{Frame: plain, Listed: hospitals, Return: "/records?q=a&b=c", AnswersKept: true},
		"sign in, again":       web.SignInPage{Frame: plain, Listed: hospitals, Remembered: &hospitals[0], Unknown: "<b>"},
		"sign in, one found":   web.SignInPage{Frame: plain, Typed: "mercy", Found: hospitals[:1], Return: "/records"},
		"sign in, many found":  web.SignInPage{Frame: plain, Typed: "m", Found: hospitals},
		"sign in, none found":  web.SignInPage{Frame: plain, Typed: "<b>x</b>"},
		"switch":               web.SwitchPage{Frame: frame, To: "Harbor & Sons", Address: "/signin/harbor?switch=x", Stay: "/learning"},
		"signed out":           web.SignedOutPage{Frame: plain},
		"signed out, on we go": web.SignedOutPage{Frame: web.Frame{Title: web.T("Signed out"), Continue: leadsOn}, Institution: "Mercy & Sons"},
		"problem":              web.ProblemPage{Frame: web.Frame{Title: web.Verbatim("A problem")}, Text: web.Verbatim("Mend it.")},
		"problem, with answers": web.ProblemPage{Frame: frame, Text: web.Verbatim("Mend it."), Link: &web.Link{Address: "/", Words: web.Verbatim("Go")},
			Again: &web.Again{Action: "/modules/greet/attempts", Fields: []web.Field{{Name: "q.q", Value: "yes"}}}},
	}
}

var required = &app.Assignment{By: "The <b>office</b>", Because: "New staff begin here.", Due: noon}

// withdrawnModulePage returns the page of a module whose certificate was withdrawn.
func withdrawnModulePage() web.ModulePage {
	p := modulePage(completed().Completion)
	p.Withdrawn = withdrawn().Withdrawn
	return p
}

// resultOf returns that of an attempt on a module with a record.
func resultOf(r app.Record, chosen string) app.Result {
	result := attempt(chosen)
	result.Record = r
	return result
}

// takingPages are those on which modules are found and taken.
func takingPages() map[string]web.Page {
	open := begun()
	return map[string]web.Page{
		"home":                   web.HomePage{Frame: frame, Home: app.Home{Next: greet(), Record: &open, Card: "c", Left: 2, Courses: []app.Course{course()}}},
		"home, to begin":         web.HomePage{Frame: frame, Home: app.Home{Next: greet(), Left: 4, Courses: []app.Course{course()}}},
		"search":                 web.SearchPage{Frame: frame, Query: "<b>", Hits: []app.Hit{{Module: greet(), Card: "c", Heading: "A card", Excerpt: []app.Excerpt{{Text: "<b>"}, {Text: "name", Found: true}}}}},
		"search, none found":     web.SearchPage{Frame: frame, Query: "<b>"},
		"search, to begin":       web.SearchPage{Frame: frame},
		"home, all done":         web.HomePage{Frame: frame},
		"catalogue":              web.CataloguePage{Frame: frame, Courses: []app.Course{course()}},
		"catalogue, empty":       web.CataloguePage{Frame: frame},
		"cover":                  web.CoverPage{Frame: frame, Module: greet()},
		"cover, required":        web.CoverPage{Frame: frame, Module: greet(), Required: required},
		"module":                 modulePage(nil),
		"quiz":                   web.QuizPage{ModulePage: modulePage(nil)},
		"pocket card":            web.PocketPage{Frame: frame, Module: greet().Module},
		"module, completed":      modulePage(completed().Completion),
		"module, withdrawn":      withdrawnModulePage(),
		"quiz, at once":          web.QuizPage{ModulePage: modulePage(nil), Terms: &web.Terms{Institution: "Mercy & Sons", Required: required}},
		"home, one withdrawn":    web.HomePage{Frame: frame, Home: app.Home{Courses: []app.Course{course()}}},
		"result, withdrawn":      web.ResultPage{Frame: frame, Result: resultOf(withdrawn(), "yes")},
		"result, failed since":   web.ResultPage{Frame: frame, Result: resultOf(withdrawn(), "no")},
		"result, passed":         web.ResultPage{Frame: frame, Result: attempt("yes"), Form: intentions(web.NothingWrong)},
		"result, decided":        web.ResultPage{Frame: frame, Result: decided()},
		"result, later":          web.ResultPage{Frame: frame, Result: app.Result{Module: intentions(web.NothingWrong).Module, Record: withdrawn()}},
		"result, of a quiz":      web.ResultPage{Frame: frame, Result: attempt("no"), Quiz: true},
		"result, failed":         web.ResultPage{Frame: frame, Result: attempt("no")},
		"commitments":            web.CommitmentsPage{Frame: frame, Form: intentions(web.NothingWrong)},
		"commitments, too many":  web.CommitmentsPage{Frame: frame, Form: intentions(web.TooMany)},
		"commitments, too long":  web.CommitmentsPage{Frame: frame, Form: intentions(web.TooLong)},
		"commitments, own alone": web.CommitmentsPage{Frame: frame, Form: web.Intentions{Module: greet(), CSRF: "token", Own: `"<b>`, Wrong: web.NoneChosen}},
	}
}

// keptPages are those of what somebody has done, and keeps.
func keptPages() map[string]web.Page {
	done, open := completed(), begun()
	return map[string]web.Page{
		"account": web.AccountPage{Frame: frame, Person: app.Person{Identity: app.Identity{Name: "Ana", Subject: "s1", Roles: []app.Role{app.Manager, app.Operator}}},
			Sessions: []web.SignedInBrowser{{This: true, Since: noon, SeenAt: noon}, {Since: noon, SeenAt: noon}}},
		"account, of nobody known": web.AccountPage{Frame: frame, Person: app.Person{Identity: app.Identity{Subject: "s1"}}},
		"learning": web.LearningPage{Frame: frame, Titles: web.Titles{Modules: []*app.Module{greet()}}, Told: web.ToldDone,
			Learning: app.Learning{Done: []app.Record{done, withdrawn()}, Begun: []app.Record{open}, Waiting: []*app.Module{greet()}, Workbooks: []app.Workbook{workbook()}}},
		"reflections":       web.ReflectionsPage{Frame: frame, Workbooks: []app.Workbook{workbook()}, Titles: web.Titles{Modules: []*app.Module{greet()}}, Deleted: true},
		"reflections, none": web.ReflectionsPage{Frame: frame},
		"learning, empty":   web.LearningPage{Frame: frame},
		"certificate":       web.CertificatePage{Frame: plain, Record: completed(), Place: "https://first5.example/certificates/"},
		"certificate, own":  web.CertificatePage{Frame: frame, Record: released(), Own: true, Papers: papers},
		"certificate, to withdraw": web.CertificatePage{Frame: frame, Record: completed(), MayWithdraw: true, Audited: true,
			Reason: "<b>Núñez</b>", Wrong: web.T("It is not withdrawn yet: write why, in a few words.")},
		"certificate, withdrawn":               web.CertificatePage{Frame: plain, Record: takenBack()},
		"certificate, own, withdrawn":          web.CertificatePage{Frame: frame, Record: takenBack(), Own: true},
		"certificate, withdrawn by the viewer": web.CertificatePage{Frame: frame, Record: takenBack(), Audited: true},
		"transcript":                           web.TranscriptPage{Frame: frame, Completed: []app.Record{completed(), takenBack(), released()}, Day: noon, Papers: papers},
		"transcript, empty":                    web.TranscriptPage{Frame: frame, Day: noon},
	}
}

// officePages are those of managers, educators and operators.
func officePages() map[string]web.Page {
	done, open := completed(), begun()
	return map[string]web.Page{
		"audit": web.AuditPage{Frame: frame, Filter: app.EventFilter{Learner: "l1"}, Institutions: hospitals, NextAddress: "/audit?after=x", Later: true,
			Page: app.EventPage{Events: []app.Event{
				{Kind: app.SignedIn, Learner: "l1", Name: "Ana <b>", Subject: "s1", Institution: "mercy", At: noon, Details: app.Details{"first_time": "yes"}},
				{Kind: app.SignInFailed, Institution: "mercy", At: noon, Details: app.Details{"reason": "<b>"}},
				{Kind: app.ModulesPublished, At: noon}}}},
		"audit, empty":       web.AuditPage{Frame: frame},
		"records":            web.RecordsPage{Frame: frame, Institution: "Mercy", Modules: []*app.Module{greet()}, Page: app.RecordPage{Records: []app.Record{done, open}, Total: 2}, NextAddress: "/records?after=x", Later: true},
		"records, withdrawn": web.RecordsPage{Frame: frame, Page: app.RecordPage{Records: []app.Record{done, takenBack()}, Total: 2}},
		"records, filtered":  web.RecordsPage{Frame: frame, Filter: app.Filter{Query: "x", Program: "first"}},
		"records, empty":     web.RecordsPage{Frame: frame},
		"studio":             web.StudioPage{Frame: frame, Programs: []*app.Program{course().Program}},
		"studio, empty":      web.StudioPage{Frame: frame},
	}
}

// previewPages are those of an author.
func previewPages() map[string]web.Page {
	return map[string]web.Page{
		"preview, result": web.ResultPage{Frame: proof, Result: attempt("yes")},
		"preview": web.PreviewPage{Frame: proof, State: "s", Folder: "modules", Trouble: "It is gone.", Findings: findings(),
			Programs: []web.PreviewProgram{
				{Program: course().Program.Program, Findings: findings(), Modules: []web.PreviewModule{
					{Module: greet().Module, Address: "/desk/greet", Takes: web.Takes(90 * time.Second), Grade: 7.25, Errors: 1, Warnings: 2},
					{Module: greet().Module, Findings: findings()}}},
				{Program: &content.Program{Slug: "second"}}}},
		"preview, empty":   web.PreviewPage{Frame: proof},
		"preview, missing": web.PreviewPage{Frame: proof, Missing: true},
		"preview, desk": web.DeskPage{Frame: proof, State: "s", Module: greet().Module, Program: "First", LastGood: "14:32:10", Errors: 1, Warnings: 1,
			Findings: findings(), More: 3, Shown: "/modules/greet?scheme=dark", Schemes: []web.Toggle{toggle("light"), toggle("dark")},
			Languages: []web.Toggle{toggle("en")}, Feedback: toggle("feedback"),
			Parts: []web.DeskCard{{Card: greet().Cards[0], Address: "/modules/greet#q", Kind: "choose one", Takes: web.Takes(time.Minute), Share: 100}, {}}},
		"preview, desk of an empty module": web.DeskPage{Frame: proof, Shown: "/modules/empty", Feedback: toggle("feedback"), Module: &content.Module{Slug: "empty"}},
		"module, as a proof":               web.NewModulePage(proof, greet().Module),
	}
}
