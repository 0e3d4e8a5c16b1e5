package content

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// invertedQuotes makes typographic quotes of the straight ones around what opens
// with ¿ or ¡, as speech in Spanish does. goldmark takes these signs for the end
// of something, and leaves such quotes as they are.
type invertedQuotes struct {
	open int // how many were opened in the block and not closed
}

// Trigger implements [parser.InlineParser].
func (*invertedQuotes) Trigger() []byte { return []byte{'"'} }

// Parse implements [parser.InlineParser].
func (q *invertedQuotes) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	after, _ := utf8.DecodeRune(line[1:])
	before := block.PrecendingCharacter()
	quote := "“"
	switch {
	case (after == '¿' || after == '¡') && !unicode.IsLetter(before) && !unicode.IsDigit(before):
		q.open++
	case q.open > 0 && !unicode.IsSpace(before) && !unicode.IsLetter(after) && !unicode.IsDigit(after):
		q.open--
		quote = "”"
	default:
		return nil
	}
	block.Advance(1)
	node := ast.NewString([]byte(quote))
	node.SetCode(true)
	return node
}

// CloseBlock implements [parser.CloseBlocker]: no quotation goes on in the next
// block.
func (q *invertedQuotes) CloseBlock(ast.Node, text.Reader, parser.Context) { q.open = 0 }
