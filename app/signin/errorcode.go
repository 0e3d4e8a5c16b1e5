package signin

import (
	"encoding/json"
	"slices"
)

// errorCodes are the registered codes by which providers say what went wrong
// with a sign-in (OAuth Extensions Error Registry).
func errorCodes() []string {
	return []string{
		// RFC 6749 and 6750
		"access_denied", "insufficient_scope", "invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "invalid_token",
		"server_error", "temporarily_unavailable", "unauthorized_client", "unsupported_grant_type", "unsupported_response_type",
		// OpenID Connect Core 1.0
		"account_selection_required", "consent_required", "interaction_required", "invalid_request_object", "invalid_request_uri",
		"login_required", "registration_not_supported", "request_not_supported", "request_uri_not_supported",
		// others' that a code flow can meet: unmet requirements, rich requests, resource indicators, RFC 9449 and 9470
		"insufficient_user_authentication", "invalid_authorization_details", "invalid_dpop_proof", "invalid_target",
		"unmet_authentication_requirements", "use_dpop_nonce",
	}
}

// loggedCode returns an error code as the log may have it: anybody can write into
// a code what the log must not hold, such as names.
func loggedCode(code string) string {
	switch {
	case code == "":
		return "no error code"
	case slices.Contains(errorCodes(), code):
		return code
	}
	return "an error code that is not registered"
}

// errorCode returns the error code in a provider's answer, or "".
func errorCode(body []byte) string {
	var said struct {
		Error string `json:"error"`
	}
	err := json.Unmarshal(body, &said)
	if err != nil {
		return ""
	}
	return said.Error
}
