package questionbank_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
	"first5/content/questionbank"
)

// pixel is a picture of one pixel.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

func description(html, files string) string {
	return `<question type="description"><name><text>The room</text></name>` +
		`<questiontext format="html"><text><![CDATA[` + html + `]]></text>` + files + `</questiontext></question>`
}

func file(name, data string) string {
	return `<file name="` + name + `" path="/" encoding="base64">` + data + `</file>`
}

func quiz(questions ...string) []byte {
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<quiz>\n" + strings.Join(questions, "\n") + "\n</quiz>\n")
}

func TestPicturesComeAlongUnderSafeNames(t *testing.T) {
	b, problems := questionbank.ReadMoodleXML("ward.xml", quiz(
		description(`<p><img src="@@PLUGINFILE@@/My%20Room%20(1).PNG" alt="A chair [by] the bed"></p>`, file("My Room (1).PNG", pixel)),
		description(`<img src="@@PLUGINFILE@@/../../etc/passwd.png" alt="Twice">`, file("../../etc/passwd.png", pixel)),
		description(`<img src="@@PLUGINFILE@@/My%20Room%20(1).PNG">`, file("My Room (1).PNG", gif())),
	))
	assert.Empty(t, problems)
	source, problems := b.Module("2026")
	require.Len(t, source, 3)
	assert.Equal(t, "my-room-1.png", source[1].Name)
	assert.Equal(t, "my-room-1-2.png", source[2].Name, "another picture of the same name")
	md := string(source[0].Data)
	assert.Contains(t, md, `title: "ward"`)
	assert.Contains(t, md, `![A chair \[by\] the bed](my-room-1.png)`)
	assert.Contains(t, md, `![Twice](my-room-1.png)`, "the same picture is there once")
	assert.NotContains(t, md, "..")
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Message, "no alternative text")
	_, findings := content.ParseModule("p", "m", source)
	assert.Empty(t, findings)

	cards, problems := b.Cards()
	assert.Contains(t, cards, "A chair \\[by\\] the bed")
	assert.NotContains(t, cards, "![")
	require.Len(t, problems, 3)
	assert.Contains(t, problems[0].Message, "import with --module")
}

