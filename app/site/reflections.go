package site

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

func (s *Site) reflections(c *fiber.Ctx, v visitor) error {
	page, err := s.reflectionsPage(c, v)
	if err != nil {
		return err
	}
	page.Frame = s.frame(c, v, web.MyWork, web.T("What you wrote"))
	noStore(c)
	return s.show(c, fiber.StatusOK, page)
}

// reflectionsPage returns all that a learner wrote, without a frame.
func (s *Site) reflectionsPage(c *fiber.Ctx, v visitor) (web.ReflectionsPage, error) {
	all, err := s.Training.Workbooks(c.UserContext(), v.Person)
	if err != nil {
		return web.ReflectionsPage{}, err
	}
	return web.ReflectionsPage{
		Workbooks: slices.DeleteFunc(all, func(w app.Workbook) bool { return len(w.Reflections) == 0 }),
		Titles:    web.Titles{Modules: s.Training.Modules(v.Person), Language: s.language(c)},
		Deleted:   c.Query("did") == "deleted",
	}, nil
}

func (s *Site) forgetReflections(c *fiber.Ctx, v visitor) error {
	var err error
	switch do := c.FormValue("do"); do {
	case "one":
		err = s.Training.ForgetReflection(c.UserContext(), v.Person, app.RecordID(c.FormValue("record")), c.FormValue("id"))
	case "all":
		err = s.Training.ForgetReflections(c.UserContext(), v.Person)
	default:
		err = fmt.Errorf("nothing is deleted by %q: %w", do, fiber.ErrBadRequest)
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/learning/reflections?did=deleted")
}

// reflectionsFile sends all that a learner wrote as a file that any editor opens.
func (s *Site) reflectionsFile(c *fiber.Ctx, v visitor) error {
	page, err := s.reflectionsPage(c, v)
	if err != nil {
		return err
	}
	language := s.language(c)
	var b strings.Builder
	say := func(mark string, m web.Message) {
		b.WriteString(mark + plainMarkdown(s.Views.Say(language, m)) + "\n\n")
	}
	say("# ", web.T("What you wrote"))
	if len(page.Workbooks) == 0 {
		say("", web.T("Nothing yet."))
	}
	for _, in := range page.Written() {
		say("## ", web.Verbatim(in.Title.Text))
		for _, w := range in.All {
			say("### ", web.Verbatim(w.Prompt))
			say("", web.Verbatim(s.Views.Day(language, w.At)))
			b.WriteString(quotedMarkdown(w.Text) + "\n")
		}
	}
	noStore(c)
	c.Attachment("first5-reflections.md")
	c.Set(fiber.HeaderContentType, "text/markdown; charset=utf-8") // Attachment has guessed it by the name
	return c.SendString(b.String())
}

// quotedMarkdown returns a text as a quotation in Markdown: what it says reads the
// same when it is rendered, line by line, whatever signs are in it.
func quotedMarkdown(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	var b strings.Builder
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = escapeMarkdown(line)
		b.WriteString(strings.TrimRight("> "+line, " "))
		if line != "" && i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" {
			b.WriteString("  ") // the line ends here
		}
		b.WriteString("\n")
	}
	return b.String()
}

// plainMarkdown returns a text as one line of Markdown that says just that.
func plainMarkdown(text string) string {
	return escapeMarkdown(strings.Join(strings.Fields(text), " "))
}

// escapeMarkdown returns a line whose signs mean nothing in Markdown. Hyphens and
// the like count at its beginning alone, so that most lines stay as they were.
func escapeMarkdown(line string) string {
	line = strings.TrimSpace(strings.ToValidUTF8(line, ""))
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	var b strings.Builder
	for i, r := range line {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>&~|$", r),
			i == 0 && strings.ContainsRune("#+-=:", r),
			digits > 0 && i == digits && (r == '.' || r == ')'),
			r == '#' && i == len(line)-1, // which would end a heading, and not be part of it
			r == '!' && strings.HasPrefix(line[i:], "!["):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
