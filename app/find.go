package app

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// FindInstitutions returns the institutions that somebody may mean who typed a
// part of a name or a work e-mail address, ordered by name. An address finds
// the institutions whose domain it is in; nothing typed finds none.
func (t *Training) FindInstitutions(typed string) []Institution {
	wanted := searchable(typed)
	var found []Institution
	for _, i := range t.Institutions {
		if i.meantBy(wanted) {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b Institution) int { return cmp.Compare(searchable(a.Name), searchable(b.Name)) })
	return found
}

func (i Institution) meantBy(wanted string) bool {
	if wanted == "" {
		return false
	}
	if strings.Contains(wanted, "@") {
		return i.HasAddress(wanted)
	}
	wanted = strings.TrimPrefix(wanted, "www.")
	in := searchable(i.Name + " " + strings.Join(i.Domains, " "))
	for _, word := range strings.Fields(wanted) {
		if !strings.Contains(in, word) {
			return false
		}
	}
	return true
}

// HasAddress says whether an e-mail address is in one of the institution's
// domains or below it.
func (i Institution) HasAddress(email string) bool {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return false
	}
	domain := strings.TrimSuffix(searchable(email[at+1:]), ".")
	return slices.ContainsFunc(i.Domains, func(own string) bool {
		own = strings.ToLower(own)
		return domain == own || strings.HasSuffix(domain, "."+own)
	})
}

// searchable returns a text without case, accents and outer spaces, since people
// type names on phones.
func searchable(text string) string {
	plain := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	folded, _, err := transform.String(plain, strings.ToLower(strings.TrimSpace(text)))
	if err != nil {
		return strings.ToLower(text)
	}
	return folded
}
