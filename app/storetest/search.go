package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func searches() []test {
	return []test{
		{"looks in name, e-mail address and subject without regard to case", searchWithoutCase},
		{"takes what was typed literally", searchLiterally},
		{"finds people by what they are called now", searchNewName},
	}
}

// finds returns the subjects of the records that a search finds.
func (c clinic) finds(query string) []string {
	c.Helper()
	found := []string{}
	for _, r := range c.listed(mercy, app.Filter{Query: query}, app.Cursor{}, 100) {
		found = append(found, r.Subject)
	}
	n, err := c.store.CountRecords(c.Context(), mercy, app.Filter{Query: query})
	require.NoError(c, err)
	assert.Equal(c, len(found), n, "%q, counted", query)
	assert.Len(c, c.all(mercy, app.Filter{Query: query}), n, "%q, downloaded", query)
	return found
}

// attends adds a learner with one record.
func (c clinic) attends(subject, name, email string) {
	c.Helper()
	p := person(mercy, subject)
	p.Name, p.Email = name, email
	c.signIn(p)
	c.begin(p, module(1), minute(0))
}

func searchWithoutCase(c clinic) {
	c.attends("s-1", "Éloïse DUPRÉ", "e.dupre@mercy.example")
	c.attends("s-2", "José Ñandú", "")
	c.attends("S-3", "Ольга Иванова", "Olga@Mercy.Example")
	c.attends("s-4", "Ἀθηνᾶ", "")
	c.attends("s-5", "", "")
	for query, want := range map[string][]string{
		"éloïse": {"s-1"}, "ÉLOÏSE": {"s-1"}, "dupré": {"s-1"}, "Dupré": {"s-1"},
		"e dup": {"s-1"}, "ñAND": {"s-2"}, "ИВАН": {"S-3"}, "ольга": {"S-3"}, "ἈΘΗΝ": {"s-4"},
		"olga@": {"S-3"}, "MERCY.EXAMPLE": {"s-1", "S-3"}, "s-3": {"S-3"}, "S-5": {"s-5"},
		"s-": {"s-1", "s-2", "S-3", "s-4", "s-5"}, "eloise": {}, "nobody": {}, "s-12": {},
	} {
		assert.ElementsMatch(c, want, c.finds(query), "%q", query)
	}
}

func searchLiterally(c clinic) {
	for _, name := range []string{
		`100% sure`, `100 sure`, `under_score`, `underXscore`, `back\slash`, `backslash`, `quo'te`, `quo"te`,
		`[a-z]`, `a.b`, `axb`, `(paren`, `star*`, `a+b`, `$set`, `^caret`, `q?`, `pipe|pipe`, `{brace`, `🩺 doctor`,
		`two  blanks`, `two blanks`, `%`, `_`, `\`,
	} {
		c.attends("subject of "+name, name, "")
	}
	for query, names := range map[string][]string{
		`%`: {`100% sure`, `%`}, `_`: {`under_score`, `_`}, `\`: {`back\slash`, `\`},
		`0% S`: {`100% sure`}, `r_s`: {`under_score`}, `k\s`: {`back\slash`}, `\\`: {},
		`'`: {`quo'te`}, `"`: {`quo"te`}, `[a-z]`: {`[a-z]`}, `a.b`: {`a.b`}, `.*`: {}, `(`: {`(paren`},
		`*`: {`star*`}, `a+b`: {`a+b`}, `$s`: {`$set`}, `^`: {`^caret`}, `q?`: {`q?`}, `pipe|`: {`pipe|pipe`},
		`{`: {`{brace`}, `🩺`: {`🩺 doctor`}, `two  b`: {`two  blanks`}, ` blanks`: {`two  blanks`, `two blanks`},
	} {
		want := []string{}
		for _, name := range names {
			want = append(want, "subject of "+name)
		}
		assert.ElementsMatch(c, want, c.finds(query), "%q", query)
	}
}

func searchNewName(c clinic) {
	c.attends("s-1", "Dr. Rivera", "rivera@mercy.example")
	c.attends("s-1", "Dr. Cho", "cho@mercy.example")
	assert.Equal(c, []string{"s-1"}, c.finds("CHO"))
	assert.Empty(c, c.finds("rivera"))
}
