package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// staff signs somebody in who has an e-mail address.
func (c *course) staff(institution app.InstitutionID, subject, email string) app.Person {
	c.t.Helper()
	id := app.Identity{Institution: institution, Issuer: "https://" + string(institution), Subject: subject, Name: strings.ToUpper(subject), Email: email}
	_, p, _, err := c.SignIn(c.t.Context(), app.Arrival{Identity: id})
	require.NoError(c.t, err)
	return p
}

// assign makes an assignment of the module "greet" of everyone, but for what is
// changed of that.
func (c *course) assign(change func(*app.AssignmentDraft)) app.Assignment {
	c.t.Helper()
	d := app.AssignmentDraft{Module: "greet", Everyone: true, Because: "New staff begin here."}
	change(&d)
	a, err := c.Assign(c.t.Context(), managerOf("mercy"), d)
	require.NoError(c.t, err)
	return a
}

// of makes an assignment of a list of people.
func of(people ...string) func(*app.AssignmentDraft) {
	return func(d *app.AssignmentDraft) { d.Everyone, d.People = false, strings.Join(people, "\n") }
}

// newDemandingCourse returns a course with the modules greet and listen of the
// programme first, which is all that mercy shows.
func newDemandingCourse(t *testing.T) *course {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	return c
}

func reasons(all []app.Requirement) []string {
	found := []string{}
	for _, r := range all {
		found = append(found, r.Because)
	}
	return found
}

func TestLearnersAreToldWhatIsRequiredOfThemUntilTheyHaveCompletedIt(t *testing.T) {
	c := newDemandingCourse(t)
	ana, bo := c.staff("mercy", "ana-1", "Ana@Mercy.example"), c.staff("mercy", "bo-1", "")
	cy := c.staff("harbor", "cy", "ana@mercy.example")
	c.assign(func(d *app.AssignmentDraft) {
		d.Module, d.Program, d.Because, d.Due = "", "first", "The programme.", "2026-03-05"
	})
	c.assign(func(d *app.AssignmentDraft) { d.Because = "At any time." })
	c.assign(func(d *app.AssignmentDraft) { of("ana@mercy.EXAMPLE")(d); d.Because, d.Due = "Later.", "2026-05-01" })
	c.assign(func(d *app.AssignmentDraft) {
		of("bo-1", "ANA-1")(d)
		d.Because, d.Due = "Sooner.", "2026-04-01"
	})

	assert.Equal(t, []string{"Later.", "At any time.", "The programme."}, reasons(c.open(ana, "greet").Required),
		"of the module before of its programme, the earliest first, and an id is not one that differs by case")
	assert.Equal(t, []string{"Sooner.", "At any time.", "The programme."}, reasons(c.open(bo, "greet").Required))
	assert.Equal(t, []string{"The programme."}, reasons(c.open(bo, "listen").Required))
	assert.Empty(t, c.open(cy, "greet").Required, "by that institution alone, whatever the address")
	assert.Equal(t, "Mercy", c.open(bo, "greet").Required[0].By, "by whom, unless somebody is named")

	c.finish(bo, "greet")
	assert.Empty(t, c.open(bo, "greet").Required, "what is completed is not required any more")
	assert.NotEmpty(t, c.open(bo, "listen").Required)

	_, boss := c.signIn("mercy", "boss", app.Manager)
	require.NoError(t, c.Waive(t.Context(), boss, ana.Learner, "greet", "She teaches it."))
	assert.Empty(t, c.open(ana, "greet").Required, "nor what is waived")
}

func TestNobodyIsLateOnTheEveningOfTheDay(t *testing.T) {
	c := newDemandingCourse(t)
	ana := c.staff("mercy", "ana", "")
	c.assign(func(d *app.AssignmentDraft) { d.Due = "2026-03-05" })
	for at, late := range map[string]bool{
		"2026-03-05T23:59:00Z": false,
		"2026-03-06T11:59:00Z": false, // it is still the fifth in the middle of the Pacific
		"2026-03-06T12:00:00Z": true,
	} {
		var err error
		c.time, err = time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		assert.Equal(t, late, c.open(ana, "greet").Required[0].Late, at)
		progress, err := c.Assignments(t.Context(), managerOf("mercy"))
		require.NoError(t, err)
		assert.Equal(t, late, progress[0].Late, at)
	}
	c.finish(ana, "greet")
	progress, err := c.Assignments(t.Context(), managerOf("mercy"))
	require.NoError(t, err)
	assert.False(t, progress[0].Late, "everybody has completed it")
}

