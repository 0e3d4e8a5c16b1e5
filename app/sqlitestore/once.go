package sqlitestore

import (
	"context"
	"fmt"

	"first5/app"
)

const (
	useOnceSQL = `INSERT INTO once (key, until) VALUES (?, ?) ON CONFLICT (key) DO NOTHING`

	forgetOnceSQL = `DELETE FROM once WHERE until < ?`
)

// UseOnce implements [app.Store]. That a key was used before is no failure of
// the job: whoever tries one key again and again holds up nobody's commit.
func (s *Store) UseOnce(ctx context.Context, once app.Once) error {
	const doing = "using a key once"
	used := false
	err := s.write(ctx, doing, func(w *writes) error {
		var err error
		used, err = useOnce(w, once)
		return err
	})
	if err == nil && !used {
		return usedBefore(doing)
	}
	return err
}

// useOnce remembers the key, and returns false if it is remembered already.
func useOnce(w *writes, once app.Once) (bool, error) {
	return w.useOnce.run(string(once.Key), once.Until.UnixMilli())
}

func usedBefore(doing string) error {
	return fmt.Errorf("%s: %w: its key was used before", doing, app.ErrConflict)
}
