package archivetest

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"first5/app"
	"first5/content"
)

// minute returns a time so many minutes after the clinic has opened.
func minute(n int) time.Time { return time.Date(2026, 10, 1, 9, n, 0, 123_000_000, time.UTC) }

// oddText is not what a developer types.
const oddText = "Dr. 🩺 \u202bעברית\u202c <b>&amp;</b>\u2028\n\t\"\\' $dollar.dot{brace} \u0001 null"

func person(subject string) app.Person {
	issuer := "https://login.mercy-lakes.example"
	return app.Person{
		Learner: app.NewLearnerID(issuer, subject),
		Identity: app.Identity{Institution: "mercy-lakes", Issuer: issuer, Subject: subject,
			Name: "Dr. " + subject, Email: subject + "@mercy-lakes.example", NPI: "1234567893"},
		SignedInAt: minute(0),
	}
}

func rivera() app.Person {
	p := person("rivera")
	p.Roles = []app.Role{app.Manager, "of " + oddText}
	return p
}

// odd is somebody whose texts are anything.
func odd() app.Person {
	p := person(oddText)
	p.Name, p.Email, p.NPI = oddText, oddText, ""
	return p
}

// okafor signed in before 1970, by a clock that was wrong.
func okafor() app.Person {
	p := person("okafor")
	p.SignedInAt = time.Date(1936, 2, 29, 0, 0, 0, 1_000_000, time.UTC)
	return p
}

func session(p app.Person, name string, seen int) app.Session {
	return app.Session{Hash: app.SessionHash("hash of " + name), Learner: p.Learner, CreatedAt: minute(0), SeenAt: minute(seen),
		Provider: app.NewProviderSession(p.Institution, name), LogoutHint: "hint of " + name}
}

func record(p app.Person, module string) app.Record {
	return app.Record{
		ID: app.NewRecordID(p.Learner, module, "2026"), Institution: p.Institution, Learner: p.Learner,
		Subject: p.Subject, Name: p.Name, Email: p.Email, NPI: p.NPI,
		Program: "first-5-minutes", Module: module, Title: "The module " + module, Edition: "2026", Version: 1,
		StartedAt: minute(1), ActiveAt: minute(1), ChangedAt: minute(1),
	}
}

// attempt returns an attempt at a module, with so many of its four questions right.
func attempt(r app.Record, id string, right, at int) app.Attempt {
	return app.Attempt{
		ID: app.AttemptID(id), Record: r.ID, Learner: r.Learner, Module: r.Module, Version: 1,
		Answers: content.Answers{"rivera": {"listen"}, "next": {"wait", "ask"}, oddText: {oddText, ""}, "left.out": {}},
		Grade:   content.Grade{Right: right, Graded: 4}, At: minute(at),
	}
}

// earning returns the attempt with a completion that it earns.
func earning(a app.Attempt, status app.Status, score *int) app.Attempt {
	a.Completion = &app.Completion{Status: status, At: a.At, Version: 2, Score: score, Certificate: app.CertificateID("certificate of " + a.ID), Attempt: a.ID,
		Name: "The learner, on that day", Title: oddText, Institution: "Mercy Lakes, on that day",
		Credit: credits(status)}
	return a
}

// credits returns the credit of a completion, which one that was read has not.
func credits(status app.Status) string {
	if status == app.Read {
		return ""
	}
	return "0.25 credits, on that day: " + oddText
}

// workbook returns what somebody keeps of a module, as it is when it is saved
// for the first time.
func workbook(r app.Record) app.Workbook {
	return app.Workbook{
		Record: r.ID, Learner: r.Learner, Module: r.Module, Edition: r.Edition, Title: r.Title, Revision: 1,
		Card: "rivera", CardAt: minute(2), Read: true,
		Reflections: []app.Reflection{
			{ID: "when", Prompt: oddText, Text: oddText, At: minute(3)}, {ID: "ask", Prompt: "What would you ask?", Text: "A name.", At: minute(2)},
		},
		Commitments: []app.Commitment{{Text: oddText, At: minute(4), DoneAt: minute(9)}, {Text: "Sit down first", At: minute(5)}},
	}
}

