package preview

import (
	"net/http"
	"net/url"
	"strings"
)

// view is how an author wants to see a module.
type view struct {
	scheme   string // "light", "dark" or, as the system says, empty
	feedback bool
	language string // empty: that of module.md
}

// viewOf reads the view of a request. A link within a module says nothing of it,
// so the module that it leads to looks like the one that it came from.
func viewOf(r *http.Request) view {
	q := r.URL.Query()
	if !q.Has("scheme") {
		from, err := url.Parse(r.Referer())
		if err == nil && from.Host == r.Host && strings.HasPrefix(from.Path, "/modules/") {
			q = from.Query()
		}
	}
	v := view{feedback: q.Get("feedback") == "1", language: q.Get("lang")}
	if scheme := q.Get("scheme"); scheme == "light" || scheme == "dark" {
		v.scheme = scheme
	}
	return v
}

// query writes the view so that viewOf reads it.
func (v view) query() url.Values {
	q := url.Values{"scheme": {v.scheme}}
	if v.scheme == "" {
		q.Set("scheme", "system")
	}
	if v.feedback {
		q.Set("feedback", "1")
	}
	if v.language != "" {
		q.Set("lang", v.language)
	}
	return q
}

// address returns where something of a module is in this view.
func (v view) address(kind, slug string) string {
	return "/" + kind + "/" + url.PathEscape(slug) + "?" + v.query().Encode()
}

// card returns the address of a card as learners see it.
func (v view) card(slug, id string) string {
	return v.address("modules", slug) + "#" + url.PathEscape(id)
}
