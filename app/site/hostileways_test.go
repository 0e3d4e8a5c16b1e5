package site_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
)

// way is one way in which a provider, or what comes by way of the browser, is
// not as it should be, and why nobody is signed in by it.
type way struct {
	name   string
	do     func(p *hostile)
	visit  func(b *browser, p *hostile) (*browser, page) // nil: somebody who clicks on their institution
	reason signin.Reason
	at     app.InstitutionID // where the audit trail tells of it; empty: at the hostile one
}

// notBegun is why an answer that no flow of the browser fits is refused: for the
// log alone, since anybody could write such lines into the trail.
const notBegun signin.Reason = ""

// discoveryWays are what a provider can say of itself.
func discoveryWays() []way {
	document := func(name string, v func(p *hostile) any) func(*hostile) {
		return func(p *hostile) { p.document[name] = v(p) }
	}
	fixed := func(v any) func(*hostile) any { return func(*hostile) any { return v } }
	elsewhere := func(p *hostile) any { return p.elsewhere.URL + "/take" }
	return []way{
		{name: "discovery names another issuer", do: document("issuer", fixed("https://login.mercy-lakes.example")), reason: signin.ReasonBadAnswer},
		{name: "discovery names the issuer with a trailing slash", do: document("issuer", func(p *hostile) any { return p.issuer + "/" }), reason: signin.ReasonBadAnswer},
		{name: "discovery has no token endpoint", do: document("token_endpoint", fixed(nil)), reason: signin.ReasonBadAnswer},
		{name: "discovery's token endpoint is a number", do: document("token_endpoint", fixed(7)), reason: signin.ReasonBadAnswer},
		{name: "the token endpoint is on a host that is not configured", do: document("token_endpoint", elsewhere), reason: signin.ReasonHost},
		{name: "the keys are on a host that is not configured", do: document("jwks_uri", elsewhere), reason: signin.ReasonHost},
		{name: "the keys are at an internal address", do: document("jwks_uri", fixed("https://10.0.0.7/keys")), reason: signin.ReasonHost},
		{name: "the keys are at the cloud's own address", do: document("jwks_uri", fixed("http://169.254.169.254/latest/meta-data/")), reason: signin.ReasonBadAnswer},
		{name: "the keys are a file", do: document("jwks_uri", fixed("file:///etc/passwd")), reason: signin.ReasonBadAnswer},
		{name: "the keys are at the issuer's host, but at another port", do: document("jwks_uri", fixed("http://127.0.0.1:1/keys")), reason: signin.ReasonHost},
		{name: "the token endpoint hides another host behind a user", do: document("token_endpoint", func(p *hostile) any { return strings.Replace(p.elsewhere.URL, "://", "://127.0.0.1@", 1) }), reason: signin.ReasonBadAnswer},
		{name: "the sign-in page is a script", do: document("authorization_endpoint", fixed("javascript:alert(1)")), reason: signin.ReasonBadAnswer},
		{name: "the sign-out page is a document of data", do: document("end_session_endpoint", fixed("data:text/html,"+scrawl)), reason: signin.ReasonBadAnswer},
	}
}

// callbackWays are what the browser can bring back.
func callbackWays() []way {
	brings := func(back said) func(*hostile) { return func(p *hostile) { p.callback = back } }
	return []way{
		{name: "the answer names another issuer", do: brings(said{"iss": "https://login.mercy-lakes.example"}), reason: signin.ReasonOtherProvider},
		{name: "the answer does not name the issuer although that was announced", do: func(p *hostile) {
			p.document["authorization_response_iss_parameter_supported"] = true
		}, reason: signin.ReasonOtherProvider},
		{name: "an error with HTML in it", do: brings(said{"code": nil, "error": scrawl, "error_description": scrawl, "error_uri": scrawl}), reason: signin.ReasonErrorAnswer},
		{name: "the person was refused, with HTML", do: brings(said{"error": "access_denied", "error_description": scrawl}), reason: signin.ReasonRefused},
		{name: "a fault of the provider's own", do: brings(said{"code": nil, "error": "server_error"}), reason: signin.ReasonProviderFault},
		{name: "no code", do: brings(said{"code": nil}), reason: signin.ReasonNoCode},
		{name: "no state", do: brings(said{"state": nil}), reason: notBegun},
		{name: "a state with HTML in it", do: brings(said{"state": scrawl}), reason: notBegun},
		{name: "a planted session and no code", do: func(p *hostile) {
			p.callback["code"] = nil
			p.answers[authorizeAt] = func(w http.ResponseWriter, r *http.Request) {
				http.SetCookie(w, &http.Cookie{Name: "first5_session", Value: strings.Repeat("a", 64), Path: "/"})
				p.sendBack(w, r, r.FormValue("redirect_uri"))
			}
		}, reason: signin.ReasonNoCode},
		{name: "the state of another browser", visit: strangersState, reason: notBegun},
		{name: "the callback twice", visit: callbackTwice, reason: signin.ReasonOtherFlow},
		{name: "the nonce of another flow replayed", visit: strangersNonce, reason: signin.ReasonNonce},
		{name: "the answer goes to another institution's callback", do: func(p *hostile) {
			p.answers[authorizeAt] = func(w http.ResponseWriter, r *http.Request) {
				p.sendBack(w, r, strings.Replace(r.FormValue("redirect_uri"), string(p.id), "mercy-lakes", 1))
			}
		}, reason: signin.ReasonOtherFlow, at: "mercy-lakes"},
		{name: "the person is led to another institution's sign-in page", visit: mixUp, reason: signin.ReasonOtherFlow, at: "mercy-lakes"},
	}
}

