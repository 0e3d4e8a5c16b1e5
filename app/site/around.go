package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/web"
)

// around is the outermost middleware. It gives the request a context that ends,
// and finishes whatever comes of it, a panic too.
func (s *Site) around(c *fiber.Ctx) error {
	begun := time.Now()
	ctx, cancel := context.WithTimeout(s.base, requestTime)
	defer cancel()
	c.SetUserContext(ctx)
	return s.finish(c, s.next(c), begun)
}

// refuse finishes a request that fiber can't read, and that no middleware sees.
func (s *Site) refuse(c *fiber.Ctx, err error) error { return s.finish(c, err, time.Now()) }

// finish turns an error into its page, compresses whatever is answered, adds the
// security headers to it, and logs one line.
func (s *Site) finish(c *fiber.Ctx, err error, begun time.Time) error {
	var failed error
	if err != nil {
		failed = s.answerError(c, err)
	}
	s.compress(c)
	s.secure(c)
	s.logRequest(c, err, time.Since(begun))
	return failed
}

// next runs the handlers. A panic in one of them would end the program.
func (s *Site) next(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	err = c.Next()
	var none *fiber.Error
	if errors.As(err, &none) && none.Code == fiber.StatusNotFound {
		return fiber.ErrNotFound // fiber's own says the path, which may hold what somebody typed, or a token
	}
	return err
}

// secure sets the headers that every answer carries. A style, a script or a font
// needs none of those that say what a page may do: with as many files as the
// first view of a module has they would be a tenth of what a phone loads.
func (s *Site) secure(c *fiber.Ctx) {
	h := &c.Response().Header
	if strings.HasPrefix(c.Path(), staticPath) && c.Response().StatusCode() == fiber.StatusOK {
		h.SetCanonical([]byte("X-Content-Type-Options"), []byte("nosniff"))
		return
	}
	if len(h.Peek(fiber.HeaderContentSecurityPolicy)) == 0 {
		h.SetCanonical([]byte(fiber.HeaderContentSecurityPolicy), []byte(policy))
	}
	for _, header := range s.headers {
		h.SetCanonical(header[0], header[1])
	}
	if len(h.Peek(fiber.HeaderCacheControl)) == 0 {
		h.Set(fiber.HeaderCacheControl, "private, no-cache")
	}
}

const staticPath = "/static/"

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// securityHeaders returns the headers that are the same in every answer, with
// their names as they are sent: they are set some thousand times a second.
func securityHeaders(https bool) [][2][]byte {
	all := [][2]string{
		{"X-Content-Type-Options", "nosniff"},
		// Not no-referrer: browsers then send "Origin: null" with our own forms.
		{"Referrer-Policy", "same-origin"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	}
	if https {
		all = append(all, [2]string{"Strict-Transport-Security", "max-age=63072000"})
	}
	var headers [][2][]byte
	for _, h := range all {
		headers = append(headers, [2][]byte{[]byte(h[0]), []byte(h[1])})
	}
	return headers
}

// logRequest writes the route and not the path or the query, which may hold
// what a person typed.
func (s *Site) logRequest(c *fiber.Ctx, err error, took time.Duration) {
	learner, _ := c.Locals(learnerKey).(string)
	status := c.Response().StatusCode()
	level := slog.LevelInfo
	if status >= fiber.StatusInternalServerError {
		level = slog.LevelError
	}
	fields := []slog.Attr{
		slog.String("method", c.Method()),
		slog.String("route", c.Route().Path),
		slog.Int("status", status),
		slog.Int64("microseconds", took.Microseconds()),
		slog.String("learner", learner),
	}
	if token, ok := c.Locals(tokenKey).(string); ok {
		fields = append(fields, slog.String("token", token))
	}
	if err != nil {
		fields = append(fields, slog.Any("error", err))
	}
	s.Log.LogAttrs(context.Background(), level, "request", fields...)
}

// limitBody refuses a body over the limit with a page. It reads the rest of a
// body that is not absurdly long: a connection that is closed on a browser that
// still writes shows an error of the browser's, and not our page.
func (s *Site) limitBody(c *fiber.Ctx) error {
	limit := longestBody(c.Path())
	body := c.Context().RequestBodyStream()
	if body == nil {
		return c.Next()
	}
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return fiber.NewError(fiber.StatusBadRequest, "the body broke off")
	}
	if int64(len(data)) <= limit {
		c.Request().SetBody(data)
		return c.Next()
	}
	_, err = io.CopyN(io.Discard, body, 64*bodyLimit)
	if !errors.Is(err, io.EOF) {
		c.Context().SetConnectionClose()
	}
	_, title, _ := explain(fiber.ErrRequestEntityTooLarge)
	return &problem{err: fiber.ErrRequestEntityTooLarge, title: title, text: tooMuch(limit)}
}

// longestBody returns how many bytes may be sent to a path: more where learners
// write, since a form makes nine bytes of one Chinese character and twelve of an
// emoji, and where managers list very many people.
func longestBody(to string) int64 {
	if to == assignmentsPath {
		return writtenLimit
	}
	switch path.Base(to) {
	case "attempts", "reflections", "commitments":
		if strings.HasPrefix(to, "/modules/") {
			return writtenLimit
		}
	}
	return bodyLimit
}

func tooMuch(limit int64) web.Message {
	return web.T("A page may send at most %d KB. Nothing was saved. Go back and send less.", limit>>10)
}