func parked(p app.Person, id string, at int) app.Parked {
	return app.Parked{ID: app.AttemptID(id), Learner: p.Learner, Module: "names-first", Version: 3,
		Answers: content.Answers{"need": {"heard"}}, Quiz: true, At: minute(at)}
}

func version(kind app.VersionKind, slug string, number int, files ...content.File) app.Version {
	source := content.Source(files)
	return app.Version{VersionRef: app.VersionRef{Kind: kind, Slug: slug, Number: number},
		Program: "first-5-minutes", Hash: source.Hash(), At: minute(number), Source: source}
}

// versions are those of two publications. Their slugs come in another order by
// themselves than in a key.
func versions() (first, second []app.Version) {
	every := make([]byte, 9<<20) // more than a document of MongoDB's may have in a piece
	for i := range every {
		every[i] = byte(i ^ i>>8 ^ i>>16)
	}
	first = []app.Version{
		version(app.ModuleVersion, "names-first", 1, content.File{Name: "module.md", Data: []byte("# Names\r\n\x00é🩺")},
			content.File{Name: oddText, Data: []byte{0xff, 0xfe, 0}}, content.File{Name: "empty.txt", Data: []byte{}}),
		version(app.ModuleVersion, "names", 1, content.File{Name: "a/picture.webp", Data: every}),
		version(app.ProgramVersion, "first-5-minutes", 1, content.File{Name: "program.md", Data: []byte("# The first five minutes")}),
	}
	second = []app.Version{version(app.ModuleVersion, "names-first", 2), version(app.ModuleVersion, "names1", 1)}
	for n := range 12 {
		second[1].Source = append(second[1].Source, content.File{Name: fmt.Sprint("file ", 12-n), Data: bytes.Repeat([]byte{byte(n)}, n)})
	}
	return first, second
}

// Fill puts something of everything into an empty store, as the program does.
func Fill(ctx context.Context, s app.Store) error {
	for _, fill := range []func(context.Context, app.Store) error{
		fillPeople, fillRecords, fillParked, fillWithdrawal, fillWorkbooks, fillWaivers, fillOffices, fillErased, fillTrail, fillPublications,
	} {
		err := fill(ctx, s)
		if err != nil {
			return fmt.Errorf("filling the store: %w", err)
		}
	}
	return nil
}

func fillPeople(ctx context.Context, s app.Store) error {
	bare := app.Session{Hash: "hash of the desk", Learner: rivera().Learner, CreatedAt: minute(2), SeenAt: minute(3)}
	for _, in := range []struct {
		person  app.Person
		session app.Session
	}{
		{rivera(), session(rivera(), "the phone", 1)}, {rivera(), bare}, {odd(), session(odd(), oddText, 2)}, {okafor(), session(okafor(), "okafor's", 1)},
	} {
		err := s.SignIn(ctx, in.person, in.session, func(before app.Person) []app.Event {
			return []app.Event{{ID: app.EventID("sign-in to " + in.session.Hash), At: in.session.SeenAt, Kind: app.SignedIn,
				Institution: in.person.Institution, Learner: in.person.Learner, Details: app.Details{"before": before.Name, oddText: oddText}}}
		})
		if err != nil {
			return err
		}
	}
	_, err := s.EndSessions(ctx, app.SessionFilter{Learner: okafor().Learner}, app.Once{Key: "okafor's word", Until: minute(60)}, nil)
	return err
}

func fillRecords(ctx context.Context, s app.Store) error {
	_, err := s.Begin(ctx, record(okafor(), "only-begun"))
	if err != nil {
		return err
	}
	names, read, strange := record(rivera(), "names-first"), record(rivera(), "read"), record(odd(), oddText)
	ninety := 90
	blank := attempt(read, "read", 0, 5)
	blank.Grade, blank.Answers = content.Grade{}, content.Answers{}
	for _, sent := range []struct {
		record  app.Record
		attempt app.Attempt
	}{
		// The times go back and forth, and two are the same.
		{names, attempt(names, "b", 1, 9)}, {names, attempt(names, "a", 2, 9)}, {names, earning(attempt(names, "c", 4, 7), app.Passed, &ninety)},
		{names, attempt(names, "late", 3, 59)}, {read, earning(blank, app.Read, nil)}, {strange, attempt(strange, oddText, 0, 4)},
		{record(okafor(), "names-first"), attempt(record(okafor(), "names-first"), "a", 1, 3)},
	} {
		sent.record.ChangedAt = sent.attempt.At
		_, err = s.SaveAttempt(ctx, sent.record, sent.attempt)
		if err != nil {
			return err
		}
	}
	return nil
}

