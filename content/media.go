package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"image"
	_ "image/gif"  // for the sizes of pictures
	_ "image/jpeg" // for the sizes of pictures
	_ "image/png"  // for the sizes of pictures
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	_ "golang.org/x/image/webp" // for the sizes of pictures
)

// pictures makes pictures and videos of the document's images. One that stands
// alone in a paragraph becomes a figure, with the image's title as its caption.
func (d *draft) pictures() {
	for _, img := range d.found.images {
		if img.Parent() == nil {
			continue // it was in the alternative text of another one
		}
		alt, caption := plainText(img, d.source), unescape(img.Title)
		if alt == "" {
			d.error(img, "no-alternative-text",
				"this image has no alternative text: say between the brackets what one would miss who can't see it, as in ![A nurse sits down](nurse.jpg)")
		}
		paragraph := img.Parent()
		alone := paragraph.Kind() == ast.KindParagraph && paragraph.ChildCount() == 1
		title := caption
		if alone {
			title = ""
		}
		s := &span{role: media, open: d.picture(img, alt, title)}
		img.RemoveChildren(img)
		replace(img, s)
		if alone && s.open != "" {
			replace(paragraph, figure(caption))
		}
	}
}

func figure(caption string) *element {
	f := &element{open: "<figure>", close: "</figure>\n", caption: caption}
	if caption != "" {
		f.close = "\n<figcaption>" + html.EscapeString(caption) + "</figcaption>" + f.close
	}
	return f
}

// picture returns the markup of an image, or nothing if it can't be shown.
func (d *draft) picture(img *ast.Image, alt, title string) string {
	address := unescape(img.Destination)
	u, err := url.Parse(address)
	if err == nil && (u.Scheme != "" || u.Host != "") {
		d.error(img, "image-elsewhere", "an image can't come from %q: put the file beside this one and write its name", short(address))
		return ""
	}
	if err != nil || u.Path == "" || strings.ContainsRune(address, '\\') {
		d.error(img, "bad-link", "the address %q of this image can't be read: write the name of a file beside this one", short(address))
		return ""
	}
	name := path.Clean(u.Path)
	data, ok := d.file(img, name)
	if !ok {
		return ""
	}
	switch kind := contentType(name); {
	case strings.HasPrefix(kind, "video/"):
		return d.video(img, name, data, alt)
	case !strings.HasPrefix(kind, "image/"):
		d.error(img, "not-an-image",
			"%q is not a picture or a video that browsers show: take a PNG, JPEG, GIF, WebP, SVG, MP4 or WebM file", name)
		return ""
	}
	attributes := d.size(img, name, data)
	if title != "" {
		attributes += ` title="` + html.EscapeString(title) + `"`
	}
	return fmt.Sprintf(`<img src="%s" alt="%s"%s loading="lazy" decoding="async">`,
		d.addAsset(name, data), html.EscapeString(alt), attributes)
}

// video returns the markup of a video, which must have captions.
func (d *draft) video(img *ast.Image, name string, data []byte, alt string) string {
	captions, language := d.captions(strings.TrimSuffix(name, path.Ext(name)))
	track, ok := d.files.File(captions)
	if !ok {
		d.error(img, "no-captions", "the video %q has no captions: add a file %q beside it", name, captions)
		return ""
	}
	d.used[captions] = true
	return fmt.Sprintf(`<video controls preload="metadata" src="%s" aria-label="%s">`+
		`<track kind="captions" src="%s" srclang="%s" label="%s" default></video>`,
		d.addAsset(name, data), html.EscapeString(alt), d.addAsset(captions, track), html.EscapeString(language), d.phrases.captions)
}

// captions returns the file that has the captions of a video, and their
// language. A translation's own, greeting.es.vtt, go before the module's.
func (d *draft) captions(video string) (name, language string) {
	if d.original == nil {
		return video + ".vtt", d.language
	}
	own := video + "." + d.language + ".vtt"
	if _, ok := d.files.File(own); ok {
		return own, d.language
	}
	return video + ".vtt", d.original.language
}

// size returns the width and height of a picture as attributes, so that the
// page does not jump when it arrives.
func (d *draft) size(img *ast.Image, name string, data []byte) string {
	var width, height int
	switch contentType(name) {
	case "image/svg+xml":
		drawing := readSVG(data)
		if drawing.problem != "" {
			d.error(img, "unsafe-svg", "the drawing %q can't be shown: %s", name, drawing.problem)
		}
		width, height = drawing.width, drawing.height
		if drawing.problem == "" && (width == 0 || height == 0) {
			d.warn(img, "no-size", "the drawing %q does not say its size, so the page would jump when it comes: give it a width and a height, or a viewBox", name)
		}
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		config, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			d.error(img, "not-an-image", "the picture %q can't be opened: save it again as %s", name, strings.ToUpper(path.Ext(name)[1:]))
		}
		width, height = config.Width, config.Height
	}
	if width == 0 || height == 0 {
		return ""
	}
	return fmt.Sprintf(` width="%d" height="%d"`, width, height)
}

// addAsset adds a file to those that the module shows and returns its address.
func (d *draft) addAsset(name string, data []byte) string {
	a := Asset{
		Path:        AssetPath(name, data),
		ContentType: contentType(name),
		Data:        data,
	}
	if !slices.ContainsFunc(d.assets, func(b Asset) bool { return a.Path == b.Path }) {
		d.assets = append(d.assets, a)
	}
	return a.Path
}

// AssetPath returns the address of a module's file, made from its content.
func AssetPath(name string, data []byte) string {
	sum := sha256.Sum256(data)
	return "/assets/" + hex.EncodeToString(sum[:8]) + "/" + plainName(path.Base(name))
}

// plainName replaces what would need escaping in an address. Two files still
// don't meet there: the address has their digests too.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, name)
}

// contentType returns what a file is by its name. It knows only kinds that
// can't run anything in a reader's browser; others are mere downloads.
func contentType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".svg":
		return "image/svg+xml"
	case ".mp4":
		return "video/mp4"
	case ".webm":
		return "video/webm"
	case ".vtt":
		return "text/vtt; charset=utf-8"
	case ".pdf":
		return "application/pdf"
	}
	return "application/octet-stream"
}
