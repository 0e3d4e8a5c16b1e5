package sqlitestore

import (
	"context"
	"fmt"
	"time"

	"first5/app"
)

const (
	useOnceSQL = `INSERT INTO once (key, until) VALUES (?, ?) ON CONFLICT (key) DO NOTHING`

	forgetOnceSQL = `DELETE FROM once WHERE until < ?`
)

// UseOnce implements [app.Store]. That a key was used before is no failure of
// the job: whoever tries one key again and again holds up nobody's commit.
func (s *Store) UseOnce(ctx context.Context, key app.OnceKey, until time.Time) error {
	const doing = "using a key once"
	used := false
	err := s.write(ctx, doing, func(w *writes) error {
		var err error
		used, err = w.useOnce.run(string(key), until.UnixMilli())
		return err
	})
	if err == nil && !used {
		return fmt.Errorf("%s: %w: it was used before", doing, app.ErrConflict)
	}
	return err
}
