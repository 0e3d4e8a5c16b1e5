package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/report"
	"first5/web"
)

const recordsPerPage = 100

func (s *Site) records(c *fiber.Ctx, v visitor) error {
	f, after, err := readFilter(c)
	if err != nil {
		return err
	}
	listing, err := s.Training.Records(c.UserContext(), v.Person, f, after, recordsPerPage)
	if err != nil {
		return err
	}
	page := web.RecordsPage{
		Frame:   s.frame(v, web.Records, "Records"),
		Filter:  f,
		Modules: s.Training.Modules(v.Person),
		Page:    listing,
		Later:   after != app.Cursor{},
	}
	page.Wide = true
	page.Institution = page.Viewer.Institution
	if listing.Next != nil {
		q := web.FilterQuery(f)
		q.Set("after", writeCursor(*listing.Next))
		page.NextAddress = web.WithQuery("/records", q)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.show(c, fiber.StatusOK, page)
}

// recordsCSV streams all records that the filter chooses. The stream runs after
// this handler has returned, so it has a context of its own.
func (s *Site) recordsCSV(c *fiber.Ctx, v visitor) error {
	f, _, err := readFilter(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(s.base, downloadTime)
	all, err := s.Training.AllRecords(ctx, v.Person, f)
	if err != nil {
		cancel()
		return err
	}
	name := fmt.Sprintf("%s-records-%s.csv", v.Institution, s.Training.Now().UTC().Format(time.DateOnly))
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8; header=present")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if c.Method() == fiber.MethodHead {
		cancel()
		return nil
	}
	from, to := io.Pipe()
	go s.download(to, all, cancel, string(v.Learner))
	return c.SendStream(&patient{from, c.Context().Conn()})
}

// downloadTime is how long a download may take in all.
const downloadTime = time.Hour

// download writes the file into the pipe. It is a goroutine of its own, where a
// panic would end the program; and it ends the pipe with its error, so that the
// browser sees a broken download and not a short file.
func (s *Site) download(to *io.PipeWriter, all iter.Seq2[app.Record, error], cancel func(), learner string) {
	defer cancel()
	var n int
	var err error
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		to.CloseWithError(err)
		level := slog.LevelInfo
		if err != nil {
			level = slog.LevelError
		}
		s.Log.Log(context.Background(), level, "records downloaded", slog.String("learner", learner), slog.Int("records", n), slog.Any("error", err))
	}()
	n, err = report.WriteCSV(to, all)
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

// readFilter reads the filter of a listing, and where the listing goes on.
func readFilter(c *fiber.Ctx) (app.Filter, app.Cursor, error) {
	f := app.Filter{
		Program: c.Query("program"),
		Module:  c.Query("module"),
		Status:  app.Status(c.Query("status")),
		Query:   strings.TrimSpace(c.Query("q")),
	}
	var err error
	f.From, err = readDay(c.Query("from"))
	if err != nil {
		return f, app.Cursor{}, err
	}
	f.To, err = readDay(c.Query("to"))
	if err != nil {
		return f, app.Cursor{}, err
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1) // the day itself is meant too
	}
	if f.Status != "" && !f.Status.Known() {
		return f, app.Cursor{}, filterProblem("There is no status “" + string(f.Status) + "”. Choose one from the list.")
	}
	after, err := readCursor(c.Query("after"))
	return f, after, err
}

func readDay(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, filterProblem("A day is written like 2026-01-31, and not “" + s + "”.")
	}
	return day, nil
}

func filterProblem(text string) error {
	return &problem{
		err:   fmt.Errorf("reading a filter: %w", app.ErrInvalid),
		title: "That filter can’t be used",
		text:  text,
		link:  &web.Link{Address: "/records", Words: "All records"},
	}
}

func writeCursor(c app.Cursor) string {
	return strconv.FormatInt(c.ActiveAt.UnixMilli(), 10) + "." + string(c.ID)
}

func readCursor(s string) (app.Cursor, error) {
	if s == "" {
		return app.Cursor{}, nil
	}
	at, id, ok := strings.Cut(s, ".")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return app.Cursor{}, filterProblem("The address does not say where the list goes on. Begin at its start.")
	}
	return app.Cursor{ActiveAt: time.UnixMilli(ms).UTC(), ID: app.RecordID(id)}, nil
}
