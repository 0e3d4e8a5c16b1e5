package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
)

const (
	downloadTime = time.Hour        // how long a download may take in all
	noteTime     = 10 * time.Second // to tell the audit trail how it ended
)

// fileWriter writes a file and returns how many rows it has written.
type fileWriter func(w io.Writer) (int, error)

// download streams a file to somebody, and tells the audit trail before and
// after. The stream runs after the handler has returned, so it has a context of
// its own, which prepare gets. of says in the file's name whose rows it has.
func (s *Site) download(c *fiber.Ctx, v visitor, of string, what app.Download, prepare func(context.Context) (fileWriter, error)) error {
	ctx, cancel := context.WithTimeout(s.base, downloadTime)
	write, err := prepare(ctx)
	if err == nil && c.Method() != fiber.MethodHead {
		err = s.Training.DownloadBegins(c.UserContext(), v.Person, what)
	}
	if err != nil {
		cancel()
		return err
	}
	kind, extension := strings.TrimSuffix(what.File, path.Ext(what.File)), path.Ext(what.File)
	name := fmt.Sprintf("%s-%s-%s%s", of, kind, s.Training.Now().UTC().Format(time.DateOnly), extension)
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8; header=present")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if c.Method() == fiber.MethodHead {
		cancel()
		return nil
	}
	from, to := io.Pipe()
	go func() {
		defer cancel()
		n, err := rows(write, to)
		err = errors.Join(err, s.noteDownload(v.Person, what, n, err))
		// Last, and with the error, so that nobody holds a file that looks whole
		// and is not, or that the audit trail does not know.
		to.CloseWithError(err)
	}()
	return c.SendStream(&patient{from, c.Context().Conn()})
}

// readable writes a filter for people to read.
func readable(q url.Values) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(q)) {
		parts = append(parts, name+": "+q.Get(name))
	}
	return strings.Join(parts, ", ")
}

// rows writes a file and returns how many rows it has. It runs in a goroutine of
// its own, where a panic would end the program.
func rows(write fileWriter, to io.Writer) (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return write(to)
}

// noteDownload tells the log and the audit trail how a download ended.
func (s *Site) noteDownload(p app.Person, what app.Download, n int, err error) error {
	level := slog.LevelInfo
	if err != nil {
		level = slog.LevelError
	}
	learner := slog.String("learner", string(p.Learner))
	s.Log.Log(context.Background(), level, "download ended", learner, slog.String("file", what.File), slog.Int("rows", n), slog.Any("error", err))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.base), noteTime) // also while the program stops
	defer cancel()
	missing := s.Training.DownloadEnds(ctx, p, what, n, err == nil)
	if missing != nil {
		s.Log.Error("the end of a download is missing in the audit trail", learner, slog.Any("error", missing))
	}
	return missing
}

// patient is a response's stream that may take longer than a page, as long as
// the browser keeps reading.
type patient struct {
	*io.PipeReader
	conn net.Conn
}

// Read implements [io.Reader].
func (p *patient) Read(b []byte) (int, error) {
	n, err := p.PipeReader.Read(b)
	if errors.Is(err, io.EOF) || err == nil {
		_ = p.conn.SetWriteDeadline(time.Now().Add(time.Minute)) // fails only on a closed connection
	}
	return n, err
}
