package site

import (
	"bytes"
	"io"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/paper"
	"first5/app/report"
	"first5/web"
)

// transcriptPath is where a learner sees all that they have completed.
const transcriptPath = "/learning/transcript"

func (s *Site) transcript(c *fiber.Ctx, v visitor) error {
	completed, err := s.completed(c, v)
	if err != nil {
		return err
	}
	page := web.TranscriptPage{
		Frame:     s.frame(c, v, web.MyWork, web.T("Transcript")),
		Completed: completed,
		Day:       s.Training.Now(),
		Papers:    papers(c, transcriptPath+".pdf"),
	}
	page.Wide = true
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.show(c, fiber.StatusOK, page)
}

// completed returns the visitor's own records that have a completion, the latest
// completed first.
func (s *Site) completed(c *fiber.Ctx, v visitor) ([]app.Record, error) {
	l, err := s.Training.Learning(c.UserContext(), v.Person)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(l.Done, func(a, b app.Record) int { return b.Completion.At.Compare(a.Completion.At) })
	return l.Done, nil
}

// transcript is the visitor's transcript to print.
func (p press) transcript(c *fiber.Ctx, v visitor) error {
	completed, err := p.completed(c, v)
	if err != nil {
		return err
	}
	language := p.language(c)
	facts := paper.Transcript{Name: v.Name, Day: p.Views.Day(language, p.Training.Now()), Language: language}
	if i, err := p.Training.Institution(v.Institution); err == nil {
		facts.Institution = i.Name
	}
	for _, r := range completed {
		row := paper.TranscriptRow{
			Title:     r.Completion.Title,
			Edition:   r.Edition,
			Status:    p.Views.Say(language, web.StatusName(r.Completion.Status)),
			Day:       p.Views.Day(language, r.Completion.At),
			Score:     r.Completion.Score,
			Withdrawn: r.Withdrawn != nil,
		}
		if r.Completion.Certificate != "" {
			row.Number, row.Address = string(r.Completion.Certificate), p.BaseURL+certificatePath(r)
		}
		facts.Rows = append(facts.Rows, row)
	}
	d := document{
		name: p.transcriptName(),
		page: transcriptPath,
		write: func(w io.Writer, on paper.Paper, say paper.Words) error {
			return paper.WriteTranscript(w, facts, on, say)
		},
	}
	return p.send(c, language, d)
}

// transcriptCSV is the visitor's transcript for a spreadsheet.
func (s *Site) transcriptCSV(c *fiber.Ctx, v visitor) error {
	completed, err := s.completed(c, v)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	_, err = report.WriteTranscript(&b, slices.Values(completed), s.BaseURL+certificates)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, report.CSV.MediaType())
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+s.transcriptName()+`.csv"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(b.Bytes())
}

func (s *Site) transcriptName() string {
	return "first5-transcript-" + s.Training.Now().UTC().Format(time.DateOnly)
}
