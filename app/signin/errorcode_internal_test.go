package signin

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCodesThatAreLoggedAreCodes(t *testing.T) {
	for _, code := range errorCodes() {
		assert.Regexp(t, `^[a-z_]{1,40}$`, code)
		assert.Equal(t, code, loggedCode(code))
	}
	for _, text := range []string{"Invalid_Request", "invalid_request ", "invalid_request\n", "ana", "ana_lima"} {
		assert.Equal(t, "an error code that is not registered", loggedCode(text))
	}
	assert.Equal(t, "no error code", loggedCode(""))
}
