package app_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"first5/app"
)

func TestAnNPIIsTenDigitsWithItsCheckDigit(t *testing.T) {
	for npi, valid := range map[string]bool{
		"1234567893":   true, // the example of the CMS's own description
		"2073418560":   true,
		"1234567890":   false,
		"1234567803":   false, // a digit mistyped
		"2134567893":   false, // two digits swapped
		"123456789":    false,
		"12345678931":  false,
		"":             false,
		" 123456789":   false,
		"123456789٣":   false, // not an ASCII digit
		"-234567893":   false,
		"80840123456":  false,
		"1234567893\n": false,
	} {
		assert.Equal(t, valid, app.ValidNPI(npi), "%q", npi)
	}
}

func TestOneWrongDigitNeverMakesAnotherNPI(t *testing.T) {
	const npi = "1234567893"
	for place := range npi {
		for digit := range 10 {
			wrong := npi[:place] + fmt.Sprint(digit) + npi[place+1:]
			assert.Equal(t, wrong == npi, app.ValidNPI(wrong), wrong)
		}
	}
}