func TestADraftThatCanNotBeTakenSaysAllThatIsWrongWithIt(t *testing.T) {
	c := newDemandingCourse(t)
	good := app.AssignmentDraft{Module: "greet", Everyone: true, Because: "B."}
	many := strings.Builder{}
	for i := range app.MostPeopleNamed + 1 {
		fmt.Fprintf(&many, "person%d@mercy.example\n", i)
	}
	type part = app.AssignmentDraft
	for name, test := range map[string]struct {
		change func(*part)
		want   app.Unfit
	}{
		"nothing is chosen":           {func(d *part) { d.Module = "" }, app.Unfit{Part: app.DraftWhat, Fault: app.FaultMissing}},
		"there is no such module":     {func(d *part) { d.Module = "nod" }, app.Unfit{Part: app.DraftWhat, Fault: app.FaultUnknown, Text: "nod"}},
		"the institution lacks it":    {func(d *part) { d.Module = "walk" }, app.Unfit{Part: app.DraftWhat, Fault: app.FaultUnknown, Text: "walk"}},
		"the programme too":           {func(d *part) { d.Module, d.Program = "", "second" }, app.Unfit{Part: app.DraftWhat, Fault: app.FaultUnknown, Text: "second"}},
		"both are named":              {func(d *part) { d.Program = "first" }, app.Unfit{Part: app.DraftWhat, Fault: app.FaultUnknown, Text: "firstgreet"}},
		"everyone, and a list":        {func(d *part) { d.People = "ana@mercy.example" }, app.Unfit{Part: app.DraftPeople, Fault: app.FaultBoth}},
		"neither":                     {func(d *part) { of(" ", "\u200b")(d) }, app.Unfit{Part: app.DraftPeople, Fault: app.FaultMissing}},
		"a name and an address":       {func(d *part) { of("a", "", "Bo <bo@x.example>")(d) }, app.Unfit{Part: app.DraftPeople, Fault: app.FaultLine, Line: 3, Text: "Bo <bo@x.example>"}},
		"two on a line":               {func(d *part) { of("a@x;b@x")(d) }, app.Unfit{Part: app.DraftPeople, Fault: app.FaultLine, Line: 1, Text: "a@x;b@x"}},
		"half an address":             {func(d *part) { of("ana@")(d) }, app.Unfit{Part: app.DraftPeople, Fault: app.FaultLine, Line: 1, Text: "ana@"}},
		"a line of a story":           {func(d *part) { of(strings.Repeat("é", 300))(d) }, app.Unfit{Part: app.DraftPeople, Fault: app.FaultLine, Line: 1, Text: strings.Repeat("é", 60) + "…"}},
		"too many people":             {func(d *part) { of(many.String())(d) }, app.Unfit{Part: app.DraftPeople, Fault: app.FaultMany, Count: app.MostPeopleNamed + 1}},
		"a day that is none":          {func(d *part) { d.Due = "soon" }, app.Unfit{Part: app.DraftDue, Fault: app.FaultNoDay, Text: "soon"}},
		"a day that has passed":       {func(d *part) { d.Due = "2026-03-03" }, app.Unfit{Part: app.DraftDue, Fault: app.FaultPast, Text: "2026-03-03"}},
		"no reason":                   {func(d *part) { d.Because = " \n" }, app.Unfit{Part: app.DraftBecause, Fault: app.FaultMissing}},
		"a reason that is a treatise": {func(d *part) { d.Because = strings.Repeat("é", 281) }, app.Unfit{Part: app.DraftBecause, Fault: app.FaultLong, Count: 281}},
		"an office with a long name":  {func(d *part) { d.By = strings.Repeat("é", 281) }, app.Unfit{Part: app.DraftBy, Fault: app.FaultLong, Count: 281}},
	} {
		d := good
		test.change(&d)
		_, err := c.Assign(t.Context(), managerOf("mercy"), d)
		var unfit app.UnfitDraft
		require.ErrorAs(t, err, &unfit, name)
		assert.ErrorIs(t, err, app.ErrInvalid, name)
		assert.Equal(t, app.UnfitDraft{test.want}, unfit, name)
	}
	_, err := c.Assign(t.Context(), managerOf("mercy"), app.AssignmentDraft{Due: "soon"})
	var unfit app.UnfitDraft
	require.ErrorAs(t, err, &unfit)
	assert.Len(t, unfit, 4, "all at once")
	all, err := c.Assignments(t.Context(), managerOf("mercy"))
	require.NoError(t, err)
	assert.Empty(t, all, "nothing was made")
}

