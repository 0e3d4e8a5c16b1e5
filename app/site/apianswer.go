package site

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// sendJSON answers with a thing as JSON.
func sendJSON(c *fiber.Ctx, thing any) error {
	body, err := json.Marshal(thing)
	if err != nil {
		return fmt.Errorf("writing an answer: %w", err)
	}
	return sendTagged(c, body)
}

// sendTagged answers with JSON, unless the system has just that already. Nobody but
// the system itself keeps the answer, and it asks each time whether it still holds.
func sendTagged(c *fiber.Ctx, body []byte) error {
	tag := etag(c, body)
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(body)
}

// etag names an answer by its content, as it will be sent: see [Site.compress].
func etag(c *fiber.Ctx, body []byte) string {
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:16])
	if len(body) >= worthwhile && takesGzip(c) {
		tag += "-gzip"
	}
	return `"` + tag + `"`
}

// matches says whether one of the tags in a header is that one.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == tag || one == "*" {
			return true
		}
	}
	return false
}
