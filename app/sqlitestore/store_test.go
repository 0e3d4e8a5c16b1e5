package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/sqlitestore"
	"first5/app/storetest"
)

func TestStoreKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) app.Store {
		return open(t, filepath.Join(t.TempDir(), "first5.db"))
	})
}

// untold is what a sign-in notes where no event is asked for.
func untold(app.Person) []app.Event { return nil }

// open opens the store at path.
func open(t testing.TB, path string) *sqlitestore.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), path)
	require.NoError(t, err)
	return s
}
