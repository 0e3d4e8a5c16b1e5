package signin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
)

// personCase is what a provider sends, and who is read out of it.
type personCase struct {
	claims, userinfo claims
	mapping          signin.Claims // zero: the usual
	want             app.Identity
	notes            []string
}

func eachPerson(t *testing.T, cases map[string]personCase) {
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.claims, p.userinfo = c.claims, c.userinfo
			rp := p.party(func(r *signin.Provider) {
				r.Roles[app.Operator] = []string{"ops"}
				if c.mapping != (signin.Claims{}) {
					r.Claims = c.mapping
				}
			})
			a, err := p.signIn(rp)
			require.NoError(t, err)
			c.want.Institution, c.want.Issuer, c.want.Subject = "mercy", p.url, "s1"
			assert.Equal(t, c.want, a.Identity)
			assert.Equal(t, c.notes, a.Notes)
		})
	}
}

func TestAPersonIsReadOutOfTheClaims(t *testing.T) {
	eachPerson(t, map[string]personCase{
		"all in the ID token": {
			claims: claims{"name": "Ana", "email": "a@b.example", "npi": "1234567893", "groups": []string{"cme-office", "x"}},
			want:   app.Identity{Name: "Ana", Email: "a@b.example", NPI: "1234567893", Roles: []app.Role{app.Manager}},
		},
		"the rest from userinfo, what is signed first": {
			claims:   claims{"name": "Ana"},
			userinfo: claims{"name": "Unsigned", "groups": "cme-office"},
			want:     app.Identity{Name: "Ana", Roles: []app.Role{app.Manager}},
		},
		"a null is nothing": {
			claims:   claims{"name": "Ana", "groups": jsonNull()},
			userinfo: claims{"groups": "cme-office"},
			want:     app.Identity{Name: "Ana", Roles: []app.Role{app.Manager}},
		},
		"nothing but a subject": {},
		"claims of the wrong kind": {
			claims: claims{"name": 7, "email": []string{"x", "y"}, "npi": true, "groups": claims{"a": 1}},
			notes:  []string{"the name is not a text", "the e-mail address is not valid", "the NPI is not valid", "the groups are not a list of texts"},
		},
		"a role that is not mapped": {claims: claims{"groups": []string{"operator", "admin", "manager"}}},
		"operators elsewhere are none here": {
			claims: claims{"groups": []string{"ops"}},
		},
		"some groups that are no texts": {
			claims: claims{"groups": []any{7, "cme-office"}},
			want:   app.Identity{Roles: []app.Role{app.Manager}},
			notes:  []string{"the groups are not a list of texts"},
		},
	})
}

func TestAClaimMayBeAPathIntoObjects(t *testing.T) {
	nested := claims{"resource_access": claims{"first5.app": claims{"roles": []string{"cme-office"}}}}
	eachPerson(t, map[string]personCase{
		"a path into objects": {
			mapping: signin.Claims{Roles: "realm_access.roles"},
			claims:  claims{"realm_access": claims{"roles": []string{"cme-office"}}},
			want:    app.Identity{Roles: []app.Role{app.Manager}},
		},
		"a path over a client id with dots": {
			mapping: signin.Claims{Roles: "resource_access.first5.app.roles"},
			claims:  nested,
			want:    app.Identity{Roles: []app.Role{app.Manager}},
		},
		"a name with dots that is no path": {
			mapping: signin.Claims{Roles: "https://mercy.example/roles"},
			claims:  claims{"https://mercy.example/roles": "cme-office"},
			want:    app.Identity{Roles: []app.Role{app.Manager}},
		},
		"a name goes before a path": {
			mapping: signin.Claims{Name: "a.b"},
			claims:  claims{"a.b": "Literal", "a": claims{"b": "Path"}},
			want:    app.Identity{Name: "Literal"},
		},
		"a path that leads nowhere": {
			mapping: signin.Claims{Roles: "realm_access.roles", Name: "a.b"},
			claims:  claims{"realm_access": "cme-office", "a": claims{"c": "x"}},
		},
		"a path into the details that are not signed": {
			mapping:  signin.Claims{Roles: "realm_access.roles"},
			claims:   claims{"realm_access": claims{"other": 1}},
			userinfo: claims{"realm_access": claims{"roles": []string{"cme-office"}}},
			want:     app.Identity{Roles: []app.Role{app.Manager}},
		},
	})
}

