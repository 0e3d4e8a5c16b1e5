package signin

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"first5/app"
)

// Whatever a provider sends, what is read of it stays within the limits, and
// makes nobody more than the mapping does.
func FuzzReadingAPerson(f *testing.F) {
	f.Add([]byte(`{"name":"Ana\n","email":"a@b.example","npi":1234567893,"realm":{"roles":["cme-office","ops","faculty"]}}`), []byte(`{"realm.roles":"ops"}`))
	f.Add([]byte(`{"name":["Ana"],"email":{"a":1},"npi":"12","_claim_names":{"realm.roles":"x"},"sid":7}`), []byte(`{"name":null,"hasgroups":true}`))
	f.Add([]byte(`{"realm":{"roles":[[["cme-office"]]]}}`), []byte(`{"npi":1.234567893e9,"sid":"x"}`))
	c := &client{Provider: Provider{
		Institution: "mercy", Issuer: "https://mercy.example",
		Claims: Claims{Name: "name", Email: "email", NPI: "npi", Roles: "realm.roles"},
		Roles:  map[app.Role][]string{app.Manager: {"cme-office"}, app.Operator: {"ops"}},
	}}
	f.Fuzz(func(t *testing.T, signed, unsigned []byte) {
		var sources []claims
		for _, payload := range [][]byte{signed, unsigned} {
			held, err := readClaims(payload)
			if err != nil {
				return
			}
			sources = append(sources, held)
		}
		r := reading{client: c, sources: sources}
		id := r.identity("s1")
		assert.LessOrEqual(t, utf8.RuneCountInString(id.Name), 200)
		assert.Equal(t, strings.TrimSpace(id.Name), id.Name)
		assert.False(t, strings.ContainsFunc(id.Name+id.Email, unicode.IsControl))
		assert.LessOrEqual(t, len(id.Email), 254)
		assert.True(t, id.Email == "" || strings.Count(id.Email, "@") == 1)
		assert.True(t, id.NPI == "" || app.ValidNPI(id.NPI))
		assert.LessOrEqual(t, len(r.session()), 255)
		assert.Subset(t, []app.Role{app.Manager}, id.Roles)
		if len(id.Roles) > 0 {
			sent := string(signed) + string(unsigned)
			assert.True(t, strings.Contains(sent, "cme-office") || strings.Contains(sent, `\u`), "a role out of nothing")
		}
		again := reading{client: c, sources: sources}
		assert.Equal(t, id, again.identity("s1"))
		assert.LessOrEqual(t, len(r.notes), 6)
		assert.Equal(t, len(r.notes), len(slices.Compact(slices.Sorted(slices.Values(r.notes)))))
	})
}
