package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/signin"
)

// check runs "first5 signin check" and returns its exit code and what it says.
func (h *hospital) check(institutions ...string) (code int, out, err string) {
	h.t.Helper()
	var printed, refused bytes.Buffer
	args := append([]string{"signin", "check", "--config", h.file}, institutions...)
	code = run(h.t.Context(), args, h.terminal(&printed, &refused))
	return code, printed.String(), refused.String()
}

func TestSignInCheckSaysWhatAnInstitutionsITMustBeTold(t *testing.T) {
	h := newHospital(t)
	code, out, _ := h.check()
	assert.Equal(t, done, code, out)
	for _, i := range []string{"mercy-lakes", "harbor-point"} {
		assert.Contains(t, out, h.base+"/signin/"+i+"/callback")
		assert.Contains(t, out, h.base+"/signin/"+i+"/logout")
	}
	assert.Contains(t, out, h.base+"/signed-out")
	assert.Contains(t, out, "openid profile email")
	assert.Contains(t, out, "ok      The provider answers at")

	code, out, _ = h.check("harbor-point")
	assert.Equal(t, done, code)
	assert.NotContains(t, out, "mercy-lakes")

	code, _, err := h.check("nowhere")
	assert.Equal(t, failed, code)
	assert.Contains(t, err, `there is no institution "nowhere" in the configuration, but mercy-lakes, harbor-point`)
}

func TestSignInCheckFailsWhereNobodyCouldSignIn(t *testing.T) {
	h := newHospital(t)
	config, err := os.ReadFile(h.file)
	require.NoError(t, err)
	broken := strings.Replace(string(config), `/harbor-point", client_id`, `/harbor-point/", client_id`, 1)
	require.NoError(t, os.WriteFile(h.file, []byte(broken), 0o600))
	code, out, _ := h.check()
	assert.Equal(t, failed, code)
	assert.Equal(t, 1, strings.Count(out, "PROBLEM "), out)
	assert.Contains(t, out, "→ First5's operator: the two differ by the slash at the end alone")
}

func TestTheAuditTrailIsToldOfSettingsButOfNoSecret(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "first5.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`
secret: c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldCE=
institutions:
  - id: mercy
    name: Mercy
    issuer: https://login.mercy.example
    client_id: first5
    client_secret: geheim
    hosts: [keys.mercy.example]
    operators: true
    roles: {manager: [cme], operator: [it]}
    require: {hd: [mercy.example], aal: ["2", "3"]}
`), 0o600))
	c, err := readConfig(file, func(string) string { return "" })
	require.NoError(t, err)
	settings := c.audited()
	assert.NotContains(t, fmt.Sprint(settings), "geheim")
	assert.NotContains(t, fmt.Sprint(settings), "c2VjcmV0")
	assert.Equal(t, "12h0m0s", settings[""]["session_idle"])
	mercy := settings["mercy"]
	assert.Equal(t, "a secret", mercy["client_proof"])
	assert.Equal(t, "keys.mercy.example", mercy["hosts"])
	assert.Equal(t, "it", mercy["operators"])
	assert.Equal(t, "yes", mercy["may_have_operators"])
	assert.Equal(t, "aal: 2, 3; hd: mercy.example", mercy["require"])
	assert.NotContains(t, mercy, "programs", "what is not set is not told")

	provider := c.providers()[0]
	assert.Equal(t, "http://localhost:8080/signed-out", provider.SignedOutURL)
	assert.Equal(t, []string{"mercy.example"}, provider.Require["hd"])
	assert.True(t, provider.Operators)
}

func TestEachGuideCanBePrinted(t *testing.T) {
	var list bytes.Buffer
	require.Equal(t, done, run(t.Context(), []string{"signin", "guide"}, terminal{out: &list, err: &list}))
	for _, g := range signin.Guides() {
		assert.Contains(t, list.String(), "first5 signin guide "+g.ID)
		var out bytes.Buffer
		assert.Equal(t, done, run(t.Context(), []string{"signin", "guide", g.ID}, terminal{out: &out, err: &out}))
		assert.Equal(t, g.Text, out.String())
	}
}