func TestAListHasEachPersonOnceAndIsKeptAsWritten(t *testing.T) {
	c := newDemandingCourse(t)
	a := c.assign(of("\ufeffAna@Mercy.example\r", "ana@mercy.example", "", "  ml-1\t", "ML-1", "ml-1"))
	assert.Equal(t, []string{"Ana@Mercy.example", "ml-1", "ML-1"}, a.People, "ids that differ by case are two")
	a = c.assign(func(d *app.AssignmentDraft) {
		d.By, d.Because, d.Due = " The\noffice ", "It\tis so.", "2026-03-04"
	})
	assert.Equal(t, "The office", a.By)
	assert.Equal(t, "It is so.", a.Because)
	assert.Equal(t, time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), a.Due)
}

func TestAnAssignmentIsMadeOnceAndEndedOnce(t *testing.T) {
	c := newDemandingCourse(t)
	ctx, boss := t.Context(), managerOf("mercy")
	ana := c.staff("mercy", "ana", "")
	a := c.assign(of("ana"))
	assert.Equal(t, a.ID, c.assign(of("ana")).ID, "a second tap on the button makes no second one")
	other := c.assign(of("ana", "bo"))
	assert.NotEqual(t, a.ID, other.ID)
	assert.Len(t, c.open(ana, "greet").Required, 2)

	for _, p := range []app.Person{ana, operator, {Identity: app.Identity{Institution: "mercy", Roles: []app.Role{app.Educator}}}} {
		assert.ErrorIs(t, c.EndAssignment(ctx, p, a.ID), app.ErrForbidden)
		_, err := c.Assign(ctx, p, app.AssignmentDraft{})
		assert.ErrorIs(t, err, app.ErrForbidden)
		_, err = c.Assignments(ctx, p)
		assert.ErrorIs(t, err, app.ErrForbidden)
		_, err = c.AssignmentProgress(ctx, p, a.ID)
		assert.ErrorIs(t, err, app.ErrForbidden)
		_, _, err = c.AllAssigned(ctx, p, a.ID)
		assert.ErrorIs(t, err, app.ErrForbidden)
	}
	strange := managerOf("harbor")
	assert.ErrorIs(t, c.EndAssignment(ctx, strange, a.ID), app.ErrNotFound)
	_, err := c.AssignmentProgress(ctx, strange, a.ID)
	assert.ErrorIs(t, err, app.ErrNotFound)
	_, _, err = c.AllAssigned(ctx, strange, a.ID)
	assert.ErrorIs(t, err, app.ErrNotFound)
	theirs, err := c.Assignments(ctx, strange)
	require.NoError(t, err)
	assert.Empty(t, theirs)

	require.NoError(t, c.EndAssignment(ctx, boss, a.ID))
	assert.ErrorIs(t, c.EndAssignment(ctx, boss, a.ID), app.ErrNotFound)
	assert.Len(t, c.open(ana, "greet").Required, 1, "at once")
}

func TestAnInstitutionHasSoManyAssignmentsAndNoMore(t *testing.T) {
	c := newDemandingCourse(t)
	for i := range app.MostAssignments {
		c.assign(func(d *app.AssignmentDraft) { d.Because = fmt.Sprint("Reason ", i) })
	}
	_, err := c.Assign(t.Context(), managerOf("mercy"), app.AssignmentDraft{Module: "greet", Everyone: true, Because: "One more."})
	var unfit app.UnfitDraft
	require.ErrorAs(t, err, &unfit)
	assert.Equal(t, app.UnfitDraft{{Fault: app.FaultFull}}, unfit)
}

func TestTheAuditTrailTellsOfAssignmentsWithoutNames(t *testing.T) {
	c := newDemandingCourse(t)
	c.then()
	a := c.assign(func(d *app.AssignmentDraft) {
		of("ana@mercy.example", "bo@mercy.example")(d)
		d.By, d.Because, d.Due = "Dr Secret", "Ask Dr Secret.", "2026-06-30"
	})
	c.then()
	b := c.assign(func(d *app.AssignmentDraft) { d.Module, d.Program = "", "first" })
	c.then()
	require.NoError(t, c.EndAssignment(t.Context(), managerOf("mercy"), a.ID))
	told := fmt.Sprintf("map[assignment:%s due:2026-06-30 module:greet people:2]", a.ID)
	assert.Equal(t, []string{
		"assignment_made mercy  " + told,
		fmt.Sprintf("assignment_made mercy  map[assignment:%s people:everyone program:first]", b.ID),
		"assignment_ended mercy  " + told,
	}, c.trail(managerOf("mercy"), app.EventFilter{}))
}
