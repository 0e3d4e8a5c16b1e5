package demo

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

var _ op.AuthRequest = request{}

// request is one wish of First5 to have somebody sign in, and who that was once
// a person is chosen. It is a value: nobody changes one that another holds.
type request struct {
	id        string
	client    string
	redirect  string
	state     string
	nonce     string
	challenge string // PKCE, always S256
	scopes    []string

	subject  string    // empty until a person is chosen
	chosenAt time.Time // zero until then
}

// chosenBy returns the request as answered by the person with that subject.
func (r request) chosenBy(subject string, at time.Time) request {
	r.subject, r.chosenAt = subject, at
	return r
}

func (r request) GetID() string                      { return r.id }
func (r request) GetACR() string                     { return "" }
func (r request) GetAMR() []string                   { return nil } // nobody proved anything
func (r request) GetAudience() []string              { return []string{r.client} }
func (r request) GetAuthTime() time.Time             { return r.chosenAt }
func (r request) GetClientID() string                { return r.client }
func (r request) GetNonce() string                   { return r.nonce }
func (r request) GetRedirectURI() string             { return r.redirect }
func (r request) GetResponseType() oidc.ResponseType { return oidc.ResponseTypeCode }
func (r request) GetResponseMode() oidc.ResponseMode { return oidc.ResponseModeQuery }
func (r request) GetScopes() []string                { return r.scopes }
func (r request) GetState() string                   { return r.state }
func (r request) GetSubject() string                 { return r.subject }
func (r request) Done() bool                         { return r.subject != "" }

func (r request) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.challenge, Method: oidc.CodeChallengeMethodS256}
}
