package report

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// told returns the statements of a file, each as a store of them reads it, after
// it was checked as stores check it.
func told(t *testing.T, records ...app.Record) []map[string]any {
	t.Helper()
	all := []map[string]any{}
	for line := range bytes.Lines(contents(t, fileOf(XAPI), records...)) {
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		var s map[string]any
		require.NoError(t, d.Decode(&s))
		checkStatement(t, s)
		all = append(all, s)
	}
	return all
}

// at returns what a statement has at a path of keys.
func at(s any, path ...string) any {
	for _, key := range path {
		inner, ok := s.(map[string]any)
		if !ok {
			return nil
		}
		s = inner[key]
	}
	return s
}

// keys checks that an object has the keys that it must have, and besides them no
// others than it may have.
func keys(t *testing.T, of any, must, may []string) {
	t.Helper()
	object, ok := of.(map[string]any)
	require.True(t, ok, "%v is no object", of)
	for _, k := range must {
		assert.Contains(t, object, k)
	}
	for k, v := range object {
		assert.True(t, slices.Contains(must, k) || slices.Contains(may, k), "%s is no key of it", k)
		assert.NotNil(t, v, "%s is null, which no store takes", k)
		assert.NotEqual(t, "", v, "%s is empty", k)
	}
}

// checkStatement checks what both xAPI 1.0.3 (Part Two, section 2) and 2.0 (IEEE
// 9274.1.1, section 4.2) demand of a statement, as far as ours go.
func checkStatement(t *testing.T, s map[string]any) {
	t.Helper()
	keys(t, s, []string{"id", "actor", "verb", "object", "timestamp"}, []string{"result", "context"})
	checkUUID(t, s["id"])
	checkAgent(t, s["actor"])
	keys(t, s["verb"], []string{"id", "display"}, nil)
	checkIRI(t, at(s, "verb", "id"))
	checkLanguageMap(t, at(s, "verb", "display"))
	when, err := time.Parse(time.RFC3339Nano, s["timestamp"].(string))
	require.NoError(t, err)
	assert.Equal(t, time.UTC, when.Location())
	if at(s, "object", "objectType") == "StatementRef" {
		keys(t, s["object"], []string{"objectType", "id"}, nil)
		checkUUID(t, at(s, "object", "id"))
		assert.Equal(t, verbVoided, at(s, "verb", "id"))
		assert.Nil(t, at(s, "context"), "revision and platform are of activities")
		return
	}
	assert.NotEqual(t, verbVoided, at(s, "verb", "id"), "only a reference is voided")
	checkActivity(t, s["object"])
	checkResult(t, s["result"])
	checkContext(t, s["context"])
}

func checkUUID(t *testing.T, id any) {
	t.Helper()
	parsed, err := uuid.Parse(id.(string))
	require.NoError(t, err)
	assert.Equal(t, parsed.String(), id, "in the standard form")
	assert.Equal(t, uuid.RFC4122, parsed.Variant())
	assert.EqualValues(t, 5, parsed.Version())
}

func checkIRI(t *testing.T, iri any) {
	t.Helper()
	u, err := url.Parse(iri.(string))
	require.NoError(t, err)
	assert.True(t, u.IsAbs() && u.Host != "", "%s has a scheme", iri)
}

func checkLanguageMap(t *testing.T, of any) {
	t.Helper()
	keys(t, of, []string{"en"}, nil)
	assert.NotEmpty(t, at(of, "en"))
}

// checkAgent wants exactly one way to identify the agent: the account.
func checkAgent(t *testing.T, of any) {
	t.Helper()
	keys(t, of, []string{"objectType", "account"}, []string{"name"})
	assert.Equal(t, "Agent", at(of, "objectType"))
	keys(t, at(of, "account"), []string{"homePage", "name"}, nil)
	checkIRI(t, at(of, "account", "homePage"))
	assert.NotEmpty(t, at(of, "account", "name"))
}

func checkActivity(t *testing.T, of any) {
	t.Helper()
	keys(t, of, []string{"objectType", "id"}, []string{"definition"})
	assert.Equal(t, "Activity", at(of, "objectType"))
	checkIRI(t, at(of, "id"))
	keys(t, at(of, "definition"), []string{"type"}, []string{"name"})
	checkIRI(t, at(of, "definition", "type"))
	if name := at(of, "definition", "name"); name != nil {
		checkLanguageMap(t, name)
	}
}

func checkResult(t *testing.T, of any) {
	t.Helper()
	keys(t, of, []string{"success", "completion"}, []string{"score"})
	assert.Equal(t, true, at(of, "success"))
	assert.Equal(t, true, at(of, "completion"))
	if at(of, "score") == nil {
		return
	}
	keys(t, at(of, "score"), []string{"scaled", "raw", "min", "max"}, nil)
	number := func(key string) float64 {
		n, err := at(of, "score", key).(json.Number).Float64()
		require.NoError(t, err)
		return n
	}
	assert.LessOrEqual(t, number("min"), number("raw"))
	assert.LessOrEqual(t, number("raw"), number("max"))
	assert.InDelta(t, number("raw")/number("max"), number("scaled"), 1e-9)
}

