package site

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"first5/web"
)

func (s *Site) account(c *fiber.Ctx, v visitor) error {
	sessions, err := s.Training.Sessions(c.UserContext(), v.Person)
	if err != nil {
		return err
	}
	page := web.AccountPage{Frame: s.frame(c, v, web.Account, web.T("Your account")), Person: v.Person}
	if i, err := s.Training.Institution(v.Institution); err == nil {
		page.Months = i.RetentionMonths
	}
	for _, session := range sessions {
		page.Sessions = append(page.Sessions, web.SignedInBrowser{
			This: session.Hash == v.token.Hash(), Since: session.CreatedAt, SeenAt: session.SeenAt,
		})
	}
	slices.SortStableFunc(page.Sessions, func(a, b web.SignedInBrowser) int {
		switch {
		case a.This && !b.This:
			return -1
		case b.This && !a.This:
			return 1
		}
		return 0
	})
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.show(c, fiber.StatusOK, page)
}
