package signin_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
)

// shared is First5 for three institutions whose people one provider signs in.
func (p *provider) shared() *signin.RelyingParty {
	var all []signin.Provider
	for institution, required := range map[app.InstitutionID]map[string][]string{
		"mercy":  {"groups": {"mercy-staff", "mercy-guests"}},
		"harbor": {"groups": {"harbor-staff"}},
		"lakes":  {"groups": {"lakes-staff"}, "unit": {"north"}},
	} {
		r := p.registered()
		r.Institution, r.Require = institution, required
		all = append(all, r)
	}
	return signin.New(all, signin.Options{Now: p.clock.now})
}

// A learner belongs to one institution. Whoever could sign in at two would be
// moved to the other one each time, records and all.
func TestAnAccountBelongsToOneOfTheInstitutionsThatShareAnIssuer(t *testing.T) {
	const required, two = signin.ReasonRequired, signin.ReasonTwoFit
	for name, c := range map[string]struct {
		claims, userinfo     claims
		mercy, harbor, lakes signin.Reason // why the account is turned away there; empty: it is let in
	}{
		"one group as a text":     {claims{"groups": "mercy-staff"}, nil, "", required, required},
		"one group of a list":     {claims{"groups": []string{"harbor-staff", "x"}}, nil, required, "", required},
		"both groups of one":      {claims{"groups": []string{"mercy-staff", "mercy-guests"}}, nil, "", required, required},
		"groups of two":           {claims{"groups": []string{"mercy-guests", "harbor-staff"}}, nil, two, two, required},
		"half of what two need":   {claims{"groups": []string{"mercy-staff", "lakes-staff"}}, nil, "", required, required},
		"the whole of it":         {claims{"groups": []string{"mercy-staff", "lakes-staff"}, "unit": "north"}, nil, two, required, two},
		"another unit":            {claims{"groups": []string{"mercy-staff", "lakes-staff"}, "unit": "south"}, nil, "", required, required},
		"groups of all three":     {claims{"groups": []string{"mercy-staff", "harbor-staff", "lakes-staff"}, "unit": "north"}, nil, two, two, two},
		"groups of none":          {claims{"groups": []string{"x"}}, nil, required, required, required},
		"the rest in the details": {claims{"groups": []string{"mercy-staff", "lakes-staff"}, "name": "Ana", "email": "a@b.example", "npi": "1234567893"}, claims{"unit": "north"}, two, required, two},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.claims, p.userinfo = c.claims, c.userinfo
			rp := p.shared()
			for institution, want := range map[app.InstitutionID]signin.Reason{"mercy": c.mercy, "harbor": c.harbor, "lakes": c.lakes} {
				a, err := p.signInAt(rp, institution)
				assert.Equal(t, want, signin.ReasonOf(err), "at %s: %v", institution, err)
				if want == "" {
					require.NoError(t, err)
					assert.Equal(t, institution, a.Institution)
					continue
				}
				require.ErrorIs(t, err, signin.ErrRejected)
			}
		})
	}
}

// Groups of another provider are not ours to compare: they may have the same names.
func TestAnInstitutionWithAnIssuerOfItsOwnTurnsNobodyAwayForAnother(t *testing.T) {
	p, q := newProvider(t), newProvider(t)
	p.claims["groups"] = []string{"staff"}
	mercy, harbor := p.registered(), q.registered()
	mercy.Require, harbor.Require = map[string][]string{"groups": {"staff"}}, map[string][]string{"groups": {"staff"}}
	harbor.Institution = "harbor"
	_, err := p.signIn(signin.New([]signin.Provider{mercy, harbor}, signin.Options{Now: p.clock.now}))
	assert.NoError(t, err)
}
