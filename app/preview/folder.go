package preview

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"first5/content"
)

// read reads the folder. A file that vanishes while it is read, as some editors
// make it when they save, is no news: it is tried again.
func (s *Server) read() (*content.Library, []content.Finding, error) {
	lib, findings, err := s.readOnce()
	for tries := 1; errors.Is(err, fs.ErrNotExist) && tries < 3; tries++ {
		lib, findings, err = s.readOnce()
	}
	if err != nil {
		return nil, nil, unreadable(err)
	}
	return lib, append(findings, lib.ExpiredReviews(s.Now())...), nil
}

// readOnce goes through an [os.Root], so that no link in the folder shows what is
// outside of it, and opens it anew each time, since the folder may have been put
// in another one's place.
func (s *Server) readOnce() (*content.Library, []content.Finding, error) {
	root, err := os.OpenRoot(s.Folder)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the folder: %w", err)
	}
	defer root.Close()
	return content.Load(root.FS())
}

// unreadable makes a sentence for the author of an error.
func unreadable(err error) error {
	var at *fs.PathError
	switch {
	case !errors.As(err, &at):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%q is gone: put it back, or start the preview elsewhere", at.Path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%q may not be read: give yourself the right to read it", at.Path)
	}
	return err
}

// folders returns the folder and all folders in it that are not hidden.
func (s *Server) folders() ([]string, error) {
	root, err := os.OpenRoot(s.Folder)
	if err != nil {
		return nil, fmt.Errorf("opening the folder: %w", err)
	}
	defer root.Close()
	var all []string
	err = fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // gone since its name was read
		case err != nil:
			return err
		case !e.IsDir():
			return nil
		case name != "." && isHidden(e.Name()):
			return fs.SkipDir
		}
		all = append(all, filepath.Join(s.Folder, filepath.FromSlash(name)))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing the folders: %w", err)
	}
	return all, nil
}

func isGone(folder string) bool {
	_, err := os.Stat(folder)
	return errors.Is(err, fs.ErrNotExist)
}
