package web

import (
	"strings"
	syntax "text/template/parse"
)

// fold writes what a template always says into it once, in the language that it
// is parsed for, so that it is not looked up for each page. A text with markup or
// quotes stays as it is: what is right for it depends on where it stands.
func fold(s speaker, list *syntax.ListNode) {
	if list == nil {
		return
	}
	for i, n := range list.Nodes {
		switch n := n.(type) {
		case *syntax.ActionNode:
			text, args, ok := alwaysSaid(n.Pipe)
			if !ok {
				continue
			}
			said := string(s.html(text, args...))
			if !strings.ContainsAny(said, `<>"'&`) {
				list.Nodes[i] = &syntax.TextNode{NodeType: syntax.NodeText, Pos: n.Pos, Text: []byte(said)}
			}
		case *syntax.IfNode:
			fold(s, n.List)
			fold(s, n.ElseList)
		case *syntax.WithNode:
			fold(s, n.List)
			fold(s, n.ElseList)
		case *syntax.RangeNode:
			fold(s, n.List)
			fold(s, n.ElseList)
		}
	}
}

// alwaysSaid returns the text and the arguments of {{t "…" "…"}}, and whether
// nothing in it depends on the page.
func alwaysSaid(p *syntax.PipeNode) (text string, args []any, ok bool) {
	if len(p.Decl) > 0 || len(p.Cmds) != 1 || len(p.Cmds[0].Args) < 2 {
		return "", nil, false
	}
	function, ok := p.Cmds[0].Args[0].(*syntax.IdentifierNode)
	if !ok || function.Ident != "t" {
		return "", nil, false
	}
	for _, arg := range p.Cmds[0].Args[1:] {
		literal, ok := arg.(*syntax.StringNode)
		if !ok {
			return "", nil, false
		}
		args = append(args, literal.Text)
	}
	return args[0].(string), args[1:], true
}
