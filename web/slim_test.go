package web

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStylesAndScriptsAreSentWithoutWhatIsForTheirAuthors(t *testing.T) {
	scripts := map[string][]byte{"b.js": []byte("// why\nexport const far = \"http://x\";\nexport const unused = 1;\n")}
	for _, c := range []struct{ name, text, want string }{
		{"a.css", "/* why\n   so */\n.a {\n  color: light-dark(#fff, #000); /* indeed */\n}\n", ".a{color:light-dark(#fff,#000)}\n"},
		{"a.css", ".a .b > i { width: calc(1rem + 2 * 3px) ; }", ".a .b>i{width:calc(1rem + 6px)}\n"},
		{"a.js", "// why\nimport { far } from \"static/b.js\";\ngo(far); // there\n", "var o=\"http://x\";go(o);\n"},
	} {
		slimmed, err := slim(c.name, []byte(c.text), scripts)
		require.NoError(t, err)
		assert.Equal(t, c.want, string(slimmed))
	}
	for text, says := range map[string]string{
		"a();\nconst = (":         "broken.js, line 2: ",
		"import \"static/c.js\";": "there is no script c.js",
	} {
		_, err := slim("broken.js", []byte(text), scripts)
		assert.ErrorContains(t, err, says, "found when the program starts")
	}
}
