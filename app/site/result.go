package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// resultAddress is where what answers were worth is shown. It tells whether they
// came from the page of the questions alone.
func resultAddress(sub app.Submission) string {
	address := "/modules/" + sub.Module + "/attempts/" + string(sub.Attempt)
	if sub.Quiz {
		address += "?from=quiz"
	}
	return address
}

func (s *Site) result(c *fiber.Ctx, v visitor) error {
	r, err := s.Training.Result(c.UserContext(), v.Person, c.Params("slug"), app.AttemptID(c.Params("attempt")))
	if err != nil {
		return err
	}
	o := app.Opened{Module: r.Module, Record: &r.Record, Workbook: r.Workbook}
	r.Module, _ = s.inLanguage(c, r.Module)
	if r.Next != nil {
		r.Next, _ = s.inLanguage(c, r.Next)
	}
	page := web.ResultPage{Frame: s.frame(c, v, web.Modules, web.Verbatim(r.Module.Title)), Result: r, Quiz: c.Query("from") == "quiz"}
	undecided := len(r.Workbook.Commitments) == 0 && c.Query("later") == ""
	if page.Passing() && undecided && len(r.Module.Intentions) > 0 {
		page.Form = s.intentions(c, v, o, page.Address())
	}
	noStore(c)
	return s.show(c, fiber.StatusOK, page)
}