func TestWhatIsNotAsItShouldBeIsMendedOrLeftOut(t *testing.T) {
	eachPerson(t, map[string]personCase{
		"a name with spaces around it": {claims: claims{"name": "  Ana Lima\t"}, want: app.Identity{Name: "Ana Lima"}},
		"a name with signs that are none": {
			claims: claims{"name": "Ana\n\x00 \u202eLima"},
			want:   app.Identity{Name: "Ana Lima"},
			notes:  []string{"the name holds signs that can't be shown, which were left out"},
		},
		"a name in other letters": {claims: claims{"name": "می\u200cخواهم"}, want: app.Identity{Name: "می\u200cخواهم"}},
		"a name that is too long": {
			claims: claims{"name": strings.Repeat("ä", 201)},
			want:   app.Identity{Name: strings.Repeat("ä", 200)},
			notes:  []string{"the name is too long and was cut"},
		},
		"an attribute that could have several values": {
			claims: claims{"name": []string{"Ana"}, "email": []string{"a@b.example"}, "npi": []string{"1234567893"}},
			want:   app.Identity{Name: "Ana", Email: "a@b.example", NPI: "1234567893"},
		},
		"an NPI that is a number":      {claims: claims{"npi": 1234567893}, want: app.Identity{NPI: "1234567893"}},
		"an NPI with spaces around it": {claims: claims{"npi": " 1234567893 "}, want: app.Identity{NPI: "1234567893"}},
		"an NPI with a wrong digit":    {claims: claims{"npi": "1234567890"}, notes: []string{"the NPI is not valid"}},
		"an NPI that is a fraction":    {claims: claims{"npi": 1234567893.5}, notes: []string{"the NPI is not valid"}},
		"an empty NPI is none":         {claims: claims{"npi": "", "email": "", "name": ""}},
	})
}

// jsonNull is a claim that is there and null; a nil would take the claim away.
func jsonNull() any { return (*int)(nil) }

func TestAnEMailAddressThatCantBeOneIsLeftOut(t *testing.T) {
	for address, fine := range map[string]bool{
		"a@b.example": true, "ä@b.example": true, " a@b.example ": true,
		"a": false, "@b": false, "a@": false, "a@b@c": false, "a b@c": false, "a@b\x00": false, "a@b\u202e": false,
		strings.Repeat("a", 253) + "@b": false,
	} {
		p := newProvider(t)
		p.claims["email"] = address
		a, err := p.signIn(p.party())
		require.NoError(t, err)
		if fine {
			assert.Equal(t, strings.TrimSpace(address), a.Email)
			assert.Empty(t, a.Notes)
		} else {
			assert.Empty(t, a.Email, address)
			assert.Equal(t, []string{"the e-mail address is not valid"}, a.Notes, address)
		}
	}
}

func TestOnlyAnInstitutionThatMayHasOperators(t *testing.T) {
	for _, may := range []bool{true, false} {
		p := newProvider(t)
		p.claims["groups"] = []string{"ops", "faculty", "cme-office"}
		a, err := p.signIn(p.party(func(r *signin.Provider) {
			r.Operators = may
			r.Roles = map[app.Role][]string{app.Operator: {"ops"}, app.Educator: {"faculty"}, app.Manager: {"cme-office"}}
		}))
		require.NoError(t, err)
		assert.Equal(t, may, a.Has(app.Operator))
		assert.True(t, a.Has(app.Educator))
		assert.True(t, a.Has(app.Manager))
	}
}

func TestGroupsThatEntraLeavesOutAreNoted(t *testing.T) {
	for name, c := range map[string]claims{
		"with where they are": {
			"_claim_names":   claims{"groups": "src1"},
			"_claim_sources": claims{"src1": claims{"endpoint": "https://graph.example/groups"}},
		},
		"without":   {"hasgroups": true},
		"as a text": {"hasgroups": "true"},
	} {
		p := newProvider(t)
		p.claims = c
		a, err := p.signIn(p.party())
		require.NoError(t, err, name)
		assert.Equal(t, []string{"the provider left the groups out because there are too many"}, a.Notes, name)
	}
}

func TestAnAccountMustBeOneOfTheInstitutions(t *testing.T) {
	for name, c := range map[string]struct {
		claims, userinfo claims
		fine             bool
	}{
		"its own":                       {claims{"hd": "mercy.example", "unit": "lakes"}, nil, true},
		"its own, by one of a list":     {claims{"hd": []string{"x", "mercy.org"}, "unit": "lakes"}, nil, true},
		"its own, by the details":       {claims{"hd": "mercy.example"}, claims{"unit": "lakes"}, true},
		"another's":                     {claims{"hd": "evil.example", "unit": "lakes"}, nil, false},
		"nobody's":                      {claims{"unit": "lakes"}, nil, false},
		"one of two is not enough":      {claims{"hd": "mercy.example"}, nil, false},
		"signed goes before unsigned":   {claims{"hd": "evil.example", "unit": "lakes"}, claims{"hd": "mercy.example"}, false},
		"part of a value is no value":   {claims{"hd": "mercy.example.evil.example", "unit": "lakes"}, nil, false},
		"an object is none of the text": {claims{"hd": claims{"mercy.example": true}, "unit": "lakes"}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.claims, p.userinfo = c.claims, c.userinfo
			_, err := p.signIn(p.party(func(r *signin.Provider) {
				r.Require = map[string][]string{"hd": {"mercy.example", "mercy.org"}, "unit": {"lakes"}}
			}))
			if c.fine {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, signin.ErrRejected)
			assert.Equal(t, signin.ReasonRequired, signin.ReasonOf(err))
		})
	}
}

