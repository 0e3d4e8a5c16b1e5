package site

import (
	"context"
	"iter"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/report"
)

// file streams all records that the filter chooses.
func (a *api) file(format report.Format) apiHandler {
	return func(c *fiber.Ctx, access app.Access, q query) error {
		f, err := a.filter(q)
		if err != nil {
			return err
		}
		by := app.Downloader{Institution: access.Institution.ID, Token: access.Token.ID}
		return a.recordsFile(c, by, format, f, func(ctx context.Context) (iter.Seq2[app.Record, error], error) {
			return a.Training.AllRecordsThrough(ctx, access, f)
		})
	}
}

const (
	usualDownloads = 20
	mostDownloads  = 100
)

// apiDownload is a file that was sent whole, as systems are told of it.
type apiDownload struct {
	File       string  `json:"file"`
	Filter     *string `json:"filter"`
	Rows       int     `json:"rows"`
	Bytes      int64   `json:"bytes"`
	SHA256     string  `json:"sha256"`
	FinishedAt string  `json:"finished_at"`
	Learner    *string `json:"learner_id"`
	Token      *string `json:"token_id"`
}

// downloads answers with the files that the institution was last sent whole.
func (a *api) downloads(c *fiber.Ctx, access app.Access, q query) error {
	most, err := q.most(usualDownloads, mostDownloads)
	if err != nil {
		return err
	}
	last, err := a.Training.DownloadsThrough(c.UserContext(), access, most)
	if err != nil {
		return err
	}
	answer := struct {
		Downloads []apiDownload `json:"downloads"`
	}{Downloads: []apiDownload{}}
	for _, d := range last {
		answer.Downloads = append(answer.Downloads, apiDownload{
			File: d.File, Filter: known(d.Filter), Rows: d.Rows, Bytes: d.Bytes, SHA256: d.SHA256, FinishedAt: apiTime(d.At),
			Learner: known(string(d.Learner)), Token: known(d.Token),
		})
	}
	return sendJSON(c, answer)
}
