package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	syntax "text/template/parse"
	"time"

	"github.com/stretchr/testify/require"
)

// said is a text that a template or Go says, with how many arguments it is given.
type said struct {
	text string
	args int
}

// folders hold what says texts.
var folders = []string{".", "../app/site", "../app/paper"}

// saidIn returns the texts that each file says.
func saidIn(t *testing.T) map[string][]said {
	all := map[string][]said{}
	for _, name := range learnersTemplates(t) {
		all[name] = readTemplate(t, name).says
	}
	for _, folder := range folders {
		names, err := filepath.Glob(folder + "/*.go")
		require.NoError(t, err)
		for _, name := range names {
			if !strings.HasSuffix(name, "_test.go") {
				all[filepath.ToSlash(name)] = saidInGo(t, name)
			}
		}
	}
	return all
}

// saidInGo returns the texts of the calls of T and web.T in a file, and of those
// by which package paper says a text.
func saidInGo(t *testing.T, name string) []said {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, nil, 0)
	require.NoError(t, err)
	var all []said
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || !callsT(call.Fun) && !(strings.Contains(name, "/paper/") && callsWords(call.Fun)) {
			return true
		}
		if call.Ellipsis.IsValid() {
			return true // it passes on what another says
		}
		text, literal := literalText(call.Args[0])
		if literal {
			all = append(all, said{text, len(call.Args) - 1})
		} else if name == "message.go" { // T(t.Month().String())
			for m := time.January; m <= time.December; m++ {
				all = append(all, said{m.String(), 0})
			}
		} else {
			t.Errorf("%s: the text of a message is written where it is said", files.Position(call.Pos()))
		}
		return true
	})
	return all
}

func callsT(f ast.Expr) bool {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name == "T"
	case *ast.SelectorExpr:
		of, ok := f.X.(*ast.Ident)
		return ok && of.Name == "web" && f.Sel.Name == "T"
	}
	return false
}

// callsWords says whether something is a function of package paper that says a
// text in the reader's language.
func callsWords(f ast.Expr) bool {
	of, ok := f.(*ast.SelectorExpr)
	return ok && (of.Sel.Name == "words" || of.Sel.Name == "say")
}

func literalText(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		x, first := literalText(e.X)
		y, second := literalText(e.Y)
		return x + y, first && second
	}
	return "", false
}

// learnersTemplates returns the names of all templates but the preview's, which
// speaks with educators in English.
func learnersTemplates(t *testing.T) []string {
	names, err := filepath.Glob("*.html")
	require.NoError(t, err)
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "preview") })
}

// templateText is what is in a template: what it says by the function t, and what
// it shows besides.
type templateText struct {
	says  []said
	bare  []string        // words in quotes that an action shows
	other strings.Builder // the HTML, with a sign in place of each action
}

const sign = "\uE000"

func readTemplate(t *testing.T, name string) *templateText {
	source, err := os.ReadFile(name)
	require.NoError(t, err)
	tree := syntax.New(name)
	tree.Mode = syntax.SkipFuncCheck
	trees := map[string]*syntax.Tree{}
	_, err = tree.Parse(string(source), "", "", trees)
	require.NoError(t, err)
	read := &templateText{}
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		read.list(trees[name].Root)
	}
	return read
}

func (r *templateText) list(l *syntax.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *syntax.TextNode:
			r.other.Write(n.Text)
		case *syntax.ActionNode:
			r.other.WriteString(sign)
			r.pipe(n.Pipe, true)
		case *syntax.TemplateNode:
			r.pipe(n.Pipe, true)
		case *syntax.IfNode:
			r.branches(&n.BranchNode, false)
		case *syntax.RangeNode:
			r.branches(&n.BranchNode, false)
		case *syntax.WithNode:
			r.branches(&n.BranchNode, true)
		}
	}
}

func (r *templateText) branches(n *syntax.BranchNode, shown bool) {
	r.pipe(n.Pipe, shown)
	r.list(n.List)
	r.list(n.ElseList)
}

func (r *templateText) pipe(p *syntax.PipeNode, shown bool) {
	if p == nil {
		return
	}
	for _, c := range p.Cmds {
		r.command(c, shown)
	}
}

func (r *templateText) command(c *syntax.CommandNode, shown bool) {
	args := c.Args
	if f, ok := args[0].(*syntax.IdentifierNode); ok {
		args = args[1:]
		if text, ok := args[0].(*syntax.StringNode); ok && f.Ident == "t" {
			r.says = append(r.says, said{text.Text, len(args) - 1})
			args = args[1:]
		}
		shown = shown && !slices.Contains([]string{"eq", "ne", "printf"}, f.Ident)
	}
	for _, a := range args {
		switch a := a.(type) {
		case *syntax.PipeNode:
			r.pipe(a, shown)
		case *syntax.StringNode:
			if shown {
				r.bare = append(r.bare, a.Text)
			}
		}
	}
}
