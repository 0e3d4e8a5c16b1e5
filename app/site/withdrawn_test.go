package site_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAWithdrawnCertificateLooksValidNowhere(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	result := b.answer("greet", right())
	require.Contains(t, result.text(), "Module completed")
	rows, _ := b.transcript()
	path := "/certificates/" + rows[0]["certificate_id"]
	office := h.as(manager)
	require.Equal(t, path[len("/certificates/"):], byName(office.read("/records.csv"))[0]["certificate_id"])
	require.Equal(t, 200, office.withdraw(path, "Somebody else took the quiz.").status)

	today := h.training.Now().UTC().Format("2 January 2006")
	note := "Your certificate was withdrawn on " + today + " . Ask your institution’s office for medical education. Passing this edition again earns no new certificate."
	for _, p := range []page{b.get("/modules/greet"), b.get(result.url.Path), b.send(b.get("/modules/greet"), "/attempts", right())} {
		assert.Contains(t, p.text(), note)
		assert.NotContains(t, p.text(), "Module completed")
		assert.NotContains(t, p.text(), "You completed this module")
	}
	for _, at := range []string{"/", "/modules"} {
		p := b.get(at)
		assert.Contains(t, p.text(), "Withdrawn", at)
		assert.NotContains(t, p.body, `class="tag done"`, at)
	}
	assert.Contains(t, b.get("/").text(), " 0 of ")
	assert.Contains(t, b.in("es", "/").text(), "Retirado")
	assert.Contains(t, b.get(path).text(), "Passing this edition again earns no new certificate.")

	assert.Contains(t, office.get("/records").text(), "Passed Certificate withdrawn")
	row := byName(office.read("/records.csv"))[0]
	assert.Equal(t, "passed", row["status"])
	assert.Empty(t, row["certificate_id"])
	assert.NotEmpty(t, row["completed_at"], "what happened stays on record")
}

func TestTheQuizSaysWhoSeesWhatToWhoHasNotBegun(t *testing.T) {
	b := newHouse(t).as(noor)
	const sees = "Mercy Lakes Health sees that you began and completed the module, when and how (read, or the quiz at once), your best score and how often you tried."
	assert.Contains(t, b.get("/modules/greet").text(), sees)
	assert.Contains(t, b.get("/modules/greet/quiz").text(), sees)
	b.send(b.get("/modules/greet"), "/begin", nil)
	assert.NotContains(t, b.get("/modules/greet/quiz").text(), "sees that", "their cover has told them")
}
