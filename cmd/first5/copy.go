package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

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
	source, err := from.openToMove(ctx, true, t.telling)
	if err != nil {
		return nil, err
	}
	counts, err := moveInto(ctx, to, t, func(target store) ([]archive.Count, error) {
		if from.file == "" && to.file == "" {
			err := differ(ctx, source, target)
			if err != nil {
				return nil, err
			}
		}
		o := archive.Options{Replace: replace, Told: newProgress(t.err, time.Now).told}
		return archive.Copy(ctx, source, target, "first5 copy --from "+from.String(), o)
	})
	return counts, errors.Join(from.hiding(err), source.Close())
}

// differ returns [errSame] if two stores are of one database, whatever their
// addresses say: a copy that replaces would remove what it is to copy. What is
// written into the target for a moment shows in the source if they are.
func differ(ctx context.Context, source, target store) error {
	was, err := target.Unfinished(ctx)
	if err != nil {
		return err
	}
	mark := "looking whether two addresses are of one database: " + rand.Text()
	err = target.SetUnfinished(ctx, mark)
	if err != nil {
		return err
	}
	seen, err := source.Unfinished(ctx)
	err = errors.Join(err, target.SetUnfinished(context.WithoutCancel(ctx), was))
	if err != nil {
		return err
	}
	if seen == mark {
		return errSame
	}
	return nil
}