// ledTo returns where a browser is led from an address, without going there.
func (b *browser) ledTo(address string) *url.URL {
	b.t.Helper()
	still := *b.http
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, address, nil)
	require.NoError(b.t, err)
	res, err := still.Do(r)
	require.NoError(b.t, err)
	defer res.Body.Close()
	to, err := res.Location()
	require.NoError(b.t, err)
	return to
}

// stranger returns somebody else's browser.
func (b *browser) stranger() *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(b.t, err)
	return &browser{t: b.t, base: b.base, http: &http.Client{Jar: jar, Timeout: b.http.Timeout}}
}

func (b *browser) at(p *hostile) page { return b.get("/signin/" + string(p.id)) }

// begun returns the address of the provider at which a sign-in of the browser begins.
func (b *browser) begun(p *hostile) *url.URL { return b.ledTo(b.base + "/signin/" + string(p.id)) }

func strangersState(b *browser, p *hostile) (*browser, page) {
	p.callback["state"] = b.stranger().begun(p).Query().Get("state")
	return b, b.at(p)
}

func strangersNonce(b *browser, p *hostile) (*browser, page) {
	p.claims["nonce"] = b.stranger().begun(p).Query().Get("nonce")
	return b, b.at(p)
}

// callbackTwice brings the same answer back in a browser that has copied the
// other's cookies from when its flow had begun.
func callbackTwice(b *browser, p *hostile) (*browser, page) {
	back := b.ledTo(b.begun(p).String())
	home, err := url.Parse(b.base)
	require.NoError(b.t, err)
	copied := b.stranger()
	copied.http.Jar.SetCookies(home, b.http.Jar.Cookies(home))
	require.Equal(b.t, 200, b.get(back.RequestURI()).status)
	require.Equal(b.t, "/account", b.get("/account").url.Path, "the first time it signs in")
	return copied, copied.get(back.RequestURI())
}

// mixUp leads somebody on to an honest institution, to get that one's code for
// the hostile flow.
func mixUp(b *browser, p *hostile) (*browser, page) {
	honest := b.stranger().ledTo(b.base + "/signin/mercy-lakes")
	p.answers[authorizeAt] = func(w http.ResponseWriter, r *http.Request) {
		q := honest.Query()
		for _, name := range []string{"state", "nonce", "code_challenge"} {
			q.Set(name, r.FormValue(name))
		}
		http.Redirect(w, r, honest.Scheme+"://"+honest.Host+honest.Path+"?"+q.Encode(), http.StatusFound)
	}
	return b, b.send(b.at(p), "login", url.Values{"person": {"ml-20417"}})
}

