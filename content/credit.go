package content

import (
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// creditStep is the unit in which credit is given.
const creditStep = 0.25

// terms reads what the front matter of a programme says of its credit.
func (d *draft) terms(p *Program) {
	f := d.front
	p.Disclosures = f.text("disclosures", "")
	p.Accreditation = f.text("accreditation", "")
	p.Release, p.Expires = f.date("release"), f.date("expires")
	if !p.Expires.IsZero() && p.Expires.Before(p.Release) {
		f.wrong(f.values["expires"], "expires", "a day after the release")
	}
	n := f.values["credit"]
	if n == nil {
		return
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		f.wrong(n, "credit", "a list: begin each kind of credit on a line of its own, with two spaces, a hyphen and its type")
		return
	}
	for _, item := range n.Content {
		if c, ok := f.credit(item); ok {
			p.Credit = append(p.Credit, c)
		}
	}
}

// credit reads one kind of credit.
func (f *frontMatter) credit(n *yaml.Node) (Credit, bool) {
	c, before := Credit{}, len(f.page.findings)
	if n.Kind != yaml.MappingNode {
		f.wrong(n, "credit", "a list in which each entry has a type, a maximum and professions")
		return c, false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch key.Value {
		case "type":
			c.Type = strings.TrimSpace(value.Value)
		case "maximum":
			c.Maximum = f.creditAmount(value)
		case "professions":
			for _, p := range value.Content {
				c.Professions = append(c.Professions, p.Value)
			}
		default:
			f.page.error(f.at(key), "unknown-key", "a kind of credit has no key %q: its keys are type, maximum, professions", key.Value)
		}
	}
	if len(f.page.findings) > before {
		return c, false
	}
	if c.Type == "" || c.Maximum == 0 || len(c.Professions) == 0 {
		f.wrong(n, "credit", "a list in which each entry has a type, a maximum such as 0.5, and a list of professions")
		return c, false
	}
	return c, true
}

func (f *frontMatter) creditAmount(n *yaml.Node) float64 {
	v, err := strconv.ParseFloat(n.Value, 64)
	if err != nil || !(v > 0 && v <= 100) || math.Mod(v, creditStep) != 0 {
		f.wrong(n, "maximum", "an amount of credit in steps of 0.25, such as 0.5")
		return 0
	}
	return v
}
