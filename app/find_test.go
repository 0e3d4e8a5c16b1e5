package app_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"first5/app"
)

func TestAnInstitutionIsFoundByPartOfItsNameOrAWorkAddress(t *testing.T) {
	training := &app.Training{Institutions: []app.Institution{
		{ID: "mercy", Name: "Mercy Lakes Health", Domains: []string{"Mercy-Lakes.example", "mlh.example"}},
		{ID: "harbor", Name: "Harbor Point Medical Center", Domains: []string{"harbor-point.example"}},
		{ID: "pena", Name: "Clínica Peña del Sol"},
		{ID: "childrens", Name: "Mercy Children’s", Domains: []string{"kids.mercy-lakes.example"}},
	}}
	for typed, want := range map[string][]app.InstitutionID{
		"":                                nil,
		"   ":                             nil,
		"harbor":                          {"harbor"},
		"HARB":                            {"harbor"},
		"center harbor":                   {"harbor"},
		"mercy":                           {"childrens", "mercy"},
		"clinica pena":                    {"pena"},
		"Peña":                            {"pena"},
		"mlh.example":                     {"mercy"},
		"www.mlh.example":                 {"mercy"},
		"ana@mlh.example":                 {"mercy"},
		" Ana.Lopez@MERCY-LAKES.example ": {"mercy"},
		"ana@cardio.mercy-lakes.example":  {"mercy"},
		"ana@kids.mercy-lakes.example":    {"childrens", "mercy"},
		"ana@notmercy-lakes.example":      nil,
		"ana@mercy-lakes.example.evil":    nil,
		"ana@":                            nil,
		"mercy@harbor-point.example":      {"harbor"},
		"nowhere":                         nil,
	} {
		var got []app.InstitutionID
		for _, i := range training.FindInstitutions(typed) {
			got = append(got, i.ID)
		}
		assert.Equal(t, want, got, "%q", typed)
	}
}
