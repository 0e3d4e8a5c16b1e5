package web_test

import (
	"maps"
	"slices"
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
	maps.Copy(all, tokenPages())
	maps.Copy(all, recordsPages())
	maps.Copy(all, peoplePages())
	maps.Copy(all, assignmentPages())
	return all
}

// course is a programme with a module in each state.
func course() app.Course {
	done, open, taken := completed(), begun(), takenBack()
	return app.Course{Program: &app.Program{Program: &content.Program{Title: "First", Cover: "<p>Cover.</p>", Audience: "all"}, Modules: []*app.Module{greet()}},
		Items: []app.CourseItem{{Module: greet(), Required: asked}, {Module: greet(), Record: &done}, {Module: greet(), Record: &open}, {Module: greet(), Record: &taken}}}
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

// asked is that with others.
var asked = []app.Requirement{
	{Assignment: *required},
	{Assignment: app.Assignment{By: "The ward", Because: "Falls.", Due: noon}, Late: true},
	{Assignment: app.Assignment{By: "Everybody", Because: "Why not."}},
}

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
		"home, to begin":         web.HomePage{Frame: frame, Home: app.Home{Next: greet(), Left: 4, Courses: []app.Course{course()}, Required: &asked[0]}},
		"search":                 web.SearchPage{Frame: frame, Query: "<b>", Hits: []app.Hit{{Module: greet(), Card: "c", Heading: "A card", Excerpt: []app.Excerpt{{Text: "<b>"}, {Text: "name", Found: true}}}}},
		"search, none found":     web.SearchPage{Frame: frame, Query: "<b>"},
		"search, to begin":       web.SearchPage{Frame: frame},
		"home, all done":         web.HomePage{Frame: frame},
		"catalogue":              web.CataloguePage{Frame: frame, Courses: []app.Course{course()}},
		"catalogue, empty":       web.CataloguePage{Frame: frame},
		"cover":                  web.CoverPage{Frame: frame, Module: greet()},
		"cover, required":        web.CoverPage{Frame: frame, Module: greet(), Required: asked},
		"module":                 modulePage(nil),
		"quiz":                   web.QuizPage{ModulePage: modulePage(nil)},
		"pocket card":            web.PocketPage{Frame: frame, Module: greet().Module},
		"module, completed":      modulePage(completed().Completion),
		"module, withdrawn":      withdrawnModulePage(),
		"quiz, at once":          web.QuizPage{ModulePage: modulePage(nil), Terms: &web.Terms{Institution: "Mercy & Sons", Required: asked}},
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
		"account, kept for a while": web.AccountPage{Frame: frame, Person: app.Person{Identity: app.Identity{Name: "Ana", Subject: "s1"}}, Months: 36},
		"account, of nobody known":  web.AccountPage{Frame: frame, Person: app.Person{Identity: app.Identity{Subject: "s1"}}},
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

// assignmentPages are those of what an institution requires.
func assignmentPages() map[string]web.Page {
	ana := app.Person{Learner: "l1", Identity: app.Identity{Name: "Ana <b>", Email: "ana@mercy.example"}}
	everyone := app.AssignmentProgress{Counted: true, Title: "Greet <first>", Modules: []*app.Module{greet()}, ByModule: []app.Reach{{Completed: 2, InProgress: 1, NotBegun: 4}},
		Total: app.Reach{Completed: 2, InProgress: 1, NotBegun: 4}, Assignment: app.Assignment{ID: "a1", Module: "greet", By: "The <b>office</b>", Because: "New <i>staff</i>.", MadeAt: noon}}
	list := app.AssignmentProgress{Counted: true, Title: "First", Late: true, Modules: []*app.Module{greet(), greet()}, ByModule: []app.Reach{{Completed: 1, NotBegun: 1}, {NotBegun: 2}},
		Total: app.Reach{InProgress: 1, NotBegun: 1}, Assignment: app.Assignment{ID: "a2", Program: "first", People: []string{"ana@mercy.example", "<b>"}, Due: noon, By: "A", Because: "B.", MadeAt: noon},
		Rows: []app.AssignedPerson{{Account: "ana@mercy.example", Person: &ana, States: []app.Status{app.Completed, app.NotBegun}}, {Account: "<b>", States: []app.Status{app.NotBegun, app.NotBegun}}}}
	whole := list
	whole.ID, whole.People, whole.Rows = "a3", nil, nil
	gone := app.AssignmentProgress{Title: "gone", Counted: true, Assignment: app.Assignment{ID: "a4", Module: "gone"}}
	uncounted := list
	uncounted.Counted, uncounted.Rows = false, nil
	programs := []*app.Program{course().Program}
	wrong := app.UnfitDraft{{Part: app.DraftWhat, Fault: app.FaultMissing}, {Part: app.DraftPeople, Fault: app.FaultLine, Line: 2, Text: "<b>"}, {Part: app.DraftDue, Fault: app.FaultPast, Text: "2020-01-01"},
		{Part: app.DraftBecause, Fault: app.FaultLong}, {Part: app.DraftBy, Fault: app.FaultLong}, {Fault: app.FaultFull}}
	return map[string]web.Page{
		"assignments":              web.AssignmentsPage{Frame: frame, Programs: programs, Ended: true, All: []web.Assigned{{AssignmentProgress: everyone}, {AssignmentProgress: list}, {AssignmentProgress: whole}, {AssignmentProgress: gone}, {AssignmentProgress: uncounted}}},
		"assignments, none":        web.AssignmentsPage{Frame: frame, Programs: programs},
		"assignments, wrong":       web.AssignmentsPage{Frame: frame, Programs: programs, Unfit: wrong, Draft: app.AssignmentDraft{People: "a\n<b>", Because: `"<b>`, By: `"<b>`, Due: `"<b>`}},
		"assignments, aged":        web.AssignmentsPage{Frame: frame, Programs: programs, Aged: true, Draft: app.AssignmentDraft{Module: "greet"}},
		"assignment, of everyone":  web.AssignmentPage{Frame: frame, Assigned: web.Assigned{AssignmentProgress: everyone}, Made: true},
		"assignment, of a list":    web.AssignmentPage{Frame: frame, Assigned: web.Assigned{AssignmentProgress: list}},
		"assignment, not begun":    web.AssignmentPage{Frame: frame, Assigned: web.Assigned{AssignmentProgress: list}, Filter: app.AssignedFilter{State: app.NotBegun, Module: "greet"}},
		"assignment, nobody":       web.AssignmentPage{Frame: frame, Assigned: web.Assigned{AssignmentProgress: list}, Filter: app.AssignedFilter{State: app.Completed}},
		"assignment, of programme": web.AssignmentPage{Frame: frame, Assigned: web.Assigned{AssignmentProgress: whole}},
		"assignment, gone":         web.AssignmentPage{Frame: frame, Assigned: web.Assigned{AssignmentProgress: gone}},
	}
}

// officePages are those of managers, educators and operators.
func officePages() map[string]web.Page {
	return map[string]web.Page{
		"audit": web.AuditPage{Frame: frame, Filter: app.EventFilter{Learner: "l1"}, Institutions: hospitals, NextAddress: "/audit?after=x", Later: true,
			Page: app.EventPage{Events: []app.Event{
				{Kind: app.SignedIn, Learner: "l1", Name: "Ana <b>", Subject: "s1", Institution: "mercy", At: noon, Details: app.Details{"first_time": "yes"}},
				{Kind: app.SignInFailed, Institution: "mercy", At: noon, Details: app.Details{"reason": "<b>"}},
				{Kind: app.ModulesPublished, At: noon}}}},
		"audit, empty":  web.AuditPage{Frame: frame},
		"studio":        web.StudioPage{Frame: frame, Programs: []*app.Program{course().Program}},
		"studio, empty": web.StudioPage{Frame: frame},
	}
}

// glance is that of an institution whose people have done something.
func glance() *app.Glance {
	counted := func(n int, f app.Filter) app.Number { return app.Number{Count: n, Filter: f} }
	edition := app.EditionGlance{EditionRef: app.EditionRef{Module: "greet", Edition: "2026"}, Title: "Greet <b>first</b>",
		Completed: counted(2, app.Filter{Status: app.Completed}), InProgress: counted(1, app.Filter{Status: app.InProgress}), NotBegun: app.PeopleNumber{Count: 3}}
	other := edition
	other.Completed.Count, other.NotBegun.Count = 1, 4
	g := &app.Glance{People: app.PeopleNumber{Count: 6}, Total: 5, Completed: counted(3, app.Filter{}), Statuses: []app.Number{counted(2, app.Filter{Status: app.Passed})},
		Programs: []app.ProgramGlance{{Program: course().Program, Modules: []app.EditionGlance{edition, other}}}, Older: []app.EditionGlance{edition}}
	for n := range 26 {
		begins := app.WeekOf(noon).AddDate(0, 0, 7*(n-25))
		g.Weeks = append(g.Weeks, app.WeekGlance{Begins: begins, Completed: counted(n%5, app.Filter{Dates: app.ByCompletion, From: begins, To: begins.AddDate(0, 0, 7)})})
	}
	return g
}

// recordsPages are the manager's first page in its states.
func recordsPages() map[string]web.Page {
	done, open := completed(), begun()
	former := completed()
	former.Name, former.Email, former.Subject, former.Former = "", "", "", true
	lost := begun()
	lost.Name, lost.Email, lost.Subject, lost.Former = "", "", "", true
	programs := []*app.Program{course().Program}
	all := app.Filter{Dates: app.ByCompletion, From: noon.Truncate(24 * time.Hour), To: noon.Truncate(24*time.Hour).AddDate(0, 0, 3), Program: "first", Module: "gone", Edition: "2025",
		Status: app.Completed, ScoreFrom: 50, ScoreBelow: 101, Query: "<b>x</b>", Learner: "l1", Present: true}
	order := app.Order{By: app.OrderName, Up: true}
	saved := []app.SavedFilter{{Name: "To <b>remind</b>", Query: "status=in_progress"}, {Name: "Passed", Query: "status=passed"}}
	sent := app.FinishedDownload{Download: app.Download{File: "records.csv", Filter: "status: passed"}, At: noon, Name: "Grace <b>",
		Finished: app.Finished{Rows: 1234, Bytes: 56789, SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}
	fetched := sent
	fetched.Token, fetched.Filter = "t1", ""
	named := fetched
	named.TokenName, named.File = "HR <b>system</b>", "records.xapi.jsonl"
	typed := web.TypedFilter{Q: "<b>x", ScoreFrom: "many", Module: "gone", Status: "lost"}
	pages := map[string]web.Page{
		"records": web.RecordsPage{Frame: frame, Institution: "Mercy", Programs: programs, Glance: glance(), Records: []app.Record{done, open}, Total: 2,
			NextAddress: "/records?after=x", Saved: saved, Downloads: []app.FinishedDownload{sent, fetched, named}},
		"records, of who has left": web.RecordsPage{Frame: frame, Records: []app.Record{former, lost}, Total: 2},
		"records, withdrawn":       web.RecordsPage{Frame: frame, Records: []app.Record{done, takenBack()}, Total: 2, Later: true},
		"records, filtered": web.RecordsPage{Frame: frame, Institution: "Mercy", Programs: programs, Filter: all, Order: order, Typed: web.NewTypedFilter(web.FilterQuery(all).Get), Records: []app.Record{done}, Total: 1,
			Saved: saved},
		"records, saved filter": web.RecordsPage{Frame: frame, Filter: app.Filter{Status: app.Passed}, Typed: web.TypedFilter{Status: "passed"}, Saved: saved},
		"records, no more":      web.RecordsPage{Frame: frame, Later: true},
		"records, wrong":        web.RecordsPage{Frame: frame, Programs: programs, Typed: typed, WrongFilter: web.T("A score is a whole number from 0 to 100, and not “%s”.", "<b>many")},
		"records, aged":         web.RecordsPage{Frame: frame, Filter: app.Filter{Status: app.Read}, Aged: true, Name: "<b>x</b>"},
		"records, empty":        web.RecordsPage{Frame: frame, Institution: "Mercy & Sons", Glance: &app.Glance{}},
		"records, people alone": web.RecordsPage{Frame: frame, Institution: "Mercy & Sons", Glance: &app.Glance{People: app.PeopleNumber{Count: 3}}},
	}
	for _, fault := range []app.FilterFault{app.FilterWithoutName, app.FilterNameTooLong, app.FilterNameTaken, app.FilterOfNothing, app.FilterTooLong, app.FiltersTooMany} {
		pages["records, not saved: "+string(fault)] = web.RecordsPage{Frame: frame, Filter: app.Filter{Status: app.Read}, WrongName: fault, Name: "<b>x</b>"}
	}
	return pages
}

// tokenPages are those of what systems may read.
func tokenPages() map[string]web.Page {
	token := app.AccessToken{ID: "t1", Name: "HR <b>system</b>", Scopes: app.Scopes(), MadeAt: noon, ExpiresAt: noon}
	listed := []app.ListedToken{{AccessToken: token, MadeBy: "Ana <b>"}, {AccessToken: token, Expired: true, UsedAt: noon}}
	draft := app.TokenDraft{ID: "d1", Scopes: app.Scopes()[:1], Days: 90}
	all := map[string]web.Page{
		"tokens":             web.TokensPage{Frame: frame, Tokens: listed, Draft: draft, Revoked: true, Base: "https://first5.example"},
		"tokens, none":       web.TokensPage{Frame: frame, Draft: draft},
		"tokens, full":       web.TokensPage{Frame: frame, Tokens: slices.Repeat(listed, app.MostTokens/2)},
		"tokens, one made":   web.TokensPage{Frame: frame, Made: &web.MadeToken{AccessToken: token, Text: "first5_mercy_secret"}},
		"tokens, aged":       web.TokensPage{Frame: frame, Tokens: listed, Draft: draft, Aged: true},
		"tokens, sent twice": web.TokensPage{Frame: frame, Tokens: listed, Draft: draft, Again: true},
	}
	for _, fault := range []app.TokenFault{app.TokenWithoutName, app.TokenNameTooLong, app.TokenWithoutScope, app.TokenWithoutEnd, app.TokensTooMany, app.TokenFormBroken} {
		all["tokens, "+string(fault)] = web.TokensPage{Frame: frame, Draft: app.TokenDraft{Name: "<b>x</b>"}, Wrong: fault}
	}
	return all
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
			Grade: 9.5, Limit: 9, Parts: []web.DeskCard{{Card: greet().Cards[0], Address: "/modules/greet#q", Kind: "choose one", Takes: web.Takes(time.Minute), Share: 100}, {}}},
		"preview, desk of an empty module": web.DeskPage{Frame: proof, Shown: "/modules/empty", Feedback: toggle("feedback"), Module: &content.Module{Slug: "empty"}},
		"module, as a proof":               web.NewModulePage(proof, greet().Module),
	}
}
