package site

import "github.com/gofiber/fiber/v2"

// routes is every address of the program. The guard of a route stands in its
// line: anyone, signedIn, or form (signed in, from our own page).
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

	r.Get("/records", s.signedIn(s.records))
	r.Get("/records.csv", s.byPerson(60), s.signedIn(s.recordsCSV))
	r.Get("/audit", s.signedIn(s.audit))
	r.Get("/audit.csv", s.byPerson(60), s.signedIn(s.auditCSV))
	r.Get("/studio", s.signedIn(s.studio))
	r.Get("/studio/guide", s.signedIn(s.notation))

	r.Get("/assets/:hash/:name", s.asset)
	r.Get("/static/:hash/:name", s.static)
	r.Get("/sw.js", s.worker)
	r.Get("/manifest.webmanifest", s.manifest)
	r.Get("/offline", s.offline)
	r.Get("/healthz", s.healthy)
	r.Get("/readyz", s.ready)
}
