package site_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"

	"first5/app/signin"
)

// wire is a way to answer that is no answer, whatever was asked for.
type wire struct {
	name   string
	answer func(p *hostile) http.HandlerFunc
	reason signin.Reason
	other  map[string]signin.Reason // where it is another one, by what was asked for
}

// wires are the ways in which a server can misbehave.
func wires() []wire {
	keysUnread := map[string]signin.Reason{keysAt: signin.ReasonNoAnswer} // keys are read as the answer comes in
	return []wire{
		{name: "never answers", answer: silence, reason: signin.ReasonTooLate},
		{name: "drips one byte after another", answer: drip, reason: signin.ReasonTooLate},
		{name: "closes the connection at once", answer: raw(""), reason: signin.ReasonNoAnswer},
		{name: "speaks another protocol", answer: raw("SSH-2.0-OpenSSH_9.9\r\n"), reason: signin.ReasonNoAnswer},
		{name: "is cut off in the middle of a chunk", answer: raw(okay + "Transfer-Encoding: chunked\r\n\r\nff\r\n{\"issuer\""), reason: signin.ReasonBadAnswer, other: keysUnread},
		{name: "promises more than it sends", answer: raw(okay + "Content-Length: 500\r\n\r\n{}"), reason: signin.ReasonBadAnswer, other: keysUnread},
		{name: "names two lengths", answer: raw(okay + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "), reason: signin.ReasonNoAnswer},
		{name: "sends a header without end", answer: endless(okay, "X-More: "+strings.Repeat("x", 1000)+"\r\n"), reason: signin.ReasonNoAnswer},
		{name: "sends early hints without end", answer: endless("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), reason: signin.ReasonNoAnswer},
		{name: "answers a megabyte and more", answer: body("", `{"x":"`+strings.Repeat("x", 1_100_000)+`"}`), reason: signin.ReasonBadAnswer},
		{name: "answers a gzip bomb", answer: body("gzip", bomb()), reason: signin.ReasonBadAnswer},
		{name: "says gzip and sends something else", answer: body("gzip", "{}"), reason: signin.ReasonBadAnswer, other: keysUnread},
		{name: "answers 200 with HTML", answer: body("", "<!doctype html>"+scrawl), reason: signin.ReasonBadAnswer},
		{name: "answers 200 with an empty body", answer: body("", ""), reason: signin.ReasonBadAnswer},
		{name: "answers deeply nested JSON", answer: body("", strings.Repeat(`{"x":`, 100_000)), reason: signin.ReasonBadAnswer},
		{name: "answers null", answer: body("", "null"), reason: signin.ReasonBadAnswer, other: map[string]signin.Reason{keysAt: signin.ReasonSignature}},
		{name: "answers a list", answer: body("", "[]"), reason: signin.ReasonBadAnswer},
		{name: "answers 500 with HTML", answer: fails(500), reason: signin.ReasonProviderFault},
		{name: "answers 404 with HTML", answer: fails(404), reason: signin.ReasonBadAnswer, other: map[string]signin.Reason{tokenAt: signin.ReasonCode}},
		{name: "answers 401 with HTML", answer: fails(401), reason: signin.ReasonBadAnswer, other: map[string]signin.Reason{tokenAt: signin.ReasonClient}},
		{name: "redirects to itself for ever", answer: redirects(func(*hostile) string { return "" }), reason: signin.ReasonBadAnswer},
		{name: "redirects to a host that is not configured", answer: redirects(func(p *hostile) string { return p.elsewhere.URL }), reason: signin.ReasonBadAnswer},
	}
}

// wireWays are those ways at each address that First5 itself calls.
func wireWays() []way {
	var all []way
	for _, w := range wires() {
		for _, at := range []string{discoveryAt, tokenAt, keysAt, detailsAt} {
			one := way{name: at + " " + w.name, do: func(p *hostile) { p.answers[at] = w.answer(p) }, reason: w.reason}
			if other, ok := w.other[at]; ok {
				one.reason = other
			}
			all = append(all, one)
		}
	}
	return all
}

const okay = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

// silence takes a question and leaves it unanswered until whoever asked has gone.
func silence(p *hostile) http.HandlerFunc {
	return func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server see that somebody leaves
		select {
		case <-r.Context().Done():
		case <-p.over:
		}
	}
}

func drip(p *hostile) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		drops := time.NewTicker(20 * time.Millisecond)
		defer drops.Stop()
		for {
			_, err := io.WriteString(w, " ")
			if err != nil || http.NewResponseController(w).Flush() != nil {
				return
			}
			select {
			case <-drops.C:
			case <-r.Context().Done():
				return
			case <-p.over:
				return
			}
		}
	}
}

// raw answers with some text, which need not be HTTP, and hangs up.
func raw(text string) func(*hostile) http.HandlerFunc {
	return hijacked(func(w *bufio.Writer) error {
		_, err := w.WriteString(text)
		return err
	})
}

// endless answers with a text that is followed by another again and again.
func endless(begin, more string) func(*hostile) http.HandlerFunc {
	return hijacked(func(w *bufio.Writer) error {
		_, err := w.WriteString(begin)
		for err == nil {
			_, err = w.WriteString(more)
		}
		return nil // whoever asked has hung up, as they should
	})
}

func hijacked(write func(*bufio.Writer) error) func(*hostile) http.HandlerFunc {
	return func(p *hostile) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			conn, buffered, err := http.NewResponseController(w).Hijack()
			if !assert.NoError(p.t, err) {
				return
			}
			defer conn.Close()
			if write(buffered.Writer) == nil {
				_ = buffered.Flush() // whoever asked may be gone
			}
		}
	}
}

func body(encoding, text string) func(*hostile) http.HandlerFunc {
	return func(*hostile) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
			}
			_, _ = io.WriteString(w, text)
		}
	}
}

// bomb is a small text that unpacks to 64 MB of JSON.
func bomb() string {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	spaces := bytes.Repeat([]byte(" "), 1<<20)
	for range 64 {
		_, _ = z.Write(spaces) // memory takes it
	}
	_, _ = z.Write([]byte("{}"))
	_ = z.Close()
	return packed.String()
}

func fails(status int) func(*hostile) http.HandlerFunc {
	return func(*hostile) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, scrawl)
		}
	}
}

// redirects sends whoever asks to another host, or back to the same address.
func redirects(host func(*hostile) string) func(*hostile) http.HandlerFunc {
	return func(p *hostile) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, host(p)+r.URL.Path, http.StatusTemporaryRedirect)
		}
	}
}
