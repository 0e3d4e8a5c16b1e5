package mongostore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func TestASweepOverABrokenLineRemovesWhatHasEnded(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		p := known("rivera")
		d.signIn(p, browser(p, "phone", 1))
		d.signIn(p, browser(p, "desk", 9))
		idle := browser(p, "tablet", 9)
		idle.SeenAt = after(2)
		d.signIn(p, idle)
		require.NoError(t, s.UseOnce(t.Context(), app.Once{Key: "early", Until: after(3)}))
		require.NoError(t, s.UseOnce(t.Context(), app.Once{Key: "late", Until: after(8)}))
		breaks()
		require.NoError(t, s.Sweep(t.Context(), after(5), after(4), after(6)))
		assert.Equal(t, []app.SessionHash{"rivera's desk"}, d.browsers(p))
		assert.NoError(t, s.UseOnce(t.Context(), app.Once{Key: "early", Until: after(3)}))
		assert.ErrorIs(t, s.UseOnce(t.Context(), app.Once{Key: "late", Until: after(8)}), app.ErrConflict)
	})
}

func TestASessionSeenOverABrokenLineStaysWhatItIs(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		p := known("rivera")
		phone := browser(p, "phone", 1)
		d.signIn(p, phone)
		revision := d.personDoc(p).Revision
		breaks()
		require.NoError(t, s.TouchSession(t.Context(), phone.Hash, after(5)))
		got, who, err := s.Session(t.Context(), phone.Hash)
		require.NoError(t, err)
		phone.SeenAt, phone.LogoutHint = after(5), ""
		assert.Equal(t, phone, got)
		assert.Equal(t, p, who)
		assert.Equal(t, revision, d.personDoc(p).Revision, "nobody who signs in or out has to read again")
	})
}

func TestNoHintOutlivesItsSession(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	for n, name := range []string{"phone", "desk", "tablet"} {
		d.signIn(p, browser(p, name, n))
	}
	_, err := d.store.EndSessions(t.Context(), app.SessionFilter{Hash: "rivera's phone"}, app.Once{}, nil)
	require.NoError(t, err)
	require.NoError(t, d.store.Sweep(t.Context(), after(2), after(0), after(0)))
	assert.Equal(t, []sessionDoc{newSessionDoc(browser(p, "tablet", 2))}, d.personDoc(p).Sessions)
}
