package signin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/signin"
)

func TestADiscoveryThatCantBeUsedMakesTheProviderUnavailable(t *testing.T) {
	document := func(changes claims) func(p *provider) {
		return func(p *provider) { p.document = changes }
	}
	handle := func(h http.HandlerFunc) func(p *provider) {
		return func(p *provider) { p.handle[discoveryPath] = h }
	}
	for name, c := range map[string]struct {
		change func(p *provider)
		reason signin.Reason
	}{
		"a fault":                     {handle(status(503)), signin.ReasonProviderFault},
		"not found":                   {handle(status(404)), signin.ReasonBadAnswer},
		"no JSON":                     {handle(says(200, "<html>")), signin.ReasonBadAnswer},
		"a redirect":                  {handle(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) }), signin.ReasonBadAnswer},
		"without end":                 {handle(says(200, `{"issuer":"`+strings.Repeat("x", 4<<20))), signin.ReasonBadAnswer},
		"a header without end":        {handle(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 128<<10)) }), signin.ReasonNoAnswer},
		"nobody there":                {func(p *provider) { p.server.Close() }, signin.ReasonNoAnswer},
		"another issuer":              {document(claims{"issuer": "https://evil.example"}), signin.ReasonBadAnswer},
		"no authorization endpoint":   {document(claims{"authorization_endpoint": nil}), signin.ReasonBadAnswer},
		"no token endpoint":           {document(claims{"token_endpoint": nil}), signin.ReasonBadAnswer},
		"no keys":                     {document(claims{"jwks_uri": nil}), signin.ReasonBadAnswer},
		"a sign-in page by http":      {document(claims{"authorization_endpoint": "http://mercy.example/a"}), signin.ReasonBadAnswer},
		"a sign-in page that is code": {document(claims{"authorization_endpoint": "javascript:alert(1)"}), signin.ReasonBadAnswer},
		"a sign-out page by http":     {document(claims{"end_session_endpoint": "http://mercy.example/a"}), signin.ReasonBadAnswer},
		"a token endpoint elsewhere":  {document(claims{"token_endpoint": "https://tokens.example/t"}), signin.ReasonHost},
		"keys elsewhere":              {document(claims{"jwks_uri": "https://keys.example/k"}), signin.ReasonHost},
		"keys at another port":        {document(claims{"jwks_uri": "http://127.0.0.1:9/k"}), signin.ReasonHost},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			c.change(p)
			_, _, err := p.party().Begin(t.Context(), "mercy", "")
			require.ErrorIs(t, err, signin.ErrUnavailable)
			assert.Equal(t, c.reason, signin.ReasonOf(err))
		})
	}
}

func TestAHostThatMustBeConfiguredIsNamed(t *testing.T) {
	p := newProvider(t)
	p.document["token_endpoint"] = "https://tokens.example/t"
	_, _, err := p.party().Begin(t.Context(), "mercy", "")
	require.ErrorIs(t, err, signin.ErrUnavailable)
	assert.ErrorContains(t, err, `its token_endpoint is at "tokens.example"`)
	_, _, err = p.party(func(r *signin.Provider) { r.Hosts = []string{"Tokens.Example"} }).Begin(t.Context(), "mercy", "")
	assert.NoError(t, err)
	_, _, err = p.party(func(r *signin.Provider) { r.Hosts = []string{"tokens.example:8443"} }).Begin(t.Context(), "mercy", "")
	assert.ErrorIs(t, err, signin.ErrUnavailable, "another port is another host")
}

