package demo

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"

	httphelper "github.com/zitadel/oidc/v3/pkg/http"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// authorize takes First5's wish to have somebody sign in, and leads to the page
// that asks whom.
func (i *issuer) authorize(w http.ResponseWriter, r *http.Request) {
	asked, err := op.ParseAuthorizeRequest(r, i.provider.Decoder())
	if err != nil {
		i.refuse(w, r, oidc.DefaultToServerError(err, "The request can't be read."))
		return
	}
	if err := i.check(r.Context(), asked); err != nil {
		i.sendBack(w, r, asked, oidc.DefaultToServerError(err, "The request can't be checked."))
		return
	}
	made, err := i.store.CreateAuthRequest(r.Context(), asked, "")
	if err != nil {
		i.sendBack(w, r, asked, oidc.DefaultToServerError(err, "The request can't be kept."))
		return
	}
	op.RedirectToLogin(made.GetID(), i.store.client, w, r)
}

// check says why a request can't be taken. An error that comes before the
// redirect address is found right forbids redirecting there.
func (i *issuer) check(ctx context.Context, asked *oidc.AuthRequest) error {
	client, err := i.store.GetClientByClientID(ctx, asked.ClientID)
	if err != nil {
		return oidc.ErrInvalidRequestRedirectURI().WithDescription("The client is not registered here.").WithParent(err)
	}
	_, err = op.ValidateAuthRequestClient(ctx, asked, client, i.provider.IDTokenHintVerifier(ctx))
	if err != nil {
		return err
	}
	switch {
	case asked.RequestParam != "":
		return oidc.ErrRequestNotSupported()
	case !slices.Contains(asked.Scopes, oidc.ScopeOpenID):
		return oidc.ErrInvalidScope().WithDescription("The scope openid is missing.")
	case asked.CodeChallenge == "" || asked.CodeChallengeMethod != oidc.CodeChallengeMethodS256:
		return oidc.ErrInvalidRequest().WithDescription("PKCE with the method S256 is required.")
	case asked.ResponseMode != "" && asked.ResponseMode != oidc.ResponseModeQuery:
		return oidc.ErrInvalidRequest().WithDescription("The only response mode is query.")
	case slices.Contains(asked.Prompt, oidc.PromptNone):
		return oidc.ErrLoginRequired().WithDescription("Nobody stays signed in here.")
	}
	return nil
}

// sendBack tells First5 that its request was refused, or the visitor if the
// address to return to is not known to be First5's.
func (i *issuer) sendBack(w http.ResponseWriter, r *http.Request, asked *oidc.AuthRequest, e *oidc.Error) {
	if e.IsRedirectDisabled() {
		i.refuse(w, r, e)
		return
	}
	e.State = asked.State
	back, err := op.AuthResponseURL(asked.RedirectURI, asked.ResponseType, oidc.ResponseModeQuery, e, i.provider.Encoder())
	if err != nil {
		i.refuse(w, r, oidc.DefaultToServerError(err, "The answer can't be written."))
		return
	}
	i.note(r, "sign-in refused", e)
	http.Redirect(w, r, back, http.StatusFound)
}

// token exchanges a code for tokens.
func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	answer, err := i.exchange(r)
	if err != nil {
		i.refuseToken(w, r, oidc.DefaultToServerError(err, "The code can't be exchanged."))
		return
	}
	httphelper.MarshalJSON(w, answer)
}

func (i *issuer) exchange(r *http.Request) (*oidc.AccessTokenResponse, error) {
	if r.PostFormValue("grant_type") != string(oidc.GrantTypeCode) {
		return nil, oidc.ErrUnsupportedGrantType().WithDescription("The only grant type is authorization_code.")
	}
	asked, err := op.ParseAccessTokenRequest(r, i.provider.Decoder())
	if err != nil {
		return nil, err
	}
	answered, client, err := op.ValidateAccessTokenRequest(r.Context(), asked, i.provider)
	if err != nil {
		return nil, err
	}
	return op.CreateTokenResponse(r.Context(), answered, client, i.provider, true, asked.Code, "")
}

func (i *issuer) refuseToken(w http.ResponseWriter, r *http.Request, e *oidc.Error) {
	status := http.StatusBadRequest
	switch e.ErrorType {
	case oidc.InvalidClient:
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", `Basic realm="`+i.url+`"`)
	case oidc.ServerError:
		status = http.StatusInternalServerError
	}
	i.note(r, "code exchange refused", e)
	httphelper.MarshalJSONWithStatus(w, e, status)
}

// endSession has no session to end. It leads back to where First5 wants the
// visitor, if that is registered.
func (i *issuer) endSession(w http.ResponseWriter, r *http.Request) {
	asked, err := op.ParseEndSessionRequest(r, i.provider.Decoder())
	if err != nil {
		i.refuse(w, r, oidc.DefaultToServerError(err, "The request can't be read."))
		return
	}
	session, err := op.ValidateEndSessionRequest(r.Context(), asked, i.provider)
	if err != nil {
		i.refuse(w, r, oidc.DefaultToServerError(err, "The client is not registered here."))
		return
	}
	http.Redirect(w, r, session.RedirectURI, http.StatusSeeOther)
}

// note logs why something was refused. The causes name addresses and
// parameters, never a person, a code or a secret.
func (i *issuer) note(r *http.Request, message string, e *oidc.Error) {
	cause := ""
	if parent := errors.Unwrap(e); parent != nil {
		cause = parent.Error()
	}
	i.log.LogAttrs(r.Context(), e.LogLevel(), message,
		slog.String("error", string(e.ErrorType)),
		slog.String("description", e.Description),
		slog.String("cause", cause))
}
