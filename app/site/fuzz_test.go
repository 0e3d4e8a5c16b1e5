package site

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func FuzzOwnPathNeverLeadsElsewhere(f *testing.F) {
	for _, seed := range []string{
		"/modules/greet", "/records?q=a%20b", "", "//evil.example", `/\evil.example`, "/\t/evil.example", "https://evil.example",
		"/%2F/evil.example", "/%5Cevil.example", "javascript:alert(1)", "/a#b", "/?//evil.example", "\u2028//evil.example",
	} {
		f.Add(seed)
	}
	base, err := url.Parse("https://first5.example/signin")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, address string) {
		path := ownPath(address)
		if path == "" {
			return
		}
		u, err := base.Parse(path)
		require.NoError(t, err)
		assert.Equal(t, "https://first5.example", u.Scheme+"://"+u.Host)
		assert.True(t, strings.HasPrefix(path, "/"))
		assert.False(t, len(path) > 1 && strings.ContainsRune(`/\`, rune(path[1])), "a browser would take it for a host: %q", path)
		before, _, _ := strings.Cut(path, "?")
		assert.NotContains(t, before, `\`)
		assert.False(t, strings.ContainsAny(path, "\t\r\n"), "a browser would drop what it can't see: %q", path)
		assert.Equal(t, path, ownPath(path), "what was found safe stays so")
	})
}

func FuzzATicketIsOneThatWasWritten(f *testing.F) {
	k, err := newKeys([]byte(strings.Repeat("s", 32)))
	require.NoError(f, err)
	written := k.writeTicket(ticket{Learner: "learner", Module: "greet", Version: 3})
	f.Add("greet", written)
	f.Add("listen", written)
	f.Add("greet", "3.learner.")
	f.Add("greet", "..")
	f.Fuzz(func(t *testing.T, module, text string) {
		read, ok := k.readTicket(module, text)
		if ok {
			proof := strings.LastIndex(text, ".")
			again := k.writeTicket(read)
			assert.Equal(t, again[:strings.LastIndex(again, ".")], text[:proof], "but for the mask of its proof")
			assert.Equal(t, module, read.Module)
		}
	})
}

func FuzzACursorComesBackAsItWas(f *testing.F) {
	f.Add("1767225600000.abc")
	f.Add("x")
	f.Add("-1.")
	f.Fuzz(func(t *testing.T, text string) {
		at, id, err := readCursor(text, "/records")
		if err != nil {
			assert.ErrorIs(t, err, app.ErrInvalid)
			return
		}
		againAt, againID, err := readCursor(writeCursor(at, id), "/records")
		require.NoError(t, err)
		if text != "" {
			assert.Equal(t, at, againAt)
			assert.Equal(t, id, againID)
		}
	})
}
