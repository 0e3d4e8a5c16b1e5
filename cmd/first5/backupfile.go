package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"first5/app/archive"
)

// backupFile is a backup that is read until it ends, or until nobody waits for
// that any more.
type backupFile struct {
	ctx  context.Context
	file io.Reader
}

// Read implements [io.Reader].
func (b backupFile) Read(p []byte) (int, error) {
	err := b.ctx.Err()
	if err != nil {
		return 0, err
	}
	return b.file.Read(p)
}

// checkBackup reads a backup whole and returns what is in it.
func checkBackup(ctx context.Context, file string) (archive.About, []archive.Count, error) {
	f, err := openBackup(file)
	if err != nil {
		return archive.About{}, nil, err
	}
	defer f.Close() // it was read only
	about, counts, err := archive.Check(backupFile{ctx, f})
	if ctx.Err() != nil {
		return archive.About{}, nil, fmt.Errorf("interrupted while the backup was read: %w", ctx.Err())
	}
	if err != nil {
		return archive.About{}, nil, fmt.Errorf("%s can't be restored: %w", file, err)
	}
	return about, counts, nil
}

// openBackup opens a backup to read it, or says plainly why that can't be.
func openBackup(file string) (*os.File, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s: name the backup that holds the data", file)
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s is a folder: name the backup in it", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("the file %s can't be read: run first5 as the user whose it is (%w)", file, err)
	}
	return f, nil
}

// besideBackups is how the folders are called in which backups are made.
const besideBackups = ".first5-backup-"

// folderBeside makes a folder beside a file that is to be.
func folderBeside(file string) (string, error) {
	in := filepath.Dir(file)
	folder, err := os.MkdirTemp(in, besideBackups)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is no folder %s: make it, or name a file in another one", in)
	case isFull(err):
		return "", fullBeside(file)
	case err != nil:
		return "", fmt.Errorf("the folder %s can't be written: name a file in one that first5 may write (%w)", in, err)
	}
	return folder, nil
}

// fullBeside says that there is no room for a backup, or for the copy that it is
// made of.
func fullBeside(file string) error {
	return fmt.Errorf("the disk of the folder %s is full: make room there, or name a file on another disk", filepath.Dir(file))
}

// leftAfter is how long nothing must have been written into such a folder for it
// to be one that was left by a backup which was killed.
const leftAfter = 24 * time.Hour

// removeLeft removes what killed backups have left in a folder. What can't be
// removed is told of, and in nobody's way.
func removeLeft(in string, t terminal, now time.Time) {
	entries, err := os.ReadDir(in)
	if err != nil {
		return // whoever writes there is told
	}
	for _, e := range entries {
		left := filepath.Join(in, e.Name())
		if !e.IsDir() || !strings.HasPrefix(e.Name(), besideBackups) || now.Sub(lastWritten(left, now)) < leftAfter {
			continue
		}
		err = os.RemoveAll(left)
		if err != nil {
			t.telling("a folder that a broken backup has left can't be removed", err.Error())
		}
	}
}

// lastWritten returns when a folder was last written, or anything in it; now if
// that can't be told.
func lastWritten(folder string, now time.Time) time.Time {
	var last time.Time
	err := filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
		return err
	})
	if err != nil {
		return now
	}
	return last
}
