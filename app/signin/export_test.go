package signin

import (
	"context"

	"first5/app"
)

// BeginSignOutCheck takes the place of one sign-out token that is being checked.
func BeginSignOutCheck(ctx context.Context, rp *RelyingParty, institution app.InstitutionID) (func(), error) {
	return rp.clients[institution].signOuts.begin(ctx)
}
