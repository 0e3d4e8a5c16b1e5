package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"first5/app"
	"first5/app/archive"
)

// runCopy copies everything from one database into another.
func runCopy(ctx context.Context, args []string, t terminal) error {
	var source, target string
	var replace bool
	_, err := parse(args, []option{{"from", &source}, {"to", &target}, {"replace", &replace}})
	if err != nil {
		return err
	}
	if source == "" || target == "" {
		return fmt.Errorf("name both databases, with --from and --to; %w", errUsage)
	}
	from, err := readDatabase(source)
	if err != nil {
		return err
	}
	to, err := readDatabase(target)
	if err != nil {
		return err
	}
	if from.same(to) {
		return errSame
	}
	counts, err := copyDatabase(ctx, from, to, replace, t)
	if err != nil {
		return err
	}
	return printMoved(t.out, counts, fmt.Sprintf("%s holds what %s does", to, from))
}

// errSame says that there is nothing to copy.
var errSame = errors.New("both addresses are of the same database: name another one to copy into")

func copyDatabase(ctx context.Context, from, to database, replace bool, t terminal) ([]archive.Count, error) {
	source, err := from.openToMove(ctx, true, t)
	if err != nil {
		return nil, err
	}
	m := moving{
		what:    "first5 copy --from " + from.String(),
		options: archive.Options{Replace: replace, Told: newProgress(t.err, time.Now).told},
	}
	m.do = func(target store) ([]archive.Count, error) {
		return archive.Copy(ctx, source, target, m.what, m.options)
	}
	if from.file == "" && to.file == "" {
		m.fits = func(target store, found archive.Target) error { return differ(ctx, source, target, found) }
	}
	counts, err := moveInto(ctx, to, t, m)
	return counts, errors.Join(from.hiding(err), source.Close())
}

// differ returns [errSame] if two stores are of one database, whatever their
// addresses say: a copy that replaces would remove what it is to copy. The source
// is whole and holds something, so a target that is empty or unfinished is
// another one. Any other is about to be emptied, so it may be given a key, and
// the source looked at for it. If this is killed nothing stays but the key, for
// an hour: it means nothing to anybody.
func differ(ctx context.Context, source, target store, found archive.Target) error {
	if found.Empty || found.Begun != "" {
		return nil
	}
	key := app.NewOnceKey("is this one database or two", rand.Text())
	err := target.UseOnce(ctx, app.Once{Key: key, Until: time.Now().Add(time.Hour)})
	if err != nil {
		return fmt.Errorf("looking whether both addresses are of one database: %w", err)
	}
	for item, err := range source.Items(ctx, archive.OnceKeys) {
		if err != nil {
			return fmt.Errorf("looking whether both addresses are of one database: %w", err)
		}
		if item.Key() == string(key) {
			return errSame
		}
	}
	return nil
}
