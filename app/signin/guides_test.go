package signin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"first5/app/signin"
)

func TestThereIsAGuideForEachProductThatHospitalsUse(t *testing.T) {
	titles := map[string]string{}
	var ids []string
	for _, g := range signin.Guides() {
		ids = append(ids, g.ID)
		titles[g.ID] = g.Title
	}
	assert.Equal(t, []string{"entra", "google", "keycloak", "okta", "ping", "shibboleth"}, ids)
	assert.Equal(t, "Microsoft Entra ID", titles["entra"])
	assert.Equal(t, "Shibboleth IdP with the OIDC OP plugin", titles["shibboleth"])
}

// IT that has registered First5 at one product finds its way in another's guide.
func TestEveryGuideHasTheSameParts(t *testing.T) {
	want := []string{
		"1. What you need", "2. Register First5", "3. Claims", "4. The YAML for First5",
		"5. Check", "6. What goes wrong", "7. Sources",
	}
	for _, g := range signin.Guides() {
		t.Run(g.ID, func(t *testing.T) {
			var titles, parts []string
			for line := range guideProse(g.Text) {
				title, isTitle := strings.CutPrefix(line, "# ")
				part, isPart := strings.CutPrefix(line, "## ")
				switch {
				case isTitle:
					titles = append(titles, title)
				case isPart:
					parts = append(parts, part)
				}
			}
			assert.Equal(t, []string{g.Title}, titles)
			assert.Equal(t, want, parts)
		})
	}
}

func TestEveryGuideIsShortEnoughToBeReadAndSaysWhatItMust(t *testing.T) {
	for _, g := range signin.Guides() {
		t.Run(g.ID, func(t *testing.T) {
			lines := strings.Count(g.Text, "\n")
			assert.GreaterOrEqual(t, lines, 60)
			assert.LessOrEqual(t, lines, 110)

			register, check := guidePart(t, g, "2. Register First5"), guidePart(t, g, "5. Check")
			assert.Contains(t, register, "`{base_url}/signin/{id}/callback`", "the redirect address")
			assert.Contains(t, register, "`{base_url}/signed-out`", "the sign-out address")
			assert.Contains(t, register, "Back-channel logout address", "even if there is none")
			assert.Contains(t, register, "S256")
			assert.Contains(t, check, "`first5 signin check --config first5.yaml {id}`")

			symptoms := strings.Count(guidePart(t, g, "6. What goes wrong"), "\n- **")
			assert.GreaterOrEqual(t, symptoms, 3)
			assert.GreaterOrEqual(t, strings.Count(guidePart(t, g, "7. Sources"), "<https://"), 3)
		})
	}
}

func TestWhoeverCopiesAGuidesEntryHasOneThatFirst5CanUse(t *testing.T) {
	for _, g := range signin.Guides() {
		t.Run(g.ID, func(t *testing.T) {
			i := exampleOf(t, g)
			assert.NotEmpty(t, i.ID)
			assert.NotEmpty(t, i.Name)
			assert.NotEmpty(t, i.ClientID)
			assert.NotEmpty(t, i.ClientSecretFile, "a secret in the file itself is a bad example")
			assert.NotEmpty(t, i.Domains)
			assert.True(t, strings.HasPrefix(i.Issuer, "https://"), i.Issuer)
			assert.False(t, strings.HasSuffix(i.Issuer, "/"), i.Issuer)
			assert.Contains(t, []string{"", "basic", "post", "private_key_jwt"}, i.ClientAuth)
			assert.False(t, i.Operators, "no institution's people are operators by way of an example")
			assert.Empty(t, i.Roles.Operator)
			if i.Scopes != nil {
				assert.Contains(t, i.Scopes, "openid")
			}
		})
	}
}

// Google's issuer is the same for everybody, so that an entry without the
// institution's domain lets all the world in.
func TestGooglesEntryLetsInOnlyTheInstitutionsOwn(t *testing.T) {
	i := exampleOf(t, guideFor(t, "google"))
	assert.Equal(t, i.Domains, i.Require["hd"])
	assert.Empty(t, i.Roles.Manager, "Google's tokens hold nothing that could make a manager")
	assert.Empty(t, i.Roles.Educator)
	assert.Equal(t, map[string]string{"npi": "", "roles": ""}, i.Claims, "what Google never has need not be asked for")
	assert.ElementsMatch(t, []string{"oauth2.googleapis.com", "www.googleapis.com", "openidconnect.googleapis.com"}, i.Hosts)
}

func TestEntrasEntryIsForOneTenantAndTakesAppRoles(t *testing.T) {
	i := exampleOf(t, guideFor(t, "entra"))
	assert.NotContains(t, i.Issuer, "/common/")
	assert.NotContains(t, i.Issuer, "/organizations/")
	assert.Equal(t, "roles", i.Claims["roles"], "of whoever is in many groups, Entra leaves the groups out")
	assert.Equal(t, []string{"graph.microsoft.com"}, i.Hosts)
}

// exampleEntry is what an institution may be configured with. It is written out
// here, so that a guide that uses a setting which First5 lacks fails.
type exampleEntry struct {
	ID, Name, Issuer string
	ClientID         string `yaml:"client_id"`
	ClientSecret     string `yaml:"client_secret"`
	ClientSecretFile string `yaml:"client_secret_file"`
	ClientAuth       string `yaml:"client_auth"`
	ClientKeyFile    string `yaml:"client_key_file"`
	Domains, Scopes  []string
	Claims           map[string]string
	Roles            struct{ Manager, Educator, Operator []string }
	Operators        bool
	Require          map[string][]string
	Hosts, Programs  []string
}

// exampleOf returns the institution of a guide's YAML.
func exampleOf(t *testing.T, g signin.Guide) exampleEntry {
	t.Helper()
	_, rest, found := strings.Cut(guidePart(t, g, "4. The YAML for First5"), "```yaml\n")
	require.True(t, found, "no YAML")
	text, _, found := strings.Cut(rest, "```\n")
	require.True(t, found, "the YAML does not end")
	var file struct{ Institutions []exampleEntry }
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&file))
	require.Len(t, file.Institutions, 1)
	i := file.Institutions[0]
	for claim := range i.Claims {
		require.Contains(t, []string{"name", "email", "npi", "roles"}, claim)
	}
	return i
}

func guideFor(t *testing.T, id string) signin.Guide {
	t.Helper()
	guides := signin.Guides()
	i := slices.IndexFunc(guides, func(g signin.Guide) bool { return g.ID == id })
	require.GreaterOrEqual(t, i, 0, "no guide %q", id)
	return guides[i]
}

// guidePart returns what stands under a heading, up to the next.
func guidePart(t *testing.T, g signin.Guide, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(g.Text, "\n## "+heading+"\n")
	require.True(t, found, "no part %q", heading)
	text, _, _ := strings.Cut(rest, "\n## ")
	return text
}

// guideProse yields a page's lines without its code blocks, where "#" begins a comment.
func guideProse(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		inCode := false
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "```") {
				inCode = !inCode
				continue
			}
			if !inCode && !yield(strings.TrimSuffix(line, "\n")) {
				return
			}
		}
	}
}
