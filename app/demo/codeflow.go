package demo

import (
	"context"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// errNotOffered answers what the library can do and this provider does not.
var errNotOffered = errors.New("the demonstration offers the code flow alone")

// codeFlowOnly is the part of the library's storage that belongs to refresh
// tokens, sessions, introspection and signed assertions. None of them is
// offered, and no route leads here.
type codeFlowOnly struct{}

func (codeFlowOnly) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time, error) {
	return "", "", time.Time{}, errNotOffered
}

func (codeFlowOnly) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errNotOffered
}

func (codeFlowOnly) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

func (codeFlowOnly) RevokeToken(context.Context, string, string, string) *oidc.Error {
	return oidc.ErrInvalidRequest().WithParent(errNotOffered)
}

// TerminateSession has nothing to end: every sign-in asks afresh.
func (codeFlowOnly) TerminateSession(context.Context, string, string) error { return nil }

// SetUserinfoFromScopes is empty, as the library asks of those who fill the
// claims from the request.
func (codeFlowOnly) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

func (codeFlowOnly) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errNotOffered
}

func (codeFlowOnly) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, errNotOffered
}

func (codeFlowOnly) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNotOffered
}

func (codeFlowOnly) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNotOffered
}

func (codeFlowOnly) Health(context.Context) error { return nil }
