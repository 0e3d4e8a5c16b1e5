package signin_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/signin"
)

func TestProvidersAreReachedByHTTPSOrOnThisMachine(t *testing.T) {
	for address, fine := range map[string]bool{
		"https://login.mercy.example": true, "http://localhost:8081": true, "http://127.0.0.1:1/x": true, "http://[::1]:1": true,
		"http://login.mercy.example": false, "ftp://localhost": false, "login.mercy.example": false, "http://127.0.0.1.evil.example": false,
		"https://mercy.example@evil.example": false, "https://mercy.example/#x": false, "https://:443": false, "javascript:alert(1)": false,
	} {
		u, err := url.Parse(address)
		require.NoError(t, err)
		assert.Equal(t, fine, signin.CheckAddress(u) == nil, address)
	}
}

func TestAnAddressOnThisMachineIsToldFromOneThatOnlyLooksLikeIt(t *testing.T) {
	for address, here := range map[string]bool{
		"http://localhost": true, "https://localhost:8080/x": true, "http://127.0.0.1": true, "http://127.8.9.1:1": true, "http://[::1]:8080": true,
		"http://127.example.com": false, "http://127.0.0.1.example.com": false, "http://localhost.example.com": false, "http://my.localhost": false,
		"http://0.0.0.0": false, "http://10.0.0.1": false, "http://[::]": false, "http://127.1": false, "http://localhost@evil.example": false, "localhost": false, "": false,
	} {
		u, err := url.Parse(address)
		require.NoError(t, err)
		assert.Equal(t, here, signin.IsLoopback(u), address)
	}
}
