package demo

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhoIsWhere(t *testing.T) {
	want := map[string][]string{
		"Mercy Lakes Health":          {"Physician", "Physician", "Records manager", "Educator", "Operator"},
		"Harbor Point Medical Center": {"Physician", "Physician", "Records manager"},
		"Cedar Street Neighbors":      {"Learner", "Learner", "Records manager"},
	}
	got := make(map[string][]string)
	for _, i := range Institutions() {
		for _, p := range i.People {
			got[i.Name] = append(got[i.Name], p.Role())
		}
	}
	assert.Equal(t, want, got)
}

func TestPeopleCanBeToldApart(t *testing.T) {
	seen := make(map[string]string)
	for _, i := range Institutions() {
		for _, p := range i.People {
			for _, mark := range []string{p.Subject, p.Name, p.Email, p.NPI} {
				if mark != "" {
					assert.Empty(t, seen[mark], "%s has what %s has: %s", p.Name, seen[mark], mark)
					seen[mark] = p.Name
				}
			}
		}
	}
}

func TestPeopleAreClearlyInvented(t *testing.T) {
	for _, i := range Institutions() {
		assert.True(t, strings.HasSuffix(i.Domain, ".example"), i.Domain)
		assert.Regexp(t, regexp.MustCompile(`^[a-z0-9-]+$`), i.ID)
		for _, p := range i.People {
			assert.True(t, strings.HasSuffix(p.Email, "@"+i.Domain), p.Email)
			assert.NotEmpty(t, p.Title)
			assert.NotContains(t, p.Subject, ":", "the library's access tokens end a subject there")
		}
	}
}

func TestPhysiciansHaveAnNPIAndOthersNone(t *testing.T) {
	for _, i := range Institutions() {
		for _, p := range i.People {
			if p.Role() != "Physician" {
				assert.Empty(t, p.NPI, p.Name)
				continue
			}
			assert.Regexp(t, regexp.MustCompile(`^2[0-9]{9}$`), p.NPI, p.Name)
			assert.True(t, luhn("80840"+p.NPI), "%s: %s", p.Name, p.NPI)
		}
	}
}

func TestLuhnKnowsTheExampleOfTheStandard(t *testing.T) {
	assert.True(t, luhn("808401234567893"))
	assert.False(t, luhn("808401234567890"))
	assert.False(t, luhn("808402134567893"))
}

// luhn says whether the last digit is the check digit of the others.
func luhn(digits string) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}

func TestCallersCannotChangeThePeople(t *testing.T) {
	Institutions()[0].People[0].Groups[0] = GroupOperators
	assert.Equal(t, GroupPhysicians, Institutions()[0].People[0].Groups[0])
}
