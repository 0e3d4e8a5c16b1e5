package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"first5/app/archive/archivetest"
)

func TestStoreKeepsTheContractOfMoving(t *testing.T) {
	archivetest.Run(t, func(t *testing.T) archivetest.Both {
		return open(t, filepath.Join(t.TempDir(), "first5.db"))
	})
}

func TestAHundredThousandRecords(t *testing.T) {
	archivetest.RunMany(t, func(t *testing.T) archivetest.Both { return open(t, filepath.Join(t.TempDir(), "first5.db")) })
}
