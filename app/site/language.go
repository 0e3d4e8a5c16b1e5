package site

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"first5/app"
	"first5/web"
)

// languageCookie holds the language that somebody chose to read in. Without it
// the browser's own preferences count.
const languageCookie = "lang"

// inLanguage returns the module in the language that its reader likes best of
// those that it has, and links to the others.
func (s *Site) inLanguage(c *fiber.Ctx, m *app.Module) (*app.Module, []web.Translation) {
	if len(m.Translations) == 0 {
		return m, nil
	}
	languages := []string{m.Language}
	for _, t := range m.Translations {
		languages = append(languages, t.Language)
	}
	chosen := s.chooseLanguage(c, languages)
	var others []web.Translation
	for _, l := range languages {
		if l != chosen {
			others = append(others, web.Translation{Language: l, Name: display.Self.Name(language.Make(l))})
		}
	}
	return m.In(chosen), others
}

// chooseLanguage returns the one of the languages that the request asks for, or
// else the first. What its address asks for is remembered.
func (s *Site) chooseLanguage(c *fiber.Ctx, languages []string) string {
	if asked := c.Query("lang"); slices.Contains(languages, asked) {
		c.Cookie(&fiber.Cookie{
			Name: languageCookie, Value: asked, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
			Secure: s.https, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
		})
		return asked
	}
	var available []language.Tag
	for _, l := range languages {
		available = append(available, language.Make(l))
	}
	// What can't be read is no preference.
	_, i := language.MatchStrings(language.NewMatcher(available), c.Cookies(languageCookie), c.Get(fiber.HeaderAcceptLanguage))
	return languages[i]
}
