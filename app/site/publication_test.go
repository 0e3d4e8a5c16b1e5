package site_test

import (
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withoutGreet returns the test's modules without "greet".
func withoutGreet(t *testing.T) fstest.MapFS {
	t.Helper()
	files := renamed(t, "Greet first")
	delete(files, "first-5-minutes/greet/module.md")
	program := files["first-5-minutes/program.md"]
	program.Data = []byte(strings.Replace(string(program.Data), "[greet, listen]", "[listen]", 1))
	return files
}

// nextEdition returns the test's modules with "greet" in its edition of 2027.
func nextEdition(t *testing.T) fstest.MapFS {
	t.Helper()
	files := renamed(t, "Greet anew")
	greet := files["first-5-minutes/greet/module.md"]
	before := string(greet.Data)
	greet.Data = []byte(strings.Replace(before, `edition: "2026"`, `edition: "2027"`, 1))
	require.NotEqual(t, before, string(greet.Data))
	return files
}

func TestAModuleThatIsWithdrawnIsFinishedByWhoeverBeganIt(t *testing.T) {
	h := newHouse(t)
	middle, completed, late := h.as(noor), h.as(amara), h.as(daniel)
	middle.open("greet")
	completed.answer("greet", right())
	certificate := completed.get("/learning").link("Greet first")
	h.publish(withoutGreet(t))

	assert.NotContains(t, middle.get("/modules").text(), "Greet first", "it is no longer offered")
	learning := middle.get("/learning")
	assert.Contains(t, learning.text(), "Begun Greet first")
	p := middle.get(learning.link("Greet first"))
	assert.Equal(t, 200, p.status)
	assert.Contains(t, p.text(), "You sit down.")
	assert.Contains(t, middle.send(p, "/attempts", wrong()).text(), "The chart does not mind", "the result is told")
	result := middle.send(middle.get("/modules/greet"), "/attempts", right())
	assert.Contains(t, result.text(), "Module completed")
	assert.Contains(t, middle.get("/learning").text(), "Done Greet first Completed")
	assert.Contains(t, middle.get("/modules/greet").text(), "You sit down.", "and it may be read again")

	assert.Contains(t, completed.get("/modules/greet").text(), "You sit down.")
	assert.Equal(t, 200, completed.get(certificate).status, "certificates stay")
	assert.Len(t, byName(h.as(manager).records()), 1, "and so do records")

	for _, path := range []string{"/modules/greet", "/modules/greet/attempts/aaaaaaaa"} {
		assert.Equal(t, 404, late.get(path).status, "for everyone else it is gone")
	}
	_, listen := late.fill("listen", nil)
	assert.Equal(t, 404, late.post("/modules/greet/begin", url.Values{"csrf": listen["csrf"]}).status)
}

func TestANewEditionWaitsUntilTheOldOneIsCompleted(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	b.open("greet")
	h.publish(nextEdition(t))

	assert.Contains(t, b.get("/modules").text(), "Greet anew Say your name and ask for theirs. 5 minutes Begun")
	p := b.get("/modules/greet")
	assert.Contains(t, p.text(), "Greet first", "what she began")
	assert.Contains(t, b.send(p, "/attempts", right()).text(), "Module completed")
	assert.NotContains(t, b.get("/modules").text(), "5 minutes Completed")

	assert.Contains(t, b.answer("greet", right()).text(), "Module completed", "the new one begins anew")
	editions := map[string]string{}
	for _, row := range byName(h.as(manager).records()) {
		editions[row["edition"]] = row["title"] + " " + row["status"]
	}
	assert.Equal(t, map[string]string{"2026": "Greet first passed", "2027": "Greet anew passed"}, editions)
}

func TestAnswersParkedForAWithdrawnModuleAreCounted(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	h.clock.pass(13 * time.Hour)
	h.publish(withoutGreet(t))
	parked := b.post(address, fields)
	back := b.signIn(noor, "?"+url.Values{"return": {parked.url.Query().Get("return")}}.Encode())
	assert.Contains(t, back.text(), "Module completed")
}
