package paper_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/sfnt"

	"first5/app/paper"
)

func TestNamesOfManyPeoplesArePrinted(t *testing.T) {
	for name, printed := range map[string]string{
		"Nguyễn Thị Hồng Nhung":          "",
		"Ελένη Παπαδοπούλου":             "",
		"Олександра Шевченко-Ґалаґан":    "",
		"Şule Yıldız Öğüt":               "",
		"Łukasz Żółć":                    "",
		"Kaʻiulani O’Brien":              "",
		"Þórður Æðelstan":                "",
		"Jose\u0301 Nu\u0301n\u0303ez":   "José Núñez",
		"Ana\r\nMaria\tLópez\u2028Ruiz":  "Ana Maria López Ruiz",
		"\u202eDM ,zeñúN anA":            "DM ,zeñúN anA",
		"Zo\u00adë  \u200b Mar\ufefftin": "Zoë Martin",
		"A\x00B\x1bC":                    "A B C",
		`(Bob) \ "Rob" <b> {nb} %d %PDF`: "",
	} {
		if printed == "" {
			printed = name
		}
		c := ofAna()
		c.Name = name
		r := certificate(t, c, paper.A4, english)
		assert.Contains(t, said(t, r), "certifiesthat"+tight(printed)+"completed", name)
	}
}

func TestLettersThatTheDocumentLacksAreRefused(t *testing.T) {
	for what, change := range map[string]func(*paper.Certificate){
		"an Arabic name":                  func(c *paper.Certificate) { c.Name = "د. ليلى حداد" },
		"a Chinese name":                  func(c *paper.Certificate) { c.Name = "王小明" },
		"a mark that no letter has":       func(c *paper.Certificate) { c.Name = "Ọ̀ṣun" },
		"a picture in the title":          func(c *paper.Certificate) { c.Title = "Names first 👋" },
		"an institution":                  func(c *paper.Certificate) { c.Institution = "תל השומר" },
		"a day":                           func(c *paper.Certificate) { c.Day = "२०२६" },
		"a credit statement":              func(c *paper.Certificate) { c.Credit = "学分" },
		"the day of a withdrawal":         func(c *paper.Certificate) { c.Withdrawn = "四月" },
		"a name that is no text":          func(c *paper.Certificate) { c.Name = "Ana \xff\xfe" },
		"an Arabic name after much Latin": func(c *paper.Certificate) { c.Name = strings.Repeat("Ana ", 200) + "ليلى" },
	} {
		c := ofAna()
		change(&c)
		var out bytes.Buffer
		assert.ErrorIs(t, paper.WriteCertificate(&out, c, paper.A4, english), paper.ErrLetters, what)
		assert.Zero(t, out.Len(), what)
	}
	var out bytes.Buffer
	inHebrew := func(string, ...any) string { return "תעודה" }
	assert.ErrorIs(t, paper.WriteCertificate(&out, ofAna(), paper.A4, inHebrew), paper.ErrLetters, "our own words")
	assert.Zero(t, out.Len())
}

func TestLongTextsStayWithinTheMargins(t *testing.T) {
	sixty := strings.Repeat("Wolfeschlegelstein", 4)[:60]
	texts := map[string]string{
		"200 letters": strings.Repeat("Maximiliane Papadopoulou ", 8),
		"long words":  sixty + " " + sixty + "-" + sixty,
		"one word":    strings.Repeat("W", 200),
		"much more":   strings.Repeat("WWWWWWWWW ", 2000),
		"wide marks":  strings.Repeat("Ǽ—™", 100),
		"no words":    "",
	}
	for what, text := range texts {
		for _, size := range []paper.Paper{paper.A4, paper.Letter} {
			for _, withdrawn := range []string{"", text} {
				c := ofAna()
				c.Name, c.Title, c.Institution, c.Edition, c.Day, c.Number, c.Withdrawn = text, text, text, text, text, text, withdrawn
				c.Credit = strings.Repeat(text, 7)
				r := certificate(t, c, size, wordy)
				page := r.Page(1)
				within(t, page, 20, what)
				codeOn(t, page) // nothing runs into the code
			}
		}
	}
}

func TestALongTitleIsPrintedWhole(t *testing.T) {
	c := ofAna()
	c.Title = strings.TrimSpace(strings.Repeat("What patients want you to know ", 7)[:200])
	c.Name = strings.Repeat("Konstantinopolitana", 10)
	text := said(t, certificate(t, c, paper.Letter, wordy))
	assert.Contains(t, text, tight(c.Title))
	assert.Contains(t, text, tight(c.Name))
	assert.NotContains(t, text, "…")
	c.Title = strings.Repeat("Endless ", 100)
	assert.Contains(t, said(t, certificate(t, c, paper.Letter, english)), "EndlessEnd…", "what can't be printed whole shows that it is not")
}

func TestBothWeightsHaveTheSameLettersAndAreSmall(t *testing.T) {
	files := []string{"fonts/literata-regular.ttf", "fonts/literata-semibold.ttf"}
	regular, strong := parsed(t, files[0]), parsed(t, files[1])
	var buf sfnt.Buffer
	for r := rune(' '); r < 0xffff; r++ {
		a, err := regular.GlyphIndex(&buf, r)
		require.NoError(t, err)
		b, err := strong.GlyphIndex(&buf, r)
		require.NoError(t, err)
		require.Equal(t, a == 0, b == 0, "%q", r)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Less(t, info.Size(), int64(180_000))
	}
	assert.FileExists(t, "fonts/literata-LICENSE.txt")
}
