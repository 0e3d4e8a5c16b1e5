package site

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// worthwhile is how long an answer is, in bytes, that is worth compressing.
const worthwhile = 1 << 10

// compress makes a page shorter on its way to a phone, at the level that takes
// the least time: it is done for every page anew, and for every drawing of a
// module, which browsers keep. Downloads are not compressed, since they are sent
// while they are made, nor parts of a file, and the program's files were once for
// all.
//
// What is secret in a page is masked, see [mask], since compressed answers tell
// by their length what is in them twice.
func (s *Site) compress(c *fiber.Ctx) {
	r := c.Response()
	if r.IsBodyStream() || r.StatusCode() == fiber.StatusPartialContent || len(r.Body()) < worthwhile || !isText(r.Header.ContentType()) || len(r.Header.ContentEncoding()) > 0 {
		return
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	if !takesGzip(c) {
		return
	}
	r.SetBodyRaw(fasthttp.AppendGzipBytesLevel(nil, r.Body(), fasthttp.CompressBestSpeed))
	r.Header.SetContentEncoding("gzip")
}

func isText(contentType []byte) bool {
	for _, prefix := range []string{fiber.MIMETextHTML, fiber.MIMEApplicationJSON, problemJSON, "image/svg+xml"} {
		if bytes.HasPrefix(contentType, []byte(prefix)) {
			return true
		}
	}
	return false
}

// takesGzip says whether a browser has said that it takes compressed answers.
func takesGzip(c *fiber.Ctx) bool {
	return c.Get(fiber.HeaderAcceptEncoding) != "" && c.AcceptsEncodings("gzip") == "gzip"
}
