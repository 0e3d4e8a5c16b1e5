package sqlitestore

import (
	"errors"
	"os"
)

// fileLock keeps other programs from serving from a file. The operating system takes it
// back when the process ends, however it ends.
type fileLock struct{ file *os.File }

// errLocked says that somebody else has the file.
var errLocked = errors.New("another program has it open: stop it, or name another database")

// lockFile takes the lock, or returns [errLocked] if somebody else has it. The file
// at path is the lock's own: SQLite's locks on the database file would be lost
// if anything else in the process opened and closed it. It stays when the lock
// is released, since somebody may be waiting to take it.
func lockFile(path string) (*fileLock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = tryLock(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &fileLock{file: file}, nil
}

// release lets go of the lock: closing the file does.
func (l *fileLock) release() error { return l.file.Close() }
