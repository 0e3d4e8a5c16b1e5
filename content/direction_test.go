package content_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"first5/content"
)

func TestTheDirectionOfALanguageIsThatOfItsScript(t *testing.T) {
	for language, want := range map[string]string{
		"en": "ltr", "es-MX": "ltr", "zh-Hant": "ltr", "ru": "ltr", "ja": "ltr", "hi": "ltr",
		"ar": "rtl", "ar-EG": "rtl", "he": "rtl", "fa": "rtl", "ur": "rtl", "yi": "rtl", "ps": "rtl", "dv": "rtl", "syr": "rtl", "nqo": "rtl",
		"ku": "ltr", "ku-Arab": "rtl", "az-Arab": "rtl", "ar-Latn": "ltr", "pa": "ltr", "pa-PK": "rtl", "ff-Adlm": "rtl",
		"": "ltr", "not a language": "ltr", "xx": "ltr",
	} {
		assert.Equal(t, want, content.Direction(language), language)
	}
}
