package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/report"
)

// routes is every address of the program. The guard of a route stands in its
// line: anyone, signedIn, form (signed in, from our own page), or, for systems, the
// scope that their token must have and the parameters that there are.
func (s *Site) routes(r fiber.Router) {
	p := newPress(s)
	r.Get("/", s.home)
	r.Get("/signin", s.chooseInstitution)
	r.Post("/signin", s.fromHere, s.byAddress(300), s.findInstitution)
	r.Get("/signin/:institution", s.signInGuard, s.byAddress(300), s.beginSignIn)
	r.Get("/signin/:institution/callback", s.signInGuard, s.byAddress(300), s.finishSignIn)
	r.Post("/signin/:institution/logout", s.byAddress(1200), s.providerSignOut) // its token is its proof
	r.Get("/signin/:institution/keys", s.clientKeys)
	r.Post("/signout", s.form(s.signOut))
	r.Post("/signout/everywhere", s.form(s.signOutEverywhere))
	r.Get(signedOutPath, s.signedOut)
	r.Get("/account", s.signedIn(s.account))
	r.Get(everythingPath, s.byPerson(60), s.signedIn(s.everything))

	r.Get("/modules", s.signedIn(s.catalogue))
	r.Get("/modules/:slug", s.signedIn(s.module))
	r.Post("/modules/:slug/begin", s.form(s.begin))
	r.Get("/modules/:slug/quiz", s.signedIn(s.quiz))
	r.Get("/modules/:slug/pocket", s.signedIn(s.pocket))
	r.Post("/modules/:slug/place", s.fromHere, s.byPerson(300), s.place)                        // guards itself: it answers scripts
	r.Post("/modules/:slug/reflections", s.fromHere, s.byAnswerer(300), s.reflect)              // guards itself: what is written outlives a session
	r.Post("/modules/:slug/attempts", s.fromHere, s.byAddress(600), s.byAnswerer(60), s.submit) // guards itself: answers outlive a session
	r.Get("/modules/:slug/attempts/:attempt", s.signedIn(s.result))
	r.Get("/modules/:slug/commitments", s.signedIn(s.intend))
	r.Post("/modules/:slug/commitments", s.fromHere, s.byAnswerer(300), s.commit) // guards itself: own words outlive a session
	r.Get("/search", s.signedIn(s.search))
	r.Get("/learning", s.signedIn(s.learning))
	r.Post("/learning/commitments", s.fromHere, s.byPerson(300), s.form(s.keepCommitment))
	r.Get("/learning/reflections", s.signedIn(s.reflections))
	r.Post("/learning/reflections", s.fromHere, s.byPerson(300), s.form(s.forgetReflections))
	r.Get("/learning/reflections.md", s.byPerson(60), s.signedIn(s.reflectionsFile))
	r.Get("/learning/transcript", s.signedIn(s.transcript))
	r.Get("/learning/transcript.pdf", s.byPerson(60), s.signedIn(p.transcript))
	r.Get("/learning/transcript.csv", s.byPerson(60), s.signedIn(s.transcriptCSV))
	r.Get("/certificates/:certificate.pdf", s.byPerson(60), p.certificate) // before the page, whose address fits too
	r.Get("/certificates/:certificate", s.certificate)
	r.Post("/certificates/:certificate/withdraw", s.fromHere, s.withdraw) // guards itself: a reason outlives a session

	s.recordRoutes(r)
	r.Get("/audit", s.signedIn(s.audit))
	r.Get("/audit.csv", s.byPerson(60), s.signedIn(s.auditCSV))
	r.Get("/studio", s.signedIn(s.studio))
	r.Get("/studio/guide", s.signedIn(s.notation))
	s.apiRoutes(r)

	r.Get("/assets/:hash/:name", s.asset)
	r.Get("/static/:hash/:name", s.static)
	r.Get("/sw.js", s.worker)
	r.Get("/manifest.webmanifest", s.manifest)
	r.Get("/offline", s.offline)
	r.Get("/healthz", s.healthy)
	r.Get("/readyz", s.ready)
}

// recordRoutes is what managers have of their institution.
func (s *Site) recordRoutes(r fiber.Router) {
	r.Get("/records", s.signedIn(s.records))
	r.Post("/records/filters", s.fromHere, s.byPerson(60), s.saveFilter) // guards itself: a name outlives a session
	r.Post("/records/filters/remove", s.fromHere, s.byPerson(60), s.form(s.removeFilter))
	r.Get("/records.csv", s.byPerson(60), s.signedIn(s.recordsAs(report.CSV)))
	r.Get("/records.xlsx", s.byPerson(60), s.signedIn(s.recordsAs(report.Workbook)))
	r.Get("/records.jsonl", s.byPerson(60), s.signedIn(s.recordsAs(report.JSONLines)))
	r.Get("/records.xapi.jsonl", s.byPerson(60), s.signedIn(s.recordsAs(report.XAPI)))
	r.Get(peoplePath, s.signedIn(s.people))
	r.Get(peoplePath+"/:learner", s.signedIn(s.person))
	r.Post(peoplePath+"/:learner/waivers", s.fromHere, s.waive) // guards itself: a reason outlives a session
	r.Get(assignmentsPath, s.signedIn(s.assignments))
	r.Post(assignmentsPath, s.fromHere, s.byPerson(60), s.assign)                          // guards itself: a long list outlives a session
	r.Get(assignmentsPath+"/:assignment.csv", s.byPerson(60), s.signedIn(s.assignmentCSV)) // before the page, whose address fits too
	r.Get(assignmentsPath+"/:assignment", s.signedIn(s.assignment))
	r.Post(assignmentsPath+"/:assignment/end", s.fromHere, s.byPerson(60), s.form(s.endAssignment))
	r.Get(tokensPath, s.signedIn(s.tokens))
	r.Post(tokensPath, s.fromHere, s.byPerson(60), s.makeToken) // guards itself: what was typed outlives a session
	r.Post(tokensPath+"/:token/revoke", s.fromHere, s.byPerson(60), s.form(s.revokeToken))
}

// apiRoutes is what systems have of it.
func (s *Site) apiRoutes(r fiber.Router) {
	a := newAPI(s)
	r.Get(documentPath, s.byAddress(600), s.describe)
	r.Get(apiPath+"/records", a.reads(app.ReadRecords, recordParameters(), a.records))
	r.Get(apiPath+"/records.csv", a.takes(app.ReadRecords, filterParameters(), a.file(report.CSV)))
	r.Get(apiPath+"/records.xlsx", a.takes(app.ReadRecords, filterParameters(), a.file(report.Workbook)))
	r.Get(apiPath+"/records.jsonl", a.takes(app.ReadRecords, filterParameters(), a.file(report.JSONLines)))
	r.Get(apiPath+"/records.xapi.jsonl", a.takes(app.ReadRecords, filterParameters(), a.file(report.XAPI)))
	r.Get(apiPath+"/records/:record", a.reads(app.ReadRecords, nil, a.record))
	r.Get(apiPath+"/downloads", a.reads(app.ReadRecords, []string{"limit"}, a.downloads))
	r.Get(apiPath+"/learners", a.reads(app.ReadLearners, learnerParameters(), a.learners))
	r.Get(apiPath+"/learners/:learner", a.reads(app.ReadLearners, nil, a.learner))
	r.Get(apiPath+"/modules", a.reads(app.ReadModules, nil, a.modules))
}
