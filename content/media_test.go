package content_test

import (
	"bytes"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// webp is the smallest picture of its kind.
const webp = "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"

func TestAPictureTellsItsSizeSoThatThePageDoesNotJump(t *testing.T) {
	picture := image.NewPaletted(image.Rect(0, 0, 30, 20), palette.Plan9)
	var asPNG, asJPEG, asGIF bytes.Buffer
	require.NoError(t, png.Encode(&asPNG, picture))
	require.NoError(t, jpeg.Encode(&asJPEG, picture, nil))
	require.NoError(t, gif.Encode(&asGIF, picture, nil))
	const size = ` width="30" height="20"`
	for _, test := range []struct{ name, data, want string }{
		{"a.png", asPNG.String(), size},
		{"a.JPG", asJPEG.String(), size},
		{"a.gif", asGIF.String(), size},
		{"a.svg", `<?xml version="1.0"?><!-- A chair --><svg width="30" height="19.6px"><g width="5"/></svg>`, size},
		{"a.svg", `<svg viewBox="0, 0 30 20"/>`, size},
		{"a.svg", `<svg width="100%" height="2em" viewBox="0 0 30 20"/>`, size},
		{"a.webp", webp, ` width="1" height="1"`},
	} {
		html := body(t, "![A chair]("+test.name+")", content.File{Name: test.name, Data: []byte(test.data)})
		assert.Contains(t, html, `alt="A chair"`+test.want+` loading="lazy"`, test.data)
	}
}

func TestAFileMayHaveAnyName(t *testing.T) {
	html := body(t, "[A](<my file (1) ä.pdf>) [B](sub/b.pdf) [C](./c.docx)",
		content.File{Name: "my file (1) ä.pdf", Data: []byte("a")},
		content.File{Name: "sub/b.pdf", Data: []byte("b")},
		content.File{Name: "c.docx", Data: []byte("c")},
	)
	assert.Contains(t, html, `<a href="/assets/ca978112ca1bbdca/my-file--1---.pdf">A</a>`)
	assert.Contains(t, html, `<a href="/assets/3e23e8160039594a/b.pdf">B</a>`)
	assert.Contains(t, html, `<a href="/assets/2e7d2c03a9507ae2/c.docx">C</a>`)
}

func TestAFileShownTwiceIsKeptOnce(t *testing.T) {
	files := append(source(validModule+"\n![A](a.svg)\n\n![B](a.svg)\n"), content.File{Name: "a.svg", Data: []byte(`<svg width="1" height="1"/>`)})
	m, findings := content.ParseModule("p", "s", files)
	assert.Empty(t, findings)
	assert.Len(t, m.Assets, 1)
}