// gif returns another picture, which has the ending of a PNG.
func gif() string {
	return base64.StdEncoding.EncodeToString([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
}

func TestAPictureThatCannotBeShownIsToldAndItsWordsStay(t *testing.T) {
	drawing := base64.StdEncoding.EncodeToString([]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`))
	large := strings.Repeat("A", 2<<20)
	for name, test := range map[string]struct{ src, files, why string }{
		"damaged":        {"@@PLUGINFILE@@/a.png", file("a.png", "%%%"), "damaged"},
		"not a picture":  {"@@PLUGINFILE@@/a.png", file("a.png", "aGVsbG8="), "can't be opened"},
		"runs something": {"@@PLUGINFILE@@/a.svg", file("a.svg", drawing), "can't be shown"},
		"too large":      {"@@PLUGINFILE@@/a.png", file("a.png", large), "larger than 1 MB"},
		"missing":        {"@@PLUGINFILE@@/a.png", "", "not the picture"},
		"elsewhere":      {"https://example.org/a.png", "", "does not bring it along"},
		"in its address": {"data:image/png;base64," + pixel, "", "does not bring it along"},
		"of no kind":     {"@@PLUGINFILE@@/a.exe", file("a.exe", pixel), "not a picture"},
	} {
		t.Run(name, func(t *testing.T) {
			b, problems := questionbank.ReadMoodleXML("bank.xml", quiz(description(`<p>Look: <img src="`+test.src+`" alt="a chair"> here.</p>`, test.files)))
			assert.Empty(t, problems)
			source, problems := b.Module("2026")
			require.Len(t, source, 1)
			assert.Contains(t, string(source[0].Data), "Look: a chair here.")
			require.Len(t, problems, 1)
			assert.Contains(t, problems[0].Message, test.why)
		})
	}
}

func TestAFileThatIsNoBankIsRefusedInOneSentence(t *testing.T) {
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune("::A::B{T}")) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, test := range map[string]struct {
		data []byte
		line int
		why  string
	}{
		"empty":            {nil, 1, "holds no question"},
		"comments alone":   {[]byte("// hello\n\n// there\n"), 1, "holds no question"},
		"other XML":        {[]byte("<?xml version=\"1.0\"?><a/>"), 1, "holds no question"},
		"UTF-16":           {wide, 1, "UTF-16"},
		"UTF-16, unmarked": {wide[2:], 1, "UTF-16"},
		"Latin-1":          {[]byte("one\n\ncaf\xe9"), 3, "not UTF-8"},
		"too large":        {make([]byte, questionbank.LargestFile+1), 1, "more than 10 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			b, problems := questionbank.Read("bank.txt", test.data)
			assert.Zero(t, b.Items())
			require.Len(t, problems, 1)
			assert.Equal(t, test.line, problems[0].Line)
			assert.Contains(t, problems[0].String(), test.why)
		})
	}
}

func TestLineEndsAndAByteOrderMarkChangeNothing(t *testing.T) {
	bank := "// [id:need]\n::Need::What did she need?{\n=To be heard#Yes.\n~A faster visit#No.\n}\n\nNext one.\n"
	want, _ := questionbank.Read("bank.gift", []byte(bank))
	wanted, _ := want.Cards()
	assert.Contains(t, wanted, "{#need}")
	for _, same := range []string{"\uFEFF" + bank, strings.ReplaceAll(bank, "\n", "\r\n"), strings.ReplaceAll(bank, "\n", "\r")} {
		b, problems := questionbank.Read("bank.gift", []byte(same))
		assert.Empty(t, problems)
		cards, _ := b.Cards()
		assert.Equal(t, wanted, cards)
	}
}

func TestAnItemThatIsTooLongIsLeftOutAndToldWhy(t *testing.T) {
	for why, html := range map[string]string{
		"make paragraphs of at most":        strings.Repeat("word ", 2000),
		"more than 256 kB":                  strings.Repeat("word ", 60_000),
		"too many HTML elements":            strings.Repeat("<ul><li>", 1000),
		"clear its formatting":              strings.Repeat("<b><i>", 600) + "end",
		"the picture \"a.png\" is left out": `<img src="a.png">`,
	} {
		b, problems := questionbank.ReadMoodleXML("bank.xml", quiz(description("Fine.", ""), description(html, "")))
		assert.Empty(t, problems)
		cards, problems := b.Cards()
		assert.Contains(t, cards, "Fine.")
		require.Len(t, problems, 1)
		assert.Equal(t, 4, problems[0].Line)
		assert.Contains(t, problems[0].Message, why)
	}
}

func TestAVeryLongBankIsReadInParts(t *testing.T) {
	b, problems := questionbank.ReadGIFT("bank.gift", []byte(strings.Repeat("A text.\n\n", 6000)))
	assert.Equal(t, 5000, b.Items())
	require.Len(t, problems, 1)
	assert.Equal(t, 10001, problems[0].Line)
	assert.Contains(t, problems[0].Message, "more than 5000 items")
}

// What would make a careless reader run for hours or fill its memory.
func TestHostileFilesEnd(t *testing.T) {
	deep := strings.Repeat("<ul><li><blockquote><b>", 20000) + "end"
	var billion strings.Builder
	billion.WriteString(`<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "ha">`)
	for i := range 9 {
		fmt.Fprintf(&billion, `<!ENTITY %c "%s">`, 'b'+i, strings.Repeat(fmt.Sprintf("&%c;", 'a'+i), 10))
	}
	billion.WriteString(`]><quiz>` + description("&j;", "")[:60] + `<x>&j;</x></question></quiz>`)
	for name, data := range map[string]string{
		"deep HTML":         string(quiz(description(deep, ""))),
		"deep XML":          "<?xml version='1.0'?><quiz><question>" + strings.Repeat("<a>", 1<<20),
		"many parts":        "<?xml version='1.0'?><quiz><question>" + strings.Repeat("<a/>", 1<<20),
		"entities":          billion.String(),
		"faults everywhere": "<?xml version='1.0'?><quiz>" + strings.Repeat("<question type=", 1<<18),
		"open braces":       strings.Repeat("a{\n\n", 1<<18),
		"a long line":       string(quiz(description(strings.Repeat("_", 250_000), ""), description(strings.Repeat("- &#35;", 30_000), ""), description(strings.Repeat("<b>a</b><i>", 20_000), ""))),
		"a long text":       string(quiz(description(strings.Repeat("word ", 1<<20), ""))),
		"one wide table":    string(quiz(description("<table><tr><td colspan=1000000000 rowspan=1000000000>a", ""))),
	} {
		t.Run(name, func(t *testing.T) {
			b, problems := questionbank.Read("bank", []byte(data))
			cards, more := b.Cards()
			if cards == "" {
				assert.NotEmpty(t, append(problems, more...), "it says why nothing came of it")
			}
		})
	}
}
