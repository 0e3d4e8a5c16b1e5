package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// texts returns what somebody means to do.
func texts(all []app.Commitment) []string {
	var texts []string
	for _, c := range all {
		texts = append(texts, c.Text)
	}
	return texts
}

func TestUpToThreeThingsAreMeantToBeDone(t *testing.T) {
	for name, test := range map[string]struct {
		chosen []string
		own    string
		want   []string // nil: refused
	}{
		"one":                          {[]string{"knock"}, "", []string{"Knock"}},
		"three, in the module's order": {[]string{"knock", "take-the-chair", "ask-for-the-name"}, "", []string{"Take the chair", "Ask for the name", "Knock"}},
		"own words alone":              {nil, "  Phone\x00\xff the\nfamily ", []string{"Phone the family"}},
		"two and own words":            {[]string{"knock", "take-the-chair"}, "Phone the family", []string{"Take the chair", "Knock", "Phone the family"}},
		"one that is chosen twice":     {[]string{"knock", "knock"}, "", []string{"Knock"}},
		"own words that are a choice":  {[]string{"knock"}, "Knock", []string{"Knock"}},
		"the longest own words":        {nil, strings.Repeat("ñ", app.LongestCommitment), []string{strings.Repeat("ñ", app.LongestCommitment)}},
		"nothing":                      {nil, " \n", nil},
		"four":                         {[]string{"knock", "take-the-chair", "ask-for-the-name", "wait-three-seconds"}, "", nil},
		"three and own words":          {[]string{"knock", "take-the-chair", "ask-for-the-name"}, "Phone", nil},
		"what nobody proposed":         {[]string{"ghost"}, "Phone", nil},
		"own words that are too long":  {[]string{"knock"}, strings.Repeat("ñ", app.LongestCommitment+1), nil},
	} {
		t.Run(name, func(t *testing.T) {
			c, ana := newSittingCourse(t)
			c.pass(ana, "sit-down")
			err := c.Commit(t.Context(), ana, page, test.chosen, test.own)
			if test.want == nil {
				assert.ErrorIs(t, err, app.ErrInvalid)
			} else {
				assert.NoError(t, err)
			}
			assert.Equal(t, test.want, texts(c.workbook(ana).Commitments))
		})
	}
}

func TestNothingIsMeantAfterAModuleThatIsNotCompleted(t *testing.T) {
	c, ana := newSittingCourse(t)
	_, bo := c.signIn("mercy", "bo") // who has not begun it
	for _, p := range []app.Person{ana, bo} {
		err := c.Commit(t.Context(), p, page, []string{"knock"}, "")
		assert.ErrorIs(t, err, app.ErrConflict)
		assert.ErrorIs(t, err, app.ErrNotCompleted)
		assert.Zero(t, c.workbook(p))
	}
	c.send(ana, "sit-down", content.Answers{"first": {"ask"}}, false)
	assert.ErrorIs(t, c.Commit(t.Context(), ana, page, []string{"knock"}, ""), app.ErrNotCompleted, "nor by answers that fall short")
	c.pass(ana, "sit-down")
	require.NoError(t, c.Commit(t.Context(), ana, page, []string{"knock"}, ""))
}

func TestChoosingAnewKeepsWhatWasDoneAlready(t *testing.T) {
	c, ana := newSittingCourse(t)
	ctx := t.Context()
	c.pass(ana, "sit-down")
	require.NoError(t, c.Commit(ctx, ana, page, []string{"knock", "take-the-chair"}, "Phone the family"))
	w := c.workbook(ana)
	chosen := c.time
	c.time = c.time.Add(time.Hour)
	require.NoError(t, c.MarkCommitment(ctx, ana, w.Record, "Knock", true))
	done := c.time
	c.time = c.time.Add(time.Hour)
	require.NoError(t, c.MarkCommitment(ctx, ana, w.Record, "Knock", true), "a second tap")

	spanish := page
	spanish.Language = "es"
	require.NoError(t, c.Commit(ctx, ana, spanish, []string{"knock", "ask-for-the-name"}, ""))
	got := c.workbook(ana).Commitments
	require.Equal(t, []string{"Preguntar el nombre", "Llamar a la puerta"}, texts(got))
	assert.Equal(t, c.time, got[0].At)
	assert.Equal(t, chosen, got[1].At, "in another language it is still the same one")
	assert.Equal(t, done, got[1].DoneAt)
	before := c.workbook(ana).Revision
	require.NoError(t, c.Commit(ctx, ana, spanish, []string{"knock", "ask-for-the-name"}, ""))
	assert.Equal(t, before, c.workbook(ana).Revision, "what changes nothing is not saved")
}

