package site

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/report"
)

// An api answers systems of institutions. It knows neither cookies nor sessions
// nor forms: a request counts by the token in its header alone, and whoever has
// none learns nothing but what the document says.
type api struct {
	*Site
	columns []report.Column
	asked   perMinute // by token
	taken   perMinute // files, by token
	refused perMinute // without a valid token, by address
}

// How many requests are answered in a minute.
const (
	askedAtMost   = 600
	takenAtMost   = 60
	refusedAtMost = 60
)

const apiPath = "/api/v1"

func newAPI(s *Site) *api {
	return &api{
		Site: s, columns: report.Columns(),
		asked: perMinute{most: askedAtMost}, taken: perMinute{most: takenAtMost}, refused: perMinute{most: refusedAtMost},
	}
}

// isAPI says whether an address is one for systems.
func isAPI(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") }

// apiHandler answers a request whose token has been looked at.
type apiHandler func(c *fiber.Ctx, access app.Access, q query) error

// reads lets in whoever shows a token with the scope, and asks with parameters that
// there are.
func (a *api) reads(scope app.Scope, parameters []string, h apiHandler) fiber.Handler {
	return a.counted(scope, &a.asked, parameters, h)
}

// takes does the same for files, of which there are fewer in a minute.
func (a *api) takes(scope app.Scope, parameters []string, h apiHandler) fiber.Handler {
	return a.counted(scope, &a.taken, parameters, h)
}

func (a *api) counted(scope app.Scope, by *perMinute, parameters []string, h apiHandler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Vary(fiber.HeaderAuthorization)
		given, err := queryOf(c)
		if err != nil {
			return err
		}
		access, err := a.authorize(c, scope)
		if err != nil {
			return err
		}
		err = a.limit(by, string(access.Token.Hash)) // an id is unique in its institution alone
		if err != nil {
			return err
		}
		q, err := given.only(parameters)
		if err != nil {
			return err
		}
		return h(c, access, q)
	}
}

// authorize returns what the request's token gives access to.
func (a *api) authorize(c *fiber.Ctx, scope app.Scope) (app.Access, error) {
	scheme, token, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return app.Access{}, a.failed(c, &refusal{
			status: http.StatusUnauthorized, challenge: challenge,
			detail: "Send a token in the header Authorization, as in “Authorization: Bearer first5_…”. Managers make tokens on " + a.BaseURL + tokensPath + ".",
		})
	}
	access, err := a.Training.AuthorizeToken(c.UserContext(), strings.TrimSpace(token), scope)
	switch {
	case errors.Is(err, app.ErrSignedOut):
		return app.Access{}, a.failed(c, &refusal{
			status: http.StatusUnauthorized, challenge: challenge + `, error="invalid_token"`,
			detail: "The token is not valid: it is unknown, was revoked or has expired. Managers make another on " + a.BaseURL + tokensPath + ".",
		})
	case errors.Is(err, app.ErrForbidden):
		return app.Access{}, &refusal{
			status: http.StatusForbidden, challenge: challenge + `, error="insufficient_scope", scope="` + string(scope) + `"`,
			detail: "The token may not read " + string(scope) + ". Managers make one that may on " + a.BaseURL + tokensPath + ".",
		}
	case err != nil:
		return app.Access{}, err
	}
	c.Locals(tokenKey, access.Token.ID)
	err = a.Training.NoteTokenUse(c.UserContext(), access)
	if err != nil {
		a.Log.Warn("the use of a token is missing in the audit trail", slog.String("token", access.Token.ID), slog.Any("error", err))
	}
	return access, nil
}

// challenge is what a request without a valid token is told to show.
const challenge = `Bearer realm="First5"`

// tokenKey is where the id of a request's token waits for the log.
const tokenKey = "token"

// failed counts a request without a valid token, by its address, and says why it is
// not answered. Valid tokens from the same address are not held up: a hospital may
// have one system with an old token beside ten others.
func (a *api) failed(c *fiber.Ctx, r *refusal) error {
	err := a.limit(&a.refused, a.network(c))
	if err != nil {
		return err
	}
	return r
}

func (a *api) limit(by *perMinute, key string) error {
	if !a.RateLimits {
		return nil
	}
	wait := by.take(key, a.Training.Now())
	if wait == 0 {
		return nil
	}
	return &refusal{
		status: http.StatusTooManyRequests, retryAfter: wait,
		detail: "There were more than " + strconv.Itoa(by.most) + " requests in a minute. Ask again in " + strconv.Itoa(wait) + " seconds.",
	}
}

// perMinute counts what happens in the present minute, by whoever does it.
type perMinute struct {
	most    int
	mu      sync.Mutex
	minute  time.Time
	counted map[string]int
}

// take counts once more, and returns 0; or, if that was too often, in how many
// seconds it may be done again.
func (p *perMinute) take(key string, now time.Time) (wait int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	minute := now.Truncate(time.Minute)
	if !minute.Equal(p.minute) {
		p.minute, p.counted = minute, map[string]int{}
	}
	p.counted[key]++
	if p.counted[key] <= p.most {
		return 0
	}
	return int(minute.Add(time.Minute).Sub(now)/time.Second) + 1
}

// queryOf returns the parameters of a request. It refuses those among which there
// is a token: addresses stand in logs and histories.
func queryOf(c *fiber.Ctx) (query, error) {
	given, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return nil, badRequest("", "The part of the address after “?” can’t be read. Percent-encode what is in it.")
	}
	for name, values := range given {
		if name == "access_token" || name == "token" || app.LooksLikeToken(name) || app.LooksLikeToken(strings.Join(values, " ")) {
			return nil, badRequest("", "A token does not belong in an address, which logs and histories keep. Revoke it, and send another one in the header Authorization.")
		}
	}
	return query(given), nil
}
