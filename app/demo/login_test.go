package demo

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestThePageShowsTheInstitutionsPeople(t *testing.T) {
	s := newSite(t)
	for _, i := range Institutions() {
		t.Run(i.ID, func(t *testing.T) {
			page := s.begin(t, i.ID).ask(t)
			require.True(t, strings.HasPrefix(page, s.base+"/"+i.ID+"/login?authRequestID="), page)
			_, _, body := s.get(t, page)
			assert.Contains(t, body, "Whom do you want to be?")
			assert.Contains(t, body, i.Name)
			assert.Contains(t, body, "demonstration sign-in")
			assert.Contains(t, body, "invented")
			var subjects []string
			for _, p := range i.People {
				subjects = append(subjects, p.Subject)
				for _, want := range []string{p.Name, p.Title, p.Role()} {
					assert.Contains(t, body, want)
				}
			}
			assert.Equal(t, subjects, readForm(t, body).people, "these people and no others")
		})
	}
}

func TestThePageIsGuarded(t *testing.T) {
	s := newSite(t)
	page := s.begin(t, mercy).ask(t)
	_, header, body := s.get(t, page)
	assert.Equal(t, "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "+
		"form-action 'self' http://localhost:8080", header.Get("Content-Security-Policy"))
	assert.Equal(t, "no-store", header.Get("Cache-Control"))
	assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
	assert.Equal(t, "no-referrer", header.Get("Referrer-Policy"))
	assert.Equal(t, "DENY", header.Get("X-Frame-Options"))
	assert.NotContains(t, body, "<script")
	assert.NotContains(t, body, "style=")

	status, header, css := s.get(t, resolve(t, page, "style.css"))
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "text/css; charset=utf-8", header.Get("Content-Type"))
	assert.NotContains(t, css, "url(", "nothing else is fetched")
}

func TestAStalePageSaysToStartAgain(t *testing.T) {
	s := newSite(t)
	for name, stale := range map[string]func(t *testing.T, visit *signIn) string{
		"never asked for": func(*testing.T, *signIn) string { return s.base + "/mercy-lakes/login?authRequestID=made-up" },
		"without its id":  func(*testing.T, *signIn) string { return s.base + "/mercy-lakes/login" },
		"after ten minutes": func(t *testing.T, visit *signIn) string {
			page := visit.ask(t)
			s.clock.forward(requestLife)
			return page
		},
		"used already": func(t *testing.T, visit *signIn) string {
			page := visit.ask(t)
			_, err := visit.exchange(visit.choose(t, page, physician))
			require.NoError(t, err)
			return page
		},
		"of the other institution": func(t *testing.T, visit *signIn) string {
			return strings.Replace(s.begin(t, harbor).ask(t), harbor, mercy, 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			page := stale(t, s.begin(t, mercy))
			status, _, body := s.get(t, page)
			assert.Equal(t, http.StatusBadRequest, status)
			assert.Contains(t, body, "This sign-in is over")
			assert.Contains(t, body, "go back to First5 and start again")

			at, err := url.Parse(page)
			require.NoError(t, err)
			form := url.Values{"authRequestID": {at.Query().Get("authRequestID")}, "person": {physician}}
			status, header, body := s.post(t, s.base+"/mercy-lakes/login", form)
			assert.Equal(t, http.StatusBadRequest, status)
			assert.Empty(t, header.Get("Location"))
			assert.Contains(t, body, "This sign-in is over")
		})
	}
}

func TestOnlyOwnPeopleCanBeChosen(t *testing.T) {
	s := newSite(t)
	page := s.begin(t, mercy).ask(t)
	_, _, body := s.get(t, page)
	shown := readForm(t, body)
	for _, subject := range []string{"hp-1183", "", "nobody"} {
		shown.hidden.Set("person", subject)
		status, header, _ := s.post(t, resolve(t, page, shown.action), shown.hidden)
		assert.Equal(t, http.StatusBadRequest, status, subject)
		assert.Empty(t, header.Get("Location"), subject)
	}
}

// A second click on the page, before First5 has taken the answer, is the one
// that counts.
func TestChoosingAgainBeforeFirst5HasAnswered(t *testing.T) {
	visit := newSite(t).begin(t, mercy)
	page := visit.ask(t)
	first := visit.choose(t, page, physician)
	second := visit.choose(t, page, "ml-31150")
	token, err := visit.exchange(second)
	require.NoError(t, err)
	assert.Equal(t, "ml-31150", visit.verify(t, token).Subject)
	_, err = visit.exchange(first)
	assert.Error(t, err, "one sign-in, one answer")
}

func TestEveryVisitAsksAfresh(t *testing.T) {
	s := newSite(t)
	for _, subject := range []string{physician, "ml-31150", physician} {
		visit := s.begin(t, mercy)
		page := visit.ask(t)
		_, header, _ := s.get(t, page)
		assert.Empty(t, header.Values("Set-Cookie"))
		token, err := visit.exchange(visit.choose(t, page, subject))
		require.NoError(t, err)
		assert.Equal(t, subject, visit.verify(t, token).Subject)
	}
}
