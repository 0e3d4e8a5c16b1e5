package site

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// noStore says that nobody keeps an answer: what is in it is for its reader's
// eyes alone, and they may sit at a computer of the ward.
func noStore(c *fiber.Ctx) { c.Set(fiber.HeaderCacheControl, "no-store") }

func (s *Site) learning(c *fiber.Ctx, v visitor) error {
	l, err := s.Training.Learning(c.UserContext(), v.Person)
	if err != nil {
		return err
	}
	language := s.language(c)
	for i, m := range l.Waiting {
		l.Waiting[i] = m.In(language)
	}
	noStore(c)
	return s.show(c, fiber.StatusOK, web.LearningPage{
		Frame:    s.frame(c, v, web.MyWork, web.T("My learning")),
		Learning: l,
		Titles:   web.Titles{Modules: s.Training.Modules(v.Person), Language: language},
		Told:     web.Told(c.Query("did")),
	})
}

// keepCommitment takes what somebody did about something that they mean to do.
func (s *Site) keepCommitment(c *fiber.Ctx, v visitor) error {
	record, text := app.RecordID(c.FormValue("record")), c.FormValue("text")
	did := web.Told(c.FormValue("do"))
	var err error
	switch did {
	case web.ToldDone, web.ToldUndone:
		err = s.Training.MarkCommitment(c.UserContext(), v.Person, record, text, did == web.ToldDone)
	case web.ToldDropped:
		err = s.Training.DropCommitment(c.UserContext(), v.Person, record, text)
	default:
		err = fmt.Errorf("nothing is done by %q: %w", did, fiber.ErrBadRequest)
	}
	if err != nil {
		return err
	}
	return seeOther(c, learnt(did))
}

// learnt is the learning page that tells of what was just done.
func learnt(did web.Told) string { return "/learning?did=" + string(did) }
