package web

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStylesAndScriptsAreSentWithoutWhatIsForTheirAuthors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a.css", "/* why\n   so */\n.a {\n  color: light-dark(#fff, #000); /* indeed */\n}\n", ".a{color:light-dark(#fff,#000)}"},
		{"a.css", ".a .b > i { width: calc(1rem + 2 * 3px) ; }", ".a .b>i{width:calc(1rem + 2 * 3px)}"},
		{"a.js", "// why\nexport const a = \"http://x\"; // not so\n", "export const a=\"http://x\""},
	} {
		slimmed, err := slim(c.name, []byte(c.text))
		require.NoError(t, err)
		assert.Equal(t, c.want, string(slimmed))
	}
	_, err := slim("broken.js", []byte("const = ("))
	assert.ErrorContains(t, err, "broken.js", "a script that can't be read is found when the program starts")
}
