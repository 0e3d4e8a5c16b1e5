package mongostore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/archive/archivetest"
	"first5/app/mongostore"
	"first5/app/mongostore/mongotest"
)

func TestStoreCanBeMoved(t *testing.T) {
	archivetest.Run(t, func(t *testing.T) archivetest.Both { return opened(t) })
}

// opened returns a new store that is ready to be used.
func opened(t testing.TB) *mongostore.Store {
	t.Helper()
	store, err := mongostore.Open(mongotest.Address(t), mongostore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	require.NoError(t, store.CreateIndexes(t.Context(), func(string) {}))
	return store
}

func TestAHundredThousandRecords(t *testing.T) {
	archivetest.RunMany(t, func(t *testing.T) archivetest.Both { return opened(t) })
}
