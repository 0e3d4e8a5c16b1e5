package archive

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"time"
)

// About is what the first line of a file says of it.
type About struct {
	At      time.Time // when it was begun
	Program string    // the version of the program that wrote it
	Store   string    // of what sort the store was: "sqlite" or "mongodb"
}

// Write writes everything that a store holds into one file, in constant memory.
//
// The file is compressed by gzip, and holds lines of MongoDB's extended JSON
// (relaxed). The first one says what the file is. For each of the [Kinds] there
// follow its items, ordered by [Item.Key], and a line with how many they are and
// the SHA-256 of their lines, line breaks and all. The last line has the SHA-256
// of all lines before it.
//
// The store may go on working meanwhile. Where its items are not of one moment,
// answers that were counted while it was read may stand in the file both as
// parked and as an attempt; [Restore] then counts them once. Of somebody who was
// erased while it was read there may stand what was read before; Restore then
// leaves of it what the erasure does.
func Write(ctx context.Context, w io.Writer, from Store, a About, told func(Kind, int)) ([]Count, error) {
	err := fit(ctx, from)
	if err != nil {
		return nil, err
	}
	z := gzip.NewWriter(w)
	counts, err := writeLines(ctx, z, from, a, told)
	if err != nil {
		return nil, fmt.Errorf("writing a backup: %w", err)
	}
	err = z.Close()
	if err != nil {
		return nil, fmt.Errorf("writing a backup: %w", err)
	}
	return counts, nil
}

// writeLines writes the lines of a backup, as they are before they are compressed.
func writeLines(ctx context.Context, w io.Writer, from Store, a About, told func(Kind, int)) ([]Count, error) {
	all := sha256.New()
	f := &lineWriter{to: io.MultiWriter(w, all), all: all}
	err := f.write(header{headerFields{Backup: format, At: a.At, Program: a.Program, Store: a.Store}})
	if err != nil {
		return nil, err
	}
	counts, err := pass(ctx, newStored(from), f, told)
	if err != nil {
		return nil, err
	}
	return counts, f.write(ending{sum(all)})
}

// lineWriter is a backup that is being written.
type lineWriter struct {
	to   io.Writer
	all  hash.Hash // of all that was written
	line bytes.Buffer
}

func (f *lineWriter) write(value any) error {
	err := encode(&f.line, value)
	if err != nil {
		return err
	}
	_, err = f.to.Write(f.line.Bytes())
	return err
}

func (f *lineWriter) take(_ context.Context, i lined) error {
	if len(i.line) > longestLine {
		return fmt.Errorf("%s %s is larger than the %d MB that an item of a backup may have", i.Kind, i.Key(), largestFile>>20)
	}
	_, err := f.to.Write(i.line)
	return err
}

func (f *lineWriter) ended(_ context.Context, c Count) error {
	return f.write(closing{Kind: c.Kind, Items: c.Items, SHA256: c.Hash})
}
