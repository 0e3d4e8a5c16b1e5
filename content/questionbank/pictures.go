package questionbank

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"first5/content"
)

// largestPicture is how many bytes a file of a module may have.
const largestPicture = 1 << 20

// pluginFile stands before the names of files that a bank brings along.
const pluginFile = "@@PLUGINFILE@@/"

// pictures collects the pictures that cards show, under names of their own.
type pictures struct {
	kept  bool // false: there is no folder to put them into
	files content.Source
	names map[[sha256.Size]byte]string // by what is in them
	taken map[string]bool
}

func newPictures(kept bool) *pictures {
	return &pictures{kept: kept, names: map[[sha256.Size]byte]string{}, taken: map[string]bool{}}
}

// picture appends a picture, or its alternative text in its place.
func (c *cleaner) picture(to, n *html.Node, in place) {
	if c.pictures == nil {
		return
	}
	alt := singleLine(attribute(n, "alt"))
	src := attribute(n, "src")
	name, problem := c.pictures.add(src, in.files)
	if problem == "" && in.pre {
		problem = "it stands in text with fixed spaces: add it below that"
	}
	if problem != "" {
		if alt == "" {
			alt = "(picture " + beginning(pictureName(src), 60) + ")"
		}
		c.lose(fmt.Sprintf("the picture %q is left out, and its alternative text stands in its place: %s", beginning(pictureName(src), 60), problem))
		to.AppendChild(textNode(" " + alt + " "))
		return
	}
	if alt == "" {
		alt = "Describe this picture: " + name
		c.lose(fmt.Sprintf("the picture %q has no alternative text: say between its brackets what one would miss who can't see it", name))
	}
	img := element(atom.Img)
	img.Attr = []html.Attribute{{Key: "src", Val: name}, {Key: "alt", Val: alt}}
	to.AppendChild(img)
}

// pictureName returns the name of the file that an address leads to.
func pictureName(src string) string {
	name := strings.TrimPrefix(src, pluginFile)
	if decoded, err := url.PathUnescape(name); err == nil {
		name = decoded
	}
	name, _, _ = strings.Cut(name, "?")
	return name
}

// add adds the picture that an address leads to and returns its new name, or
// what keeps it from being added.
func (p *pictures) add(src string, files map[string]string) (name, problem string) {
	if !strings.HasPrefix(src, pluginFile) {
		return "", "the file does not bring it along, so save it beside module.md and show it with ![What it shows](name.png)"
	}
	old := pictureName(src)
	encoded, ok := files[old]
	if !ok {
		return "", "the file has a link to it but not the picture: export the bank again with its files"
	}
	if !p.kept {
		return "", "import with --module to get the pictures too"
	}
	if base64.StdEncoding.DecodedLen(len(encoded)) > largestPicture+largestPicture/20 {
		return "", "it is larger than 1 MB: save it smaller, and import the bank again"
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return "", "its data is damaged: export the bank again"
	}
	if len(data) > largestPicture {
		return "", "it is larger than 1 MB: save it smaller, and import the bank again"
	}
	return p.keep(old, data)
}

// keep keeps a picture, once, if our notation can show it.
func (p *pictures) keep(old string, data []byte) (name, problem string) {
	sum := sha256.Sum256(data)
	if name, ok := p.names[sum]; ok {
		return name, ""
	}
	name = p.free(safeName(old))
	file := content.File{Name: name, Data: data}
	_, findings := content.ParseModule("p", "m", asModule("## M\n\n![Picture]("+name+")\n", content.Source{file}))
	for _, f := range findings {
		if f.Severity == content.Error {
			return "", f.Message
		}
	}
	p.names[sum], p.taken[name] = name, true
	p.files = append(p.files, file)
	return name, ""
}

// free returns a name that no other picture has.
func (p *pictures) free(name string) string {
	base, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	for n := 2; p.taken[name]; n++ {
		name = fmt.Sprintf("%s-%d%s", base, n, ext)
	}
	return name
}

// safeName makes a name of small letters, digits and hyphens with an extension,
// so that it leads nowhere but into the module's folder.
func safeName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	ext := path.Ext(name)
	base := slug(strings.TrimSuffix(name, ext), 60)
	if base == "" {
		base = "picture"
	}
	return base + "." + slug(ext, 5)
}
