package app_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func TestProgrammesStandInTheOrderOfTheInstitution(t *testing.T) {
	c := newCourse(t)
	c.Institutions = []app.Institution{
		{ID: "mercy", Programs: []string{"second", "first"}},
		{ID: "harbor"},
	}
	c.publish(map[string]string{"greet": "Hello."})
	for institution, want := range map[app.InstitutionID][]string{
		"mercy":  {"second", "first"},
		"harbor": {"first", "second"},
	} {
		_, p := c.signIn(institution, "ana")
		var got []string
		for _, program := range c.Programs(p) {
			got = append(got, program.Slug)
		}
		assert.Equal(t, want, got)
	}
	_, p := c.signIn("mercy", "bo")
	assert.Equal(t, "walk", c.home(p).Next.Slug, "what the institution names first is what its people begin with")
}

func TestAnEducatorReadsModulesThatTheirInstitutionDoesNotOffer(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, physician := c.signIn("mercy", "ana")
	_, err := c.Open(t.Context(), physician, "walk")
	require.ErrorIs(t, err, app.ErrNotFound)
	_, educator := c.signIn("mercy", "bo", app.Educator)
	m, err := c.Open(t.Context(), educator, "walk")
	require.NoError(t, err, "the studio lists it, with a link")
	assert.Equal(t, "walk", m.Module.Slug)
}