func TestAHostThatIsConfiguredIsCalled(t *testing.T) {
	p := newProvider(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(elsewhere.Close)
	p.document["token_endpoint"] = elsewhere.URL + "/token"
	host := strings.TrimPrefix(elsewhere.URL, "http://")
	_, err := p.signIn(p.party(func(r *signin.Provider) { r.Hosts = []string{host} }))
	assert.NoError(t, err)
}

func TestDetailsElsewhereAreNotAskedForAndThatIsNoted(t *testing.T) {
	p := newProvider(t)
	p.document["userinfo_endpoint"] = "https://details.example/me"
	a, err := p.signIn(p.party())
	require.NoError(t, err)
	assert.Equal(t, []string{"the person's details were not asked for, as they are at a host that is not configured"}, a.Notes)
}

func TestAProviderThatIsDownIsAskedAgain(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	p.answers(discoveryPath, status(503))
	_, _, err := rp.Begin(t.Context(), "mercy", "")
	require.ErrorIs(t, err, signin.ErrUnavailable)
	p.answers(discoveryPath, nil)
	_, _, err = rp.Begin(t.Context(), "mercy", "")
	require.NoError(t, err)
	for range 3 {
		_, _, err = rp.Begin(t.Context(), "mercy", "")
		require.NoError(t, err)
	}
	assert.Equal(t, 2, p.count(discoveryPath), "what is known is not asked for again")
}

// signalling answers as the provider should, and tells each time that it did.
func (p *provider) signalling(path string, code func() int) chan struct{} {
	done := make(chan struct{}, 100)
	p.answers(path, func(w http.ResponseWriter, _ *http.Request) {
		defer func() { done <- struct{}{} }()
		if c := code(); c != http.StatusOK {
			w.WriteHeader(c)
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		answer(w, changed(p.discovery(), p.document))
	})
	return done
}

func TestWhatIsKnownOfAProviderIsRefreshedInTheBackground(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	release := make(chan struct{})
	var once sync.Once
	done := p.signalling(discoveryPath, func() int {
		first := false
		once.Do(func() { first = true })
		if !first {
			<-release
		}
		return http.StatusOK
	})
	sees := func() string {
		address, _, err := rp.Begin(t.Context(), "mercy", "")
		require.NoError(t, err)
		return strings.Split(strings.TrimPrefix(address, p.url), "?")[0]
	}
	require.Equal(t, "/authorize", sees())
	<-done
	p.set(func(p *provider) { p.document["authorization_endpoint"] = p.url + "/new" })
	p.clock.move(59 * time.Minute)
	require.Equal(t, "/authorize", sees())
	p.clock.move(2 * time.Minute)
	require.Equal(t, "/authorize", sees(), "the old answer serves while the provider is asked")
	close(release)
	<-done
	require.Eventually(t, func() bool { return sees() == "/new" }, 10*time.Second, time.Millisecond)
	assert.Equal(t, 2, p.count(discoveryPath))
}

func TestARefreshThatFailsKeepsTheOldAnswerForADay(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	code := http.StatusOK
	done := p.signalling(discoveryPath, func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		return code
	})
	begin := func() error {
		_, _, err := rp.Begin(t.Context(), "mercy", "")
		return err
	}
	require.NoError(t, begin())
	<-done
	p.set(func(*provider) { code = http.StatusInternalServerError })
	p.clock.move(61 * time.Minute)
	require.NoError(t, begin())
	<-done // the refresh has failed
	for range 3 {
		require.NoError(t, begin())
	}
	assert.Equal(t, 2, p.count(discoveryPath), "not again within a minute")
	p.clock.move(61 * time.Second)
	// The former refresh may not have ended yet, though it is answered.
	require.Eventually(t, func() bool {
		require.NoError(t, begin())
		select {
		case <-done:
			return true
		default:
			return false
		}
	}, 10*time.Second, time.Millisecond)
	p.clock.move(23 * time.Hour)
	assert.ErrorIs(t, begin(), signin.ErrUnavailable, "a day later it counts no more")
	p.set(func(*provider) { code = http.StatusOK })
	assert.NoError(t, begin())
}

func TestManyWhoBeginAtOnceShareOneDiscovery(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	release, asked := make(chan struct{}), make(chan struct{}, 1)
	p.signalling(discoveryPath, func() int {
		asked <- struct{}{}
		<-release
		return http.StatusOK
	})
	// One call is broken off, which is nothing to the others.
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error)
	go func() {
		_, _, err := rp.Begin(ctx, "mercy", "")
		stopped <- err
	}()
	<-asked
	stop()
	err := <-stopped
	require.ErrorIs(t, err, signin.ErrUnavailable)
	assert.Equal(t, signin.Reason("First5 is stopping"), signin.ReasonOf(err), "nothing else cancels a call")

	var all sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		all.Go(func() { _, _, errs[i] = rp.Begin(t.Context(), "mercy", "") })
	}
	close(release)
	all.Wait()
	for _, err := range errs {
		assert.NoError(t, err)
	}
	assert.Equal(t, 1, p.count(discoveryPath))
}

func TestAProviderThatNeverAnswersKeepsNobodyWaiting(t *testing.T) {
	for _, path := range []string{discoveryPath, "/token", "/keys", "/userinfo"} {
		t.Run(path, func(t *testing.T) {
			p := newProvider(t)
			ended := make(chan struct{})
			t.Cleanup(func() { close(ended) })
			p.answers(path, func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-r.Context().Done():
				case <-ended:
				}
			})
			rp := signin.New([]signin.Provider{p.registered()}, signin.Options{Now: p.clock.now, Deadline: 100 * time.Millisecond})
			_, err := p.signIn(rp)
			require.ErrorIs(t, err, signin.ErrUnavailable)
			assert.Equal(t, signin.ReasonTooLate, signin.ReasonOf(err))
		})
	}
}
