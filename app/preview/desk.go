package preview

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"first5/content"
	"first5/web"
)

func (s *Server) desk(w http.ResponseWriter, r *http.Request) {
	n := s.current.Load()
	m := n.modules[r.PathValue("slug")]
	if m == nil {
		s.noModule(w, n)
		return
	}
	s.show(w, http.StatusOK, deskPage(n, m, viewOf(r)))
}

func deskPage(n *snapshot, m *module, v view) web.DeskPage {
	shown, kept := m.shown()
	written := m.In(v.language)
	page := web.DeskPage{
		Frame:     web.Frame{Title: web.Verbatim(cmp.Or(m.Title, m.Slug)), Wide: true, Proof: true},
		State:     n.id,
		Trouble:   n.trouble,
		Module:    written,
		Program:   m.program.Title,
		Findings:  showFindings(m.version.findings, sourceIn("", m.Source)),
		More:      max(0, len(m.findings)-mostFindings),
		Shown:     v.address("modules", m.Slug),
		Schemes:   schemes(m.Slug, v),
		Languages: languages(m, v),
		Feedback:  feedback(m.Slug, v),
		Parts:     deskCards(written, shown.Module, m.Slug, v),
		Grade:     web.Grade(written.ReadingGrade()),
		Limit:     m.program.ReadingGrade,
	}
	if kept {
		page.LastGood = shown.at.Format(time.TimeOnly)
	}
	page.Errors, page.Warnings = count(m.findings)
	linkCards(page.Findings, m, v)
	return page
}

func schemes(slug string, v view) []web.Toggle {
	var all []web.Toggle
	for _, scheme := range []struct{ name, words string }{{"", "As the system"}, {"light", "Light"}, {"dark", "Dark"}} {
		with := v
		with.scheme = scheme.name
		all = append(all, web.Toggle{
			ID:   "show_" + cmp.Or(scheme.name, "system"),
			Link: web.Link{Address: with.address("desk", slug), Words: web.Verbatim(scheme.words)},
			On:   v.scheme == scheme.name,
		})
	}
	return all
}

func feedback(slug string, v view) web.Toggle {
	with := v
	with.feedback = !v.feedback
	t := web.Toggle{
		ID:   "show_feedback",
		Link: web.Link{Address: with.address("desk", slug), Words: web.Verbatim("Show all feedback")},
		On:   v.feedback,
	}
	if v.feedback {
		t.Words = web.Verbatim("Hide the feedback")
	}
	return t
}

func languages(m *module, v view) []web.Toggle {
	if len(m.Translations) == 0 {
		return nil
	}
	all := []web.Toggle{language(m.Module, "", m.Slug, v)}
	for _, t := range m.Translations {
		all = append(all, language(t, t.Language, m.Slug, v))
	}
	return all
}

func language(m *content.Module, tag, slug string, v view) web.Toggle {
	on := m.In(v.language) == m && v.language == tag
	v.language = tag
	return web.Toggle{ID: "show_in_" + m.Language, Link: web.Link{Address: v.address("desk", slug), Words: web.Verbatim(m.Language)}, On: on}
}

// deskCards counts the cards as they are written, with links to those that the
// frames show.
func deskCards(written, shown *content.Module, slug string, v view) []web.DeskCard {
	longest := time.Second
	for _, c := range written.Cards {
		longest = max(longest, c.ReadingTime())
	}
	var cards []web.DeskCard
	for _, c := range written.Cards {
		card := web.DeskCard{
			Card:  c,
			Kind:  kind(c),
			Takes: web.Takes(c.ReadingTime()),
			Grade: web.Grade(c.ReadingGrade),
			Share: 100 * float64(c.ReadingTime()) / float64(longest),
		}
		if hasCard(shown, c.ID) {
			card.Address = v.card(slug, c.ID)
		}
		cards = append(cards, card)
	}
	return cards
}

// kind says what a card is, in the words of the notation.
func kind(c content.Card) string {
	var words []string
	if c.Branch {
		words = append(words, "branch")
	}
	if c.Pocket {
		words = append(words, "pocket card")
	}
	if len(c.Replies) > 0 {
		words = append(words, "conversation")
	}
	if q := c.Question; q != nil {
		if q.Practice {
			words = append(words, "practice")
		}
		words = append(words, map[content.Kind]string{
			content.ChooseOne: "choose one", content.ChooseAll: "choose all", content.Poll: "poll",
		}[q.Kind])
	}
	if len(words) == 0 {
		return "card"
	}
	return strings.Join(words, ", ")
}