func checkContext(t *testing.T, of any) {
	t.Helper()
	keys(t, of, []string{"revision", "platform", "contextActivities", "extensions"}, nil)
	assert.IsType(t, "", at(of, "revision"))
	keys(t, at(of, "contextActivities"), []string{"grouping"}, nil)
	grouping, ok := at(of, "contextActivities", "grouping").([]any)
	require.True(t, ok, "2.0 wants a list")
	for _, a := range grouping {
		checkActivity(t, a)
	}
	for key := range at(of, "extensions").(map[string]any) {
		checkIRI(t, key)
	}
}

// verbsIn returns the last word of each statement's verb.
func verbsIn(all []map[string]any) []string {
	names := []string{}
	for _, s := range all {
		id := at(s, "verb", "id").(string)
		names = append(names, id[strings.LastIndex(id, "/")+1:])
	}
	return names
}

func TestEachKindOfRecordIsToldAsWhatItIs(t *testing.T) {
	all := sample()
	for i, want := range [][]string{{"completed", "passed"}, {}, {"completed"}, {"waived"}, {}, {"voided", "voided"}} {
		assert.Equal(t, want, verbsIn(told(t, all[i])), "%s", all[i].Status())
	}
}

func TestAStatementSaysWhoDidWhatAndHowWell(t *testing.T) {
	s := told(t, passed())[1]
	assert.Equal(t, map[string]any{"homePage": "https://login.mercy-lakes.example", "name": "s1"}, at(s, "actor", "account"))
	assert.Equal(t, "https://first5.example/modules/names-first", at(s, "object", "id"))
	assert.Equal(t, "Names first", at(s, "object", "definition", "name", "en"))
	assert.Equal(t, map[string]any{"scaled": json.Number("0.9"), "raw": json.Number("90"), "min": json.Number("0"), "max": json.Number("100")}, at(s, "result", "score"))
	assert.Equal(t, "3", at(s, "context", "revision"))
	assert.Equal(t, "2026", at(s, "context", "extensions", "https://first5.example/xapi/extensions/edition"))
	assert.Equal(t, "passed", at(s, "context", "extensions", "https://first5.example/xapi/extensions/status"))
	assert.Equal(t, "2026-03-04T12:01:00.005Z", s["timestamp"])
}

func TestAStatementStaysTheSameWhateverComesAfterIt(t *testing.T) {
	before, after := passed(), passed()
	after.Name, after.Email, after.Score, after.Attempts = "Dr Ana Núñez-Ortiz", "ana.ortiz@mercy-lakes.example", score(100), 7
	after.ActiveAt, after.ChangedAt = noon.Add(time.Hour), noon.Add(time.Hour)
	assert.Equal(t, told(t, before), told(t, after))

	other := passed()
	other.Completion.Attempt = "a2"
	next := passed()
	next.ID = "r9"
	late := passed()
	late.Completion.Attempt = ""
	ids := map[any]bool{}
	for _, s := range told(t, before, other, next, late) {
		ids[s["id"]] = true
	}
	assert.Len(t, ids, 8, "no two things that were done share an id")
	later := late
	done := *late.Completion
	done.At, later.Completion = done.At.Add(time.Second), &done
	assert.NotEqual(t, told(t, late)[0]["id"], told(t, later)[0]["id"], "where no attempt is known the time tells them apart")
}

func TestOfWhoeverHasLeftNothingIsToldAnyMore(t *testing.T) {
	left := sample()[4]
	require.True(t, left.Former)
	assert.Empty(t, told(t, left), "a store would refuse another actor under the same id")

	here := left
	here.Former, here.Subject = false, "s1"
	require.Len(t, told(t, here), 2, "it was told before they left")
	here.Withdrawn = &app.Withdrawal{At: noon.Add(time.Hour), Reason: "A secret."}
	gone := here
	gone.Former, gone.Subject, gone.Name = true, "", ""
	assert.Equal(t, told(t, here), told(t, gone), "a withdrawal voids it all the same, and names nobody")
}

func TestSomebodyWithoutASubjectIsNamedByTheirIDHere(t *testing.T) {
	r := passed()
	r.Subject, r.Name, r.Completion.Name = "", "", ""
	actor := at(told(t, r)[0], "actor")
	assert.Equal(t, map[string]any{"homePage": "https://first5.example", "name": "l1"}, at(actor, "account"))
	assert.NotContains(t, actor, "name")
}

func TestAWithdrawnCertificatesStatementsAreVoided(t *testing.T) {
	r := passed()
	before := told(t, r)
	r.Withdrawn = &app.Withdrawal{At: noon.Add(time.Hour), Reason: "A secret."}
	after := told(t, r)
	require.Len(t, after, 2)
	for i := range after {
		assert.Equal(t, before[i]["id"], at(after[i], "object", "id"))
		assert.NotEqual(t, before[i]["id"], after[i]["id"])
		assert.Equal(t, "2026-03-04T13:00:00.005Z", after[i]["timestamp"])
	}
	assert.NotContains(t, string(contents(t, fileOf(XAPI), r)), "secret")
}

func TestAWaiversReasonIsNotTold(t *testing.T) {
	file := string(contents(t, fileOf(XAPI), sample()[3]))
	assert.Contains(t, file, verbWaived)
	assert.NotContains(t, file, "Teaches it.")
}

func TestAFileOfStatementsCountsStatements(t *testing.T) {
	var b bytes.Buffer
	n, err := fileOf(XAPI).Write(&b, sequence(sample(), nil))
	require.NoError(t, err)
	assert.Equal(t, 6, n)
	assert.Equal(t, n, bytes.Count(b.Bytes(), []byte("\n")))
}
