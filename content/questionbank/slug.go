package questionbank

import (
	"strconv"
	"strings"

	"first5/content"
)

// slug makes a name of a text, with at most limit letters, digits and hyphens;
// or nothing if the text has none of them.
func slug(text string, limit int) string {
	name := content.Slug(text)
	if len(name) <= limit {
		return name
	}
	if i := strings.LastIndexByte(name[:limit+1], '-'); i > 0 {
		return name[:i]
	}
	return name[:limit]
}

// usableID makes an id of a text, or nothing.
func usableID(text string, limit int) string {
	id := slug(text, limit)
	if id != "" && !content.IsCardID(id) {
		return "q-" + id + "-card" // the page itself has ids like this one
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
			wanted = usableID(it.name(), 40)
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
