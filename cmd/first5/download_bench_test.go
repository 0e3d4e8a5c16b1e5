package main

import (
	"archive/zip"
	"bufio"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"first5/app/mongostore/mongotest"
	"first5/app/report"
)

// BenchmarkDownload measures what a manager waits for who downloads all records,
// in each format, from a program that runs on its own: how many come a second, how
// long until the first byte, how much memory the program took at most, and, in the
// same run, how many a bare cursor of the database gives that are written out by
// encoding/csv. FIRST5_BENCH_RECORDS says how many records, 100,000 if nothing.
func BenchmarkDownload(b *testing.B) {
	records := 100_000
	if n := os.Getenv("FIRST5_BENCH_RECORDS"); n != "" {
		var err error
		records, err = strconv.Atoi(n)
		require.NoError(b, err)
	}
	b.Run("SQLite", func(b *testing.B) {
		file := filepath.Join(b.TempDir(), "first5.db")
		benchDownloads(b, "sqlite:"+file, records, func(w *csv.Writer) int { return bareSQLite(b, file, w) })
	})
	b.Run("MongoDB", func(b *testing.B) {
		address := mongotest.Address(b)
		benchDownloads(b, address, records, func(w *csv.Writer) int { return bareMongoDB(b, address, w) })
	})
}

// benchDownloads fills a database, and measures each format with a program that
// was just started.
func benchDownloads(b *testing.B, database string, records int, bare func(*csv.Writer) int) {
	h := newHospital(b)
	h.env["FIRST5_DATABASE"] = database
	program := h.build()
	h.command(program, "seed", "--config", h.file, "--institution", "mercy-lakes", "--records", strconv.Itoa(records))
	for _, format := range []report.Format{report.CSV, report.JSONLines, report.Workbook} {
		b.Run(string(format), func(b *testing.B) { benchDownload(b, h, program, format, records, bare) })
	}
}

func benchDownload(b *testing.B, h *hospital, program string, format report.Format, records int, bare func(*csv.Writer) int) {
	h = &hospital{t: b, file: h.file, base: h.base, env: h.env}
	serving, stop := h.start(program)
	defer stop()
	grace := h.signIn("mercy-lakes", "ml-31150")
	var first, ours, plain time.Duration
	for b.Loop() {
		wait, took, n := h.download(grace, format)
		require.Equal(b, records, n)
		first, ours = max(first, wait), ours+took
		began := time.Now()
		require.Equal(b, records, bare(csv.NewWriter(io.Discard)))
		plain += time.Since(began)
	}
	b.ReportMetric(float64(b.N*records)/ours.Seconds(), "records/s")
	b.ReportMetric(plain.Seconds()/ours.Seconds(), "of-bare-cursor")
	b.ReportMetric(first.Seconds(), "s-to-first-byte")
	b.ReportMetric(peak(b, serving.Pid)/1024, "MB-peak")
}

// build builds the program as it is shipped.
func (h *hospital) build() string {
	h.t.Helper()
	program := filepath.Join(h.t.TempDir(), "first5")
	out, err := exec.CommandContext(h.t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(h.t, err, string(out))
	return program
}

// command runs the program until it is done.
func (h *hospital) command(program string, args ...string) {
	h.t.Helper()
	out, err := h.process(program, args...).CombinedOutput()
	require.NoError(h.t, err, string(out))
}

func (h *hospital) process(program string, args ...string) *exec.Cmd {
	c := exec.CommandContext(h.t.Context(), program, args...)
	c.Env = os.Environ()
	for name, value := range h.env {
		c.Env = append(c.Env, name+"="+value)
	}
	return c
}

// start runs "first5 serve" as a process of its own.
func (h *hospital) start(program string) (serving *os.Process, stop func()) {
	h.t.Helper()
	c := h.process(program, "serve", "--config", h.file)
	require.NoError(h.t, c.Start())
	require.Eventually(h.t, func() bool { return h.healthy() == done }, time.Minute, 20*time.Millisecond)
	return c.Process, func() {
		require.NoError(h.t, c.Process.Signal(syscall.SIGTERM))
		require.NoError(h.t, c.Wait())
	}
}

// download downloads all records. It returns how long the first byte and how
// long all took, and how many records there were.
func (h *hospital) download(browser *http.Client, format report.Format) (first, all time.Duration, records int) {
	h.t.Helper()
	file, err := os.Create(filepath.Join(h.t.TempDir(), "records."+string(format)))
	require.NoError(h.t, err)
	defer file.Close()
	began := time.Now()
	res, err := browser.Get(h.base + "/records." + string(format))
	require.NoError(h.t, err)
	defer res.Body.Close()
	body := bufio.NewReaderSize(res.Body, 1<<16)
	_, err = body.Peek(1)
	require.NoError(h.t, err)
	first = time.Since(began)
	size, err := io.Copy(file, body)
	require.NoError(h.t, err)
	all = time.Since(began)
	return first, all, h.recordsIn(file, size, format)
}

// recordsIn returns how many records a file has.
func (h *hospital) recordsIn(file *os.File, size int64, format report.Format) int {
	h.t.Helper()
	switch format {
	case report.Workbook:
		book, err := zip.NewReader(file, size)
		require.NoError(h.t, err)
		sheet, err := book.Open("xl/worksheets/sheet1.xml")
		require.NoError(h.t, err)
		defer sheet.Close()
		return h.count(sheet, "<row ") - 1
	case report.CSV:
		return h.count(io.NewSectionReader(file, 0, size), "\n") - 1
	}
	return h.count(io.NewSectionReader(file, 0, size), "\n")
}

// count returns how often a text is in a stream. Its first character comes in it
// once.
func (h *hospital) count(in io.Reader, text string) int {
	h.t.Helper()
	n := 0
	body := bufio.NewReaderSize(in, 1<<16)
	for {
		_, err := body.ReadSlice(text[0])
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err == io.EOF {
			return n
		}
		require.NoError(h.t, err)
		rest, err := body.Peek(len(text) - 1)
		if err == nil && string(rest) == text[1:] {
			n++
		}
	}
}

// peak returns the most memory that a process ever had, in kilobytes.
func peak(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Logf("how much memory the program took is known on Linux alone: %v", err)
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			require.NoError(b, err)
			return kb
		}
	}
	return 0
}

