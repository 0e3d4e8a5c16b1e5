package questionbank

import (
	"strconv"
	"strings"
)

// slug makes an id of a text, with at most limit letters, digits and hyphens;
// or nothing if the text has none of them.
func slug(text string, limit int) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(text) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r == '\'' || r == '’':
			// What it stands in should stay one word.
		default:
			gap = true
		}
	}
	id := b.String()
	if len(id) <= limit {
		return id
	}
	id = id[:limit+1]
	if i := strings.LastIndexByte(id, '-'); i > 0 {
		return id[:i]
	}
	return id[:limit]
}

// usableID makes an id of what a bank has as one, or nothing.
func usableID(given string) string {
	id := slug(given, 60)
	if strings.HasPrefix(id, "fn-") || strings.HasPrefix(id, "fnref-") {
		id = "q-" + id // the page gives ids like these to footnotes
	}
	if strings.HasSuffix(id, "-title") {
		id += "-card" // and ids like this to the titles of cards
	}
	return id
}

// identify returns an id for every item, each its own. Those that their authors
// gave come first, so that they stay what they were.
func identify(items []item) []string {
	ids, taken := make([]string, len(items)), map[string]bool{}
	for i, it := range items {
		if it.id != "" && !taken[it.id] {
			ids[i] = it.id
			taken[it.id] = true
		}
	}
	next := map[string]int{} // the number to try first
	for i, it := range items {
		if ids[i] != "" {
			continue
		}
		wanted := it.id
		if wanted == "" {
			wanted = usableID(slug(it.name(), 40))
		}
		if wanted == "" {
			wanted = "question"
		}
		id := wanted
		for n := max(2, next[wanted]); taken[id]; n++ {
			id = wanted + "-" + strconv.Itoa(n)
			next[wanted] = n + 1
		}
		ids[i] = id
		taken[id] = true
	}
	return ids
}
