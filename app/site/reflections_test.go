package site_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestALearnerRereadsWhatTheyWrote(t *testing.T) {
	h := staying(t)
	b := h.as(noor)
	assert.Contains(t, b.get("/learning/reflections").text(), "Nothing yet. Some modules ask you something for yourself")
	b.open("stay")
	b.reflects("On <b>Monday</b>.\n\n  # Not a heading")

	p := b.get("/learning/reflections")
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	for _, shown := range []string{"What you wrote", "Nobody else is shown this, neither your institution nor CHEST. It is kept in First5’s database and in its backups.", "It is gone from First5 at once, and from its backups as those are replaced.", "Stay a while", "When did you stay?", "On <b>Monday</b>. # Not a heading"} {
		assert.Contains(t, p.text(), shown)
	}
	assert.NotContains(t, p.body, "<b>Monday")
	assert.Equal(t, "/modules/stay#last", p.link("Change"))
	assert.Contains(t, b.in("es", "/learning/reflections").text(), "Quédese un rato")

	h.publish(shelf(map[string]string{"program.md": strings.Replace(program, "stay, ", "", 1), "hush/module.md": hush}))
	gone := b.get("/learning/reflections")
	assert.Contains(t, gone.text(), "When did you stay?", "also when the module is withdrawn")
	assert.Empty(t, gone.link("Change"), "but nothing asks it any more")
}

func TestWhatIsDeletedIsGone(t *testing.T) {
	b := staying(t).as(noor)
	b.open("stay")
	b.reflects("Gone tomorrow.")
	_, fields := b.get("/learning/reflections").form(t, "/learning/reflections")
	assert.Equal(t, "last", fields.Get("id"))
	fields.Set("do", "some")
	assert.Equal(t, 400, b.post("/learning/reflections", fields).status)
	fields.Set("do", "one")
	p := b.post("/learning/reflections", fields)
	assert.Contains(t, p.text(), "Deleted.")
	assert.Contains(t, p.text(), "Nothing yet.")
	assert.NotContains(t, b.get("/modules/stay").body, "Gone tomorrow.")

	b.reflects("And this.")
	all := b.post("/learning/reflections", url.Values{"csrf": {fields.Get("csrf")}, "do": {"all"}})
	assert.Contains(t, all.text(), "Nothing yet.")
	assert.Equal(t, 403, b.post("/learning/reflections", url.Values{"do": {"all"}}).status)
}

func TestWhatWasWrittenIsDownloadedAsAFile(t *testing.T) {
	b := staying(t).as(noor)
	assert.Contains(t, b.get("/learning/reflections.md").body, "# What you wrote\n\nNothing yet.")
	b.open("stay")
	b.reflects("On *Monday*:\n# not a heading\n\n<script>")
	p := b.get("/learning/reflections.md")
	assert.Equal(t, `attachment; filename="first5-reflections.md"`, p.header.Get("Content-Disposition"))
	assert.Equal(t, "text/markdown; charset=utf-8", p.header.Get("Content-Type"))
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	before, day, _ := strings.Cut(p.body, "### When did you stay?\n\n")
	assert.Equal(t, "# What you wrote\n\n## Stay a while\n\n", before)
	day, text, _ := strings.Cut(day, "\n\n")
	assert.Regexp(t, `^\d+ \w+ \d{4}$`, day)
	assert.Equal(t, "> On \\*Monday\\*:  \n> \\# not a heading\n>\n> \\<script\\>\n\n", text)
	assert.Contains(t, b.in("es", "/learning/reflections.md").body, "# Lo que escribió\n\n## Quédese un rato\n")
	assert.Contains(t, newHouse(t).browser().get("/learning/reflections.md").url.Path, "/signin")
}