// bareSQLite writes all records out with nothing between the cursor and the
// writer, and returns how many.
func bareSQLite(b *testing.B, file string, w *csv.Writer) int {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	require.NoError(b, err)
	defer db.Close()
	rows, err := db.QueryContext(b.Context(), `SELECT r.id, r.institution, r.learner, p.subject, p.name, p.email, p.npi, r.program, r.module,
		r.title, r.edition, r.version, r.status, r.score, r.attempts, r.started_at, r.completed_at, r.certificate
		FROM records r JOIN people p ON p.learner = r.learner WHERE r.institution = 'mercy-lakes' ORDER BY r.id`)
	require.NoError(b, err)
	defer rows.Close()
	cells := make([]sql.NullString, len(report.Columns()))
	into := make([]any, len(cells))
	for i := range cells {
		into[i] = &cells[i]
	}
	line := make([]string, len(cells))
	n := 0
	for rows.Next() {
		require.NoError(b, rows.Scan(into...))
		for i, c := range cells {
			line[i] = c.String
		}
		require.NoError(b, w.Write(line))
		n++
	}
	require.NoError(b, rows.Err())
	w.Flush()
	return n
}

// bareMongoDB does as much with MongoDB's.
func bareMongoDB(b *testing.B, address string, w *csv.Writer) int {
	b.Helper()
	named, err := connstring.Parse(address)
	require.NoError(b, err)
	client, err := mongo.Connect(options.Client().ApplyURI(address))
	require.NoError(b, err)
	defer func() { require.NoError(b, client.Disconnect(b.Context())) }()
	fields := []string{"_id", "institution", "learner", "subject", "name", "email", "npi", "program", "module", "title", "edition",
		"version", "status", "score", "counted", "started_at", "completion"}
	project := bson.D{}
	for _, f := range fields {
		project = append(project, bson.E{Key: f, Value: 1})
	}
	cursor, err := client.Database(named.Database).Collection("records").Find(b.Context(), bson.D{{Key: "institution", Value: "mercy-lakes"}},
		options.Find().SetProjection(project).SetSort(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(1000))
	require.NoError(b, err)
	n := 0
	for cursor.Next(b.Context()) {
		var line []string
		for _, f := range append(fields[:len(fields)-1:len(fields)-1], "completion.at", "completion.certificate") {
			v := cursor.Current.Lookup(strings.Split(f, ".")...)
			switch v.Type {
			case bson.TypeString:
				line = append(line, v.StringValue())
			case bson.TypeDateTime:
				line = append(line, v.Time().Format(time.RFC3339))
			case bson.TypeInt32:
				line = append(line, strconv.Itoa(int(v.Int32())))
			case bson.TypeInt64:
				line = append(line, strconv.Itoa(int(v.Int64())))
			default:
				line = append(line, "")
			}
		}
		require.NoError(b, w.Write(line))
		n++
	}
	require.NoError(b, cursor.Err())
	w.Flush()
	return n
}
