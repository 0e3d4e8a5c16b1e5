package demo

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// How long a sign-in may take, from First5 to the choice of a person and from
// there back to First5, and how many may be under way at one institution.
const (
	requestLife = 10 * time.Minute
	codeLife    = time.Minute
	shelfLimit  = 1000
)

// scopes are the ones that mean anything here.
func scopes() []string {
	return []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail}
}

var _ op.Storage = (*store)(nil)
var _ op.CanSetUserinfoFromRequest = (*store)(nil)

// store is what the library remembers of one institution: in memory, for
// minutes. Nothing in it is shared with another institution.
type store struct {
	codeFlowOnly
	institution Institution
	client      opClient
	key         signingKey
	now         func() time.Time

	requests *shelf[request]
	codes    *shelf[string] // the id of the request that a code answers
	tokens   *shelf[token]
}

// token is what an access token lets its bearer read.
type token struct {
	subject string
	scopes  []string
}

func newStore(i Institution, c opClient, k signingKey, now func() time.Time) *store {
	return &store{
		institution: i,
		client:      c,
		key:         k,
		now:         now,
		requests:    newShelf[request](requestLife, shelfLimit, now),
		codes:       newShelf[string](codeLife, shelfLimit, now),
		tokens:      newShelf[token](tokenLife, shelfLimit, now),
	}
}

func (s *store) CreateAuthRequest(_ context.Context, r *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	made := request{
		id:        rand.Text(),
		client:    r.ClientID,
		redirect:  r.RedirectURI,
		state:     r.State,
		nonce:     r.Nonce,
		challenge: r.CodeChallenge,
		scopes:    slices.DeleteFunc(slices.Clone(r.Scopes), func(scope string) bool { return !slices.Contains(scopes(), scope) }),
	}
	s.requests.put(made.id, made)
	return made, nil
}

func (s *store) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	r, ok := s.requests.get(id)
	if !ok {
		return nil, errors.New("no such sign-in")
	}
	return r, nil
}

// choose answers a request with a person.
func (s *store) choose(id string, p Person) (request, bool) {
	return s.requests.change(id, func(r request) request { return r.chosenBy(p.Subject, s.now()) })
}

func (s *store) SaveAuthCode(_ context.Context, id, code string) error {
	s.codes.put(code, id)
	return nil
}

func (s *store) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	id, ok := s.codes.get(code)
	if !ok {
		return nil, errors.New("no such code")
	}
	return s.AuthRequestByID(ctx, id)
}

func (s *store) DeleteAuthRequest(_ context.Context, id string) error {
	s.requests.take(id)
	return nil
}

// CreateAccessToken is where a code is spent: the request is taken in one step,
// so that of two exchanges at the same moment one fails.
func (s *store) CreateAccessToken(_ context.Context, r op.TokenRequest) (string, time.Time, error) {
	answered, ok := r.(request)
	if !ok {
		return "", time.Time{}, oidc.ErrUnsupportedGrantType()
	}
	if _, ok := s.requests.take(answered.id); !ok {
		return "", time.Time{}, oidc.ErrInvalidGrant().WithDescription("invalid code")
	}
	id := rand.Text()
	expires := s.tokens.put(id, token{subject: answered.subject, scopes: answered.scopes})
	return id, expires, nil
}

func (s *store) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.client.ID {
		return nil, errors.New("no such client")
	}
	return s.client, nil
}

func (s *store) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	right := subtle.ConstantTimeCompare([]byte(secret), []byte(s.client.Secret)) == 1
	if id != s.client.ID || !right {
		return errors.New("wrong client id or secret")
	}
	return nil
}

func (s *store) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, r op.IDTokenRequest, scopes []string) error {
	return s.fill(info, r.GetSubject(), scopes)
}

func (s *store) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, id, _, _ string) error {
	t, ok := s.tokens.get(id)
	if !ok {
		return oidc.ErrAccessDenied().WithDescription("The access token has expired.")
	}
	return s.fill(info, t.subject, t.scopes)
}

// fill sets the claims that the scopes open, the same in the ID token and in
// the answer about the user.
func (s *store) fill(info *oidc.UserInfo, subject string, scopes []string) error {
	p, ok := s.institution.person(subject)
	if !ok {
		return errors.New("no such person")
	}
	info.Subject = p.Subject
	if slices.Contains(scopes, oidc.ScopeProfile) {
		info.Name = p.Name
		info.AppendClaims("groups", p.Groups)
		if p.NPI != "" {
			info.AppendClaims("npi", p.NPI)
		}
	}
	if slices.Contains(scopes, oidc.ScopeEmail) {
		info.Email, info.EmailVerified = p.Email, true
	}
	return nil
}

func (s *store) SigningKey(context.Context) (op.SigningKey, error) { return s.key, nil }

func (s *store) KeySet(context.Context) ([]op.Key, error) { return []op.Key{publicKey{s.key}}, nil }

func (s *store) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}