func TestDetailsAreAskedForOnlyIfSomethingIsMissing(t *testing.T) {
	p := newProvider(t)
	p.claims = claims{"name": "Ana", "email": "a@b.example", "npi": "1234567893", "groups": []string{}}
	_, err := p.signIn(p.party())
	require.NoError(t, err)
	assert.Zero(t, p.count("/userinfo"))
	delete(p.claims, "groups")
	_, err = p.signIn(p.party(func(r *signin.Provider) { r.Roles = nil }))
	require.NoError(t, err)
	assert.Zero(t, p.count("/userinfo"), "no group makes a role")
	_, err = p.signIn(p.party())
	require.NoError(t, err)
	assert.Equal(t, 1, p.count("/userinfo"))
}

func TestDetailsThatDontHoldSignNobodyIn(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   error
		reason signin.Reason
	}{
		"another person's":         {says(200, `{"sub":"s2"}`), signin.ErrRejected, signin.ReasonOtherPerson},
		"nobody's":                 {says(200, `{"name":"Ana"}`), signin.ErrRejected, signin.ReasonOtherPerson},
		"a fault":                  {status(502), signin.ErrUnavailable, signin.ReasonProviderFault},
		"a refusal":                {status(403), signin.ErrUnavailable, signin.ReasonBadAnswer},
		"rubbish":                  {says(200, `<html>`), signin.ErrUnavailable, signin.ReasonBadAnswer},
		"a list":                   {says(200, `[]`), signin.ErrUnavailable, signin.ReasonBadAnswer},
		"two objects":              {says(200, `{"sub":"s1"}{"sub":"s1"}`), signin.ErrUnavailable, signin.ReasonBadAnswer},
		"nothing":                  {says(200, `null`), signin.ErrUnavailable, signin.ReasonBadAnswer},
		"more than anybody has":    {says(200, `{"sub":"s1","x":"`+strings.Repeat("x", 1_000_000)+`"}`), signin.ErrUnavailable, signin.ReasonBadAnswer},
		"a line that breaks":       {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, signin.ErrUnavailable, signin.ReasonNoAnswer},
		"signed, and not readable": {asJWT("x"), signin.ErrUnavailable, signin.ReasonBadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.answers("/userinfo", c.answer)
			_, err := p.signIn(p.party())
			require.ErrorIs(t, err, c.kind)
			assert.Equal(t, c.reason, signin.ReasonOf(err))
		})
	}
}

func asJWT(token string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jwt")
		_, _ = w.Write([]byte(token))
	}
}

func TestDetailsMayBeSigned(t *testing.T) {
	p := newProvider(t)
	details := []byte(`{"sub":"s1","name":"Ana"}`)
	p.answers("/userinfo", asJWT(signed(t, jose.ES256, p.key, details, claims{"kid": "k1"})))
	a, err := p.signIn(p.party())
	require.NoError(t, err)
	assert.Equal(t, "Ana", a.Name)
	p.answers("/userinfo", asJWT(signed(t, jose.ES256, newKey(t), details, claims{"kid": "k1"})))
	_, err = p.signIn(p.party())
	require.ErrorIs(t, err, signin.ErrRejected)
	assert.Equal(t, signin.ReasonSignature, signin.ReasonOf(err))
}

func TestTheProvidersSessionAndTokenAreKeptForTheSignOut(t *testing.T) {
	p := newProvider(t)
	p.claims["sid"] = "session-1"
	a, err := p.signIn(p.party())
	require.NoError(t, err)
	assert.Equal(t, "session-1", a.ProviderSession)
	assert.Equal(t, 2, strings.Count(a.LogoutHint, "."), "the ID token as it came")

	p.claims["sid"], p.claims["more"] = strings.Repeat("s", 256), strings.Repeat("x", 4000)
	a, err = p.signIn(p.party())
	require.NoError(t, err)
	assert.Empty(t, a.ProviderSession)
	assert.Empty(t, a.LogoutHint, "it would not fit an address")
	assert.Equal(t, []string{"the provider's name for its session is not valid"}, a.Notes)
}
