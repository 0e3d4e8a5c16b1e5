package content_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"first5/content"
)

func TestAModuleIsAddedToTheEndOfTheOrder(t *testing.T) {
	for _, test := range []struct{ name, before, after string }{
		{"a list in brackets", "order: [a, b]\n", "order: [a, b, new]\n"},
		{"over several lines", "order: [\n  a,\n  b,\n]\n", "order: [\n  a,\n  b, new\n]\n"},
		{"one a line", "order:\n  - a\n  - b\naudience: X\n", "order:\n  - a\n  - b\n  - new\naudience: X\n"},
		{"without indentation", "order:\n- a\n", "order:\n- a\n- new\n"},
		{"with the line ends of Windows", "order:\r\n  - a\r\n", "order:\r\n  - a\r\n  - new\r\n"},
		{"quoted", "order:\n  - \"a\"\n", "order:\n  - \"a\"\n  - new\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			const head, foot = "---\ntitle: P\n", "---\n\nText with [brackets].\n"
			got, ok := content.AddToOrder([]byte(head+test.before+foot), "new")
			assert.True(t, ok)
			assert.Equal(t, head+test.after+foot, string(got))
		})
	}
}

func TestAnOrderThatCannotBeReadIsLeftAlone(t *testing.T) {
	for _, program := range []string{"", "---\n", "---\ntitle: P\n---\n", "---\norder: a\n---\n", "---\norder: []\n---\n", "no front matter"} {
		_, ok := content.AddToOrder([]byte(program), "new")
		assert.False(t, ok, program)
	}
}

func TestANewProgrammeHasNoFindings(t *testing.T) {
	l, findings, err := content.Load(folder(content.Source{
		{Name: "hearts/program.md", Data: content.NewProgram("Hearts & hands", "first")},
		{Name: "hearts/first/module.md", Data: content.NewModule("First", "2026")},
	}))
	assert.NoError(t, err)
	assert.Empty(t, findings)
	assert.Equal(t, "Hearts & hands", l.Programs[0].Title)
}
