package content_test

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// wellFormed says what is wrong with markup, or nothing: every tag is closed
// where it should be, a browser builds just the elements that are written, and
// no id is there twice.
func wellFormed(markup string) string {
	written, problem := writtenTags(markup)
	if problem != "" {
		return problem
	}
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return err.Error()
	}
	var built []string
	for _, n := range nodes {
		built = append(built, builtTags(n)...)
	}
	for i, tag := range written {
		if i >= len(built) || built[i] != tag {
			return fmt.Sprintf("a browser does not build tag %d, %s, as it is written", i, tag)
		}
	}
	return ""
}

// deadLinks lists the links that lead to no element of the same markup.
func deadLinks(markup string) []string {
	ids, links := map[string]bool{}, []string{}
	z := html.NewTokenizer(strings.NewReader(markup))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			if id, ok := strings.CutPrefix(a.Val, "#"); ok && a.Key == "href" {
				links = append(links, id)
			}
			ids[a.Val] = ids[a.Val] || a.Key == "id"
		}
	}
	return slices.DeleteFunc(links, func(id string) bool { return ids[id] })
}

func isVoid(tag string) bool {
	return slices.Contains([]string{"br", "hr", "img", "input", "track"}, tag)
}

// writtenTags lists the tags of markup.
func writtenTags(markup string) (tags []string, problem string) {
	var open []string
	ids := map[string]bool{}
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return nil, "not closed: " + strings.Join(open, " ")
			}
			return tags, ""
		case html.StartTagToken:
			t := z.Token()
			for _, a := range t.Attr {
				if a.Key == "id" && ids[a.Val] {
					return nil, "twice on the page: the id " + a.Val
				}
				ids[a.Val] = ids[a.Val] || a.Key == "id"
			}
			tags = append(tags, t.Data)
			if !isVoid(t.Data) {
				open = append(open, t.Data)
			}
		case html.EndTagToken:
			t := z.Token()
			if len(open) == 0 || open[len(open)-1] != t.Data {
				return nil, fmt.Sprintf("</%s> closes %v", t.Data, open)
			}
			open, tags = open[:len(open)-1], append(tags, "/"+t.Data)
		case html.CommentToken, html.DoctypeToken, html.SelfClosingTagToken:
			return nil, "unexpected: " + z.Token().String()
		}
	}
}

// builtTags lists the tags of a tree.
func builtTags(n *html.Node) []string {
	if n.Type != html.ElementNode {
		return nil
	}
	tags := []string{n.Data}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		tags = append(tags, builtTags(c)...)
	}
	if !isVoid(n.Data) {
		tags = append(tags, "/"+n.Data)
	}
	return tags
}
