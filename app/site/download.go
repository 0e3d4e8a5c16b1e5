package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/url"
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

// sending is a file that somebody downloads.
type sending struct {
	app.Download
	by        app.Downloader
	of        string // whose rows it has, for the file's name
	mediaType string

	// prepare returns how the file is written. The stream runs after the handler has
	// returned, so it has a context of its own, which prepare gets.
	prepare func(context.Context) (fileWriter, error)
}

// name returns what the file is called, such as
// "mercy-lakes-records-2026-03-04.csv".
func (f sending) name(day time.Time) string {
	kind, extension, _ := strings.Cut(f.File, ".")
	return fmt.Sprintf("%s-%s-%s.%s", f.of, kind, day.UTC().Format(time.DateOnly), extension)
}

// download streams a file to somebody, and tells the audit trail before and
// after.
func (s *Site) download(c *fiber.Ctx, f sending) error {
	ctx, cancel := context.WithTimeout(s.base, downloadTime)
	write, err := f.prepare(ctx)
	if err == nil && c.Method() != fiber.MethodHead {
		err = s.Training.DownloadBegins(c.UserContext(), f.by, f.Download)
	}
	if err != nil {
		cancel()
		return err
	}
	c.Set(fiber.HeaderContentType, f.mediaType)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+f.name(s.Training.Now())+`"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if c.Method() == fiber.MethodHead {
		cancel()
		return nil
	}
	from, to := io.Pipe()
	go func() {
		defer cancel()
		sent := &meter{to: to, hash: sha256.New()}
		n, err := rows(write, sent)
		err = errors.Join(err, s.noteDownload(f, sent.finished(n), err))
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
func (s *Site) noteDownload(f sending, sent app.Finished, err error) error {
	level := slog.LevelInfo
	if err != nil {
		level = slog.LevelError
	}
	who := slog.String("learner", string(f.by.Learner))
	if f.by.Token != "" {
		who = slog.String("token", f.by.Token)
	}
	s.Log.Log(context.Background(), level, "download ended", who, slog.String("file", f.File), slog.Int("rows", sent.Rows), slog.Any("error", err))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.base), noteTime) // also while the program stops
	defer cancel()
	missing := s.Training.DownloadEnds(ctx, f.by, f.Download, sent, err == nil)
	if missing != nil {
		s.Log.Error("the end of a download is missing in the audit trail", who, slog.Any("error", missing))
	}
	return missing
}

// meter counts and hashes what is written to it, on its way.
type meter struct {
	to    io.Writer
	hash  hash.Hash
	bytes int64
}

// Write implements [io.Writer].
func (m *meter) Write(b []byte) (int, error) {
	n, err := m.to.Write(b)
	m.bytes += int64(n)
	m.hash.Write(b[:n]) // never fails, by its contract
	return n, err
}

func (m *meter) finished(rows int) app.Finished {
	return app.Finished{Rows: rows, Bytes: m.bytes, SHA256: hex.EncodeToString(m.hash.Sum(nil))}
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