func TestWhatIsDoneCanBeUndoneAndDropped(t *testing.T) {
	c, ana := newSittingCourse(t)
	ctx := t.Context()
	c.pass(ana, "sit-down")
	require.NoError(t, c.Commit(ctx, ana, page, []string{"knock"}, "Phone the family"))
	record := c.workbook(ana).Record
	require.NoError(t, c.MarkCommitment(ctx, ana, record, "Phone the family", true))
	assert.Equal(t, c.time, c.workbook(ana).Commitments[1].DoneAt)
	require.NoError(t, c.MarkCommitment(ctx, ana, record, "Phone the family", false))
	assert.Zero(t, c.workbook(ana).Commitments[1].DoneAt)
	require.NoError(t, c.DropCommitment(ctx, ana, record, "Phone"))
	require.NoError(t, c.DropCommitment(ctx, ana, "a-record-of-nobody", "Knock"))
	assert.Len(t, c.workbook(ana).Commitments, 2)
	require.NoError(t, c.DropCommitment(ctx, ana, record, "Phone the family"))
	assert.Equal(t, []string{"Knock"}, texts(c.workbook(ana).Commitments))
}

func TestTheFormShowsWhatWasChosenInWhateverLanguage(t *testing.T) {
	c, ana := newSittingCourse(t)
	c.pass(ana, "sit-down")
	spanish := page
	spanish.Language = "es"
	require.NoError(t, c.Commit(t.Context(), ana, spanish, []string{"knock"}, "Phone the family"))
	o := c.open(ana, "sit-down")
	ids, own := o.Module.Chosen(o.Workbook.Commitments)
	assert.Equal(t, []string{"knock"}, ids)
	assert.Equal(t, []string{"Phone the family"}, own)
}

func TestWhatIsMeantAfterAnOldEditionStaysWithIt(t *testing.T) {
	c, ana := newSittingCourse(t)
	ctx := t.Context()
	c.pass(ana, "sit-down")
	require.NoError(t, c.Commit(ctx, ana, page, []string{"knock"}, ""))
	c.shelve(map[string]string{
		"first/program.md":         "---\ntitle: First\naudience: Physicians\norder: [sit-down]\n---\n\nA programme.\n",
		"first/sit-down/module.md": strings.NewReplacer(`"2026"`, `"2027"`, "Knock\n", "Knock twice\n").Replace(sitDown),
	})
	o, err := c.Finished(ctx, ana, "sit-down", "2026")
	require.NoError(t, err)
	assert.Equal(t, "2026", o.Edition)
	assert.Equal(t, []string{"Knock"}, texts(o.Workbook.Commitments))

	for _, edition := range []string{"2027", "1999", ""} {
		o, err = c.Finished(ctx, ana, "sit-down", edition)
		require.NoError(t, err)
		assert.Equal(t, "2027", o.Edition, "without a record of that edition it is what opens now")
		assert.Empty(t, o.Workbook.Commitments)
	}
	_, bo := c.signIn("mercy", "bo")
	o, err = c.Finished(ctx, bo, "sit-down", "2026")
	require.NoError(t, err)
	assert.Nil(t, o.Record, "and another person's is nobody else's")
	_, err = c.Finished(ctx, bo, "ghost", "2026")
	assert.ErrorIs(t, err, app.ErrNotFound)
}