// answerWays are what can be wrong with the answers for a code, and with the keys.
func answerWays() []way {
	tokens := func(s said) func(*hostile) { return func(p *hostile) { p.tokens = s } }
	keySet := func(set any) func(*hostile) {
		return func(p *hostile) {
			p.answers[keysAt] = func(w http.ResponseWriter, _ *http.Request) { tell(w, set) }
		}
	}
	return []way{
		{name: "no ID token", do: tokens(said{"id_token": nil}), reason: signin.ReasonNoToken},
		{name: "the ID token is a number", do: tokens(said{"id_token": 7}), reason: signin.ReasonNoToken},
		{name: "the ID token is an empty text", do: tokens(said{"id_token": ""}), reason: signin.ReasonNoToken},
		{name: "the ID token is three dots", do: tokens(said{"id_token": "..."}), reason: signin.ReasonMalformed},
		{name: "the access token is missing", do: tokens(said{"access_token": nil}), reason: signin.ReasonBadAnswer},
		{name: "an error with HTML and a token beside it", do: tokens(said{"error": "invalid_grant", "error_description": scrawl}), reason: signin.ReasonCode},
		{name: "no keys", do: keySet(jose.JSONWebKeySet{}), reason: signin.ReasonSignature},
		{name: "keys that are none", do: keySet(said{"keys": []any{7}}), reason: signin.ReasonBadAnswer},
		{name: "userinfo is somebody else's", do: func(p *hostile) { p.details["sub"] = "s2" }, reason: signin.ReasonOtherPerson},
		{name: "userinfo does not say whose it is", do: func(p *hostile) { p.details["sub"] = nil }, reason: signin.ReasonOtherPerson},
		{name: "userinfo is a list of people", do: func(p *hostile) { p.details["sub"] = []string{"s1", "s2"} }, reason: signin.ReasonOtherPerson},
		{name: "userinfo has a megabyte of name", do: func(p *hostile) { p.details["name"] = strings.Repeat("a", 1_100_000) }, reason: signin.ReasonBadAnswer},
		{name: "userinfo is signed by a stranger", do: signedDetails(func(p *hostile) { p.sign = byKey(p.stranger) }), reason: signin.ReasonSignature},
		{name: "userinfo says that it is signed and is not", do: signedDetails(func(p *hostile) { p.header["alg"], p.sign = "none", unsigned }), reason: signin.ReasonBadAnswer},
	}
}

// signedDetails makes userinfo answer with a token that is not signed as it should be.
func signedDetails(wrongly func(*hostile)) func(*hostile) {
	return func(p *hostile) {
		p.answers[detailsAt] = func(w http.ResponseWriter, _ *http.Request) {
			other := &hostile{street: p.street, header: said{}}
			wrongly(other)
			w.Header().Set("Content-Type", "application/jwt")
			_, _ = w.Write([]byte(other.token(said{"sub": "s1", "name": "Forged"}).(string)))
		}
	}
}