func fillParked(ctx context.Context, s app.Store) error {
	taken := parked(rivera(), "counted by now", 6)
	for _, p := range []app.Parked{taken, parked(rivera(), "waits", 8), parked(rivera(), "waits too", 7), parked(person("a stranger"), "waits", 9)} {
		err := s.Park(ctx, p)
		if err != nil {
			return err
		}
	}
	r := record(rivera(), "names-first")
	_, err := s.SaveAttempt(ctx, r, attempt(r, "counted by now", 2, 6))
	return err
}

func fillWithdrawal(ctx context.Context, s app.Store) error {
	r := record(okafor(), "withdrawn")
	_, err := s.SaveAttempt(ctx, r, earning(attempt(r, "taken back", 4, 8), app.Passed, nil))
	if err != nil {
		return err
	}
	told := app.Event{ID: "certificate withdrawn", At: minute(20), Kind: app.CertificateWithdrawn, Institution: r.Institution, Learner: r.Learner}
	return s.Withdraw(ctx, "certificate of taken back", app.Withdrawal{At: minute(20), Reason: oddText}, told)
}

func fillWorkbooks(ctx context.Context, s app.Store) error {
	names, later := workbook(record(rivera(), "names-first")), workbook(record(rivera(), "names-first"))
	later.Revision, later.CardAt = 2, minute(6)
	begun := app.Workbook{Record: record(okafor(), "no record").ID, Learner: okafor().Learner, Module: "no record", Edition: "2026", Revision: 1}
	for _, w := range []app.Workbook{names, later, workbook(record(odd(), oddText)), begun} {
		err := s.SaveWorkbook(ctx, w)
		if err != nil {
			return err
		}
	}
	return nil
}

func fillTrail(ctx context.Context, s app.Store) error {
	for _, e := range []app.Event{
		{ID: "by nobody", At: minute(4), Kind: app.SettingsChanged},
		{ID: "by a stranger", At: minute(5), Kind: app.SignInFailed, Institution: "mercy-lakes", Learner: person("a stranger").Learner,
			Details: app.Details{"reason": "", "": "unnamed"}},
		{ID: app.EventID(oddText), At: time.UnixMilli(-1).UTC(), Kind: app.EventKind(oddText), Institution: app.InstitutionID(oddText)},
	} {
		err := s.AddEvent(ctx, e)
		if err != nil {
			return err
		}
	}
	for _, once := range []app.Once{{Key: "state", Until: minute(10)}, {Key: "State", Until: minute(11)}, {Key: oddText, Until: time.UnixMilli(-1).UTC()}} {
		err := s.UseOnce(ctx, once)
		if err != nil {
			return err
		}
	}
	return nil
}

func fillPublications(ctx context.Context, s app.Store) error {
	first, second := versions()
	current := []app.VersionRef{second[1].VersionRef, second[0].VersionRef, first[2].VersionRef}
	for _, p := range []struct {
		publication app.Publication
		versions    []app.Version
	}{
		{app.Publication{Number: 1, At: minute(1), Origin: "embedded", Current: []app.VersionRef{first[0].VersionRef, first[1].VersionRef, first[2].VersionRef}}, first},
		{app.Publication{Number: 2, At: minute(2), Origin: oddText, Current: current}, second},
		{app.Publication{Number: 3, At: minute(0), Origin: "everything withdrawn"}, nil},
		{app.Publication{Number: 4, At: minute(4), Origin: "and back", Current: current}, nil},
	} {
		told := app.Event{ID: app.EventID(fmt.Sprint("publication ", p.publication.Number)), At: p.publication.At, Kind: app.ModulesPublished}
		err := s.Publish(ctx, p.publication, p.versions, told)
		if err != nil {
			return err
		}
	}
	return nil
}
