package site

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"

	"first5/app"
	"first5/app/paper"
	"first5/web"
)

// press makes documents to print, few at once: each takes a processor for a
// moment, and some megabytes.
type press struct {
	*Site
	free chan struct{} // holds one for each document that is being made
}

const documentsAtOnce = 2

func newPress(s *Site) press { return press{Site: s, free: make(chan struct{}, documentsAtOnce)} }

// document is what a press makes.
type document struct {
	name  string // of the file, without its extension
	page  string // the path of the page that says the same
	write func(w io.Writer, on paper.Paper, say paper.Words) error
}

// send answers with a document on the paper that was asked for.
func (p press) send(c *fiber.Ctx, language string, d document) error {
	on, err := paperFor(c, d)
	if err != nil {
		return err
	}
	made, err := p.make(c, language, on, d)
	if errors.Is(err, paper.ErrLetters) {
		return &problem{
			err:   fmt.Errorf("%w: %w", app.ErrInvalid, err),
			title: web.T("The PDF can’t show every letter"),
			text:  web.T("Its typeface lacks letters that are in this document, for example in the name. The page itself shows them all: open it, and print it with your browser."),
			link:  &web.Link{Address: d.page, Words: web.T("Open the page")},
		}
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="`+d.name+`.pdf"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(made)
}

// make returns a document, once it is its turn.
func (p press) make(c *fiber.Ctx, language string, on paper.Paper, d document) ([]byte, error) {
	select {
	case p.free <- struct{}{}:
		defer func() { <-p.free }()
	case <-c.UserContext().Done():
		return nil, &problem{
			err:   fmt.Errorf("waiting for a document's turn: %w", c.UserContext().Err()),
			title: web.T("Many documents are being made just now"),
			text:  web.T("Yours did not get its turn. Try again in a moment."),
			link:  &web.Link{Address: d.page, Words: web.T("Open the page")},
		}
	}
	var b bytes.Buffer
	err := d.write(&b, on, func(text string, args ...any) string { return p.Views.Say(language, web.T(text, args...)) })
	return b.Bytes(), err
}

// paperFor returns the paper that a request names, or that its reader likely has.
func paperFor(c *fiber.Ctx, d document) (paper.Paper, error) {
	switch on := paper.Paper(c.Query("paper")); on {
	case "":
		return likelyPaper(c), nil
	case paper.A4, paper.Letter:
		return on, nil
	default:
		return "", &problem{
			err:   fmt.Errorf("paper %q: %w", on, app.ErrInvalid),
			title: web.T("That paper is not offered"),
			text:  web.T("There is no paper “%s”. Choose A4 or Letter on the page.", on),
			link:  &web.Link{Address: d.page, Words: web.T("Open the page")},
		}
	}
}

// papers returns links to a document on each paper, the one that its reader likely
// has first.
func papers(c *fiber.Ctx, address string) []web.Link {
	links := []web.Link{
		{Address: address + "?paper=" + string(paper.A4), Words: web.T("Download as PDF, A4")},
		{Address: address + "?paper=" + string(paper.Letter), Words: web.T("Download as PDF, Letter")},
	}
	if likelyPaper(c) == paper.Letter {
		slices.Reverse(links)
	}
	return links
}

// likelyPaper returns the paper of the first country that the reader's languages
// name: "en-CA" names one, "es" does not.
func likelyPaper(c *fiber.Ctx) paper.Paper {
	for _, preferred := range []string{c.Cookies(languageCookie), c.Get(fiber.HeaderAcceptLanguage)} {
		tags, _, err := language.ParseAcceptLanguage(preferred)
		if err != nil {
			continue // what can't be read is no preference
		}
		for _, tag := range tags {
			region, sure := tag.Region()
			if sure != language.Exact || !region.IsCountry() {
				continue
			}
			if slices.Contains(letterCountries(), region.String()) {
				return paper.Letter
			}
			return paper.A4
		}
	}
	return paper.A4
}

// letterCountries have Letter in their printers, as Unicode's CLDR says.
func letterCountries() []string {
	return []string{"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
}
