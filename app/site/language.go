package site

import (
	"net/url"
	"strings"
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

// longestTag is how long the name of a language may be that is remembered.
const longestTag = 35

// language returns the language of the interface that the request's reader
// likes best.
func (s *Site) language(c *fiber.Ctx) string { return s.choose(c, web.Languages(), s.languages) }

// switches returns links to the page of a request in the other languages of the
// interface. What was sent in a form is shown anew by none of them, nor is what a
// provider sent: that must not stand in a link.
func (s *Site) switches(c *fiber.Ctx, shown string) []web.Switch {
	if c.Method() != fiber.MethodGet || strings.HasSuffix(c.Path(), "/callback") {
		return nil
	}
	var others []web.Switch
	for _, l := range web.Languages() {
		if l != shown {
			others = append(others, web.Switch{Language: l, Name: nameOf(l), Address: addressIn(c, l)})
		}
	}
	return others
}

// addressIn returns the address of a request with a language asked for. Where a
// page shows what is private to a learner, nothing else of the query goes into it:
// who can make somebody's browser ask for an address could learn from the length
// of the compressed page whether what they put there stands in it.
func addressIn(c *fiber.Ctx, language string) string {
	u, err := url.Parse(ownPath(c.OriginalURL()))
	if err != nil {
		return "?lang=" + language
	}
	q := u.Query()
	if u.Path == "/learning" || strings.HasPrefix(u.Path, "/learning/") || strings.HasPrefix(u.Path, "/modules/") {
		q = url.Values{}
	}
	q.Set("lang", language)
	u.RawQuery = q.Encode()
	return u.String()
}

func nameOf(l string) string { return display.Self.Name(language.Make(l)) }

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
			others = append(others, web.Translation{Language: l, Name: nameOf(l)})
		}
	}
	return m.In(chosen), others
}

// chooseLanguage returns the one of the languages that the request's reader likes
// best, or else the first. What its address asks for is remembered, if it is one
// of them: the interface and a module may have others.
func (s *Site) chooseLanguage(c *fiber.Ctx, languages []string) string {
	return s.choose(c, languages, matcherOf(languages))
}

// matcherOf returns what finds the one of the languages that somebody likes best.
// Making one takes longer than using it.
func matcherOf(languages []string) language.Matcher {
	var available []language.Tag
	for _, l := range languages {
		available = append(available, language.Make(l))
	}
	return language.NewMatcher(available)
}

func (s *Site) choose(c *fiber.Ctx, languages []string, matcher language.Matcher) string {
	if asked := c.Query("lang"); asked != "" && len(asked) <= longestTag {
		tag, err := language.Parse(asked)
		_, i, sure := matcher.Match(tag)
		if err == nil && sure >= language.High {
			s.rememberLanguage(c, tag.String())
			return languages[i]
		}
	}
	// What can't be read is no preference.
	_, i := language.MatchStrings(matcher, c.Cookies(languageCookie), c.Get(fiber.HeaderAcceptLanguage))
	return languages[i]
}

func (s *Site) rememberLanguage(c *fiber.Ctx, tag string) {
	c.Cookie(&fiber.Cookie{
		Name: languageCookie, Value: tag, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		Secure: s.https, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}
