package site

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/content"
	"first5/web"
)

// forever is for addresses that are made from their content.
const forever = "public, max-age=31536000, immutable"

func (s *Site) asset(c *fiber.Ctx) error {
	a, err := s.findAsset(c)
	if err != nil {
		return err
	}
	// A drawing opened on its own may style itself and do nothing else.
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	if c.Get(fiber.HeaderRange) != "" {
		return sendPart(c, a)
	}
	return sendFile(c, a.ContentType, a.Data)
}

// sendPart sends the part of a file that is asked for: phones play no video
// without. Whoever asks for several parts, or for what can't be read, gets the
// whole.
func sendPart(c *fiber.Ctx, a content.Asset) error {
	parts, err := c.Range(len(a.Data))
	switch {
	case errors.Is(err, fiber.ErrRangeUnsatisfiable):
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", len(a.Data)))
		return c.SendStatus(fiber.StatusRequestedRangeNotSatisfiable)
	case err != nil || parts.Type != "bytes" || len(parts.Ranges) != 1:
		return sendFile(c, a.ContentType, a.Data)
	}
	from, to := parts.Ranges[0].Start, parts.Ranges[0].End
	c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", from, to, len(a.Data)))
	c.Status(fiber.StatusPartialContent)
	return sendFile(c, a.ContentType, a.Data[from:to+1])
}

// findAsset returns a file of a module, or of the guide.
func (s *Site) findAsset(c *fiber.Ctx) (content.Asset, error) {
	for _, a := range s.guide.Assets {
		if a.Path == c.Path() {
			return a, nil
		}
	}
	return s.Training.Asset(c.UserContext(), c.Path())
}

// static sends a file of the program. An address of another version of the program
// gets the file of that name as it is now: a page that was open or kept while the
// program was changed would otherwise stand without its styles.
func (s *Site) static(c *fiber.Ctx) error {
	f, ok := s.Views.Static(c.Path())
	if ok {
		c.Set(fiber.HeaderCacheControl, forever)
		return s.sendStatic(c, f)
	}
	f, ok = s.Views.Current(c.Params("name"))
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return s.sendStatic(c, f)
}

// sendStatic sends a file, compressed if that is smaller and the browser takes
// it.
func (s *Site) sendStatic(c *fiber.Ctx, f web.StaticFile) error {
	c.Set(fiber.HeaderContentType, f.ContentType)
	if f.Gzip == nil {
		return c.Send(f.Data)
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	if !takesGzip(c) {
		return c.Send(f.Data)
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	return c.Send(f.Gzip)
}

// sendFile sends a module's file, whose address is made from its content.
func sendFile(c *fiber.Ctx, contentType string, data []byte) error {
	c.Set(fiber.HeaderContentType, contentType)
	c.Set(fiber.HeaderCacheControl, forever)
	return c.Send(data)
}

// healthy says that the program runs.
func (s *Site) healthy(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ok\n")
}

// ready says whether the program can serve, for whoever sends people to it.
func (s *Site) ready(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	err := s.Training.Ready(c.UserContext())
	if err == nil {
		return c.SendString("ready\n")
	}
	s.Log.Warn("not ready", slog.Any("error", err))
	c.Set(fiber.HeaderRetryAfter, retryAfter)
	return c.Status(fiber.StatusServiceUnavailable).SendString(unready(err) + "\n")
}

// unready says why the program can't serve. Of what an error says only that is
// told which is meant for an operator: the rest may name hosts and users.
func unready(err error) string {
	switch {
	case errors.Is(err, app.ErrNotFound):
		return "nothing is published yet"
	case errors.Is(err, app.ErrIncomplete) && !errors.Is(err, app.ErrStoreAway):
		return lacking(err)
	}
	return "the database does not answer"
}

// lacking returns what the error says that is [app.ErrIncomplete] itself,
// without what was being done.
func lacking(err error) string {
	for inner := errors.Unwrap(err); inner != nil && inner != app.ErrIncomplete; inner = errors.Unwrap(err) {
		err = inner
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
