package site

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"first5/web"
)

// longestQuery is how much of what somebody searches for is looked at, in bytes.
const longestQuery = 200

func (s *Site) search(c *fiber.Ctx, v visitor) error {
	query := cut(strings.TrimSpace(c.Query("q")), longestQuery)
	return s.show(c, fiber.StatusOK, web.SearchPage{
		Frame: s.frame(c, v, web.Modules, web.T("Search")),
		Query: query,
		Hits:  s.Training.Search(v.Person, query, s.language(c)),
	})
}