// signatureWays are tokens that are not the provider's as it is known.
func signatureWays() []way {
	all := []way{
		{name: "signed with the client's secret", do: func(p *hostile) { p.header["alg"], p.sign = "HS256", bySecret([]byte(hostileSecret)) }},
		{name: "signed with the public key as the secret", do: func(p *hostile) { p.header["alg"], p.sign = "HS256", bySecret(publicPEM(p)) }},
		{name: "brings its key along", do: func(p *hostile) {
			p.header["jwk"], p.sign = jose.JSONWebKey{Key: &p.stranger.PublicKey}, byKey(p.stranger)
		}, reason: signin.ReasonSignature},
		{name: "says where its key is", do: func(p *hostile) {
			p.header["jku"], p.header["x5u"], p.sign = p.elsewhere.URL+"/jku", p.elsewhere.URL+"/x5u", byKey(p.stranger)
		}, reason: signin.ReasonSignature},
		{name: "signed by a stranger in the own key's name", do: func(p *hostile) { p.sign = byKey(p.stranger) }, reason: signin.ReasonSignature},
		{name: "names a key that there is not", do: func(p *hostile) { p.header["kid"] = "../../" + scrawl }, reason: signin.ReasonSignature},
		{name: "names another key than the one that signed", do: func(p *hostile) {
			p.answers[keysAt] = func(w http.ResponseWriter, _ *http.Request) {
				tell(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &p.own.PublicKey, KeyID: "own"}, {Key: &p.stranger.PublicKey, KeyID: "other"}}})
			}
			p.header["kid"] = "other"
		}, reason: signin.ReasonSignature},
		{name: "demands what nobody understands", do: func(p *hostile) { p.header["crit"], p.header["x"] = []string{"x"}, 1 }, reason: signin.ReasonSignature},
		{name: "signed, and then changed", do: func(p *hostile) {
			p.pack = func(header, _, signature string) any {
				return header + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"s1"}`)) + "." + signature
			}
		}, reason: signin.ReasonSignature},
		{name: "no signature part", do: func(p *hostile) {
			p.pack = func(header, payload, _ string) any { return header + "." + payload }
		}},
		{name: "written as JSON, with two signatures", do: func(p *hostile) {
			p.pack = func(header, payload, signature string) any {
				one := said{"protected": header, "signature": signature}
				text, _ := json.Marshal(said{"payload": payload, "signatures": []any{one, one}}) // texts can be written
				return string(text)
			}
		}},
	}
	for _, none := range []string{"none", "None", "NONE", "nOnE", ""} {
		all = append(all, way{name: "algorithm " + none + " and no signature", do: func(p *hostile) { p.header["alg"], p.sign = none, unsigned }})
	}
	for i := range all {
		if all[i].reason == "" {
			all[i].reason = signin.ReasonMalformed
		}
	}
	return all
}

func publicPEM(p *hostile) []byte {
	der, err := x509.MarshalPKIXPublicKey(&p.own.PublicKey)
	require.NoError(p.t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// claimWays are tokens that are the provider's, but not for this sign-in.
func claimWays() []way {
	claims := func(s said) func(*hostile) { return func(p *hostile) { p.claims = s } }
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	all := []way{
		{name: "iss with a trailing slash", do: func(p *hostile) { p.claims["iss"] = p.issuer + "/" }, reason: signin.ReasonIssuer},
		{name: "iss of another provider", do: claims(said{"iss": "https://login.mercy-lakes.example"}), reason: signin.ReasonIssuer},
		{name: "iss of another provider, and its own in capitals", do: func(p *hostile) {
			p.claims = said{"iss": nil}
			p.rewrite = prefixed(`"iss":"https://login.mercy-lakes.example","ISS":"` + p.issuer + `"`)
		}, reason: signin.ReasonIssuer},
		{name: "aud of another client", do: claims(said{"aud": "payroll"}), reason: signin.ReasonAudience},
		{name: "aud of another client, and ours in capitals", do: func(p *hostile) {
			p.claims, p.rewrite = said{"aud": nil}, prefixed(`"aud":"payroll","AUD":"first5"`)
		}, reason: signin.ReasonAudience},
		{name: "aud a list with strangers and no azp", do: claims(said{"aud": []string{"first5", "payroll"}}), reason: signin.ReasonAudience},
		{name: "aud missing", do: claims(said{"aud": nil}), reason: signin.ReasonAudience},
		{name: "aud a list of numbers", do: claims(said{"aud": []int{7}}), reason: signin.ReasonAudience},
		{name: "azp of another client", do: claims(said{"azp": "payroll"}), reason: signin.ReasonAudience},
		{name: "nonce missing", do: claims(said{"nonce": nil}), reason: signin.ReasonNonce},
		{name: "nonce a number", do: claims(said{"nonce": 7}), reason: signin.ReasonMalformed},
		{name: "iat in the future", do: claims(said{"iat": ago(-time.Hour), "exp": ago(-2 * time.Hour)}), reason: signin.ReasonTimes},
		{name: "iat long ago", do: claims(said{"iat": ago(time.Hour), "exp": ago(-time.Hour)}), reason: signin.ReasonOld},
		{name: "iat twelve minutes ago", do: claims(said{"iat": ago(12 * time.Minute)}), reason: signin.ReasonOld},
		{name: "iat missing", do: claims(said{"iat": nil}), reason: signin.ReasonTimes},
		{name: "iat at the end of time", do: claims(said{"iat": json.Number("1e300")}), reason: signin.ReasonTimes},
		{name: "exp over", do: claims(said{"exp": ago(2 * time.Minute)}), reason: signin.ReasonOld},
		{name: "exp missing", do: claims(said{"exp": nil}), reason: signin.ReasonTimes},
		{name: "exp as text", do: claims(said{"exp": "9999999999"}), reason: signin.ReasonTimes},
		{name: "exp below zero", do: claims(said{"exp": -1}), reason: signin.ReasonTimes},
		{name: "nbf in the future", do: claims(said{"nbf": ago(-time.Hour)}), reason: signin.ReasonTimes},
		{name: "at_hash that does not fit", do: claims(said{"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}), reason: signin.ReasonAccessToken},
		{name: "at_hash empty", do: claims(said{"at_hash": ""}), reason: signin.ReasonAccessToken},
		{name: "claims that are a list", do: func(p *hostile) { p.rewrite = func([]byte) []byte { return []byte(`[]`) } }, reason: signin.ReasonMalformed},
		{name: "claims that are deeply nested", do: func(p *hostile) {
			p.rewrite = prefixed(`"x":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000))
		}, reason: signin.ReasonMalformed},
		{name: "a megabyte of name", do: claims(said{"name": strings.Repeat("a", 1_100_000)}), reason: signin.ReasonBadAnswer},
	}
	for name, sub := range map[string]any{
		"missing": nil, "null": json.RawMessage("null"), "empty": "", "of 300 letters": strings.Repeat("a", 300),
		"with control characters": "s1\r\nadmin", "with NUL": "s1\x00",
	} {
		all = append(all, way{name: "sub " + name, do: claims(said{"sub": sub}), reason: signin.ReasonSubject})
	}
	all = append(all, way{name: "sub in capitals alone", do: func(p *hostile) {
		p.claims, p.rewrite = said{"sub": nil}, prefixed(`"SUB":"s1"`)
	}, reason: signin.ReasonSubject})
	return append(all, way{name: "sub a number", do: claims(said{"sub": 7}), reason: signin.ReasonMalformed})
}
