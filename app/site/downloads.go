package site

import (
	"context"
	"io"
	"iter"
	"strings"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/report"
	"first5/web"
)

// recordList returns all records of a file, for as long as its context lasts.
type recordList func(context.Context) (iter.Seq2[app.Record, error], error)

// recordsAs streams all of a manager's records that the filter chooses.
func (s *Site) recordsAs(format report.Format) handler {
	return func(c *fiber.Ctx, v visitor) error {
		f, err := readFilter(c)
		if err != nil {
			return err
		}
		return s.recordsFile(c, v.Downloader(), format, f, func(ctx context.Context) (iter.Seq2[app.Record, error], error) {
			return s.Training.AllRecords(ctx, v.Person, f)
		})
	}
}

// recordsFile streams records as a file, and tells the audit trail of it. f is
// what they were narrowed to, for those who read of it later; all sees to it that
// they are the downloader's to read. A system gets CSV without a byte-order mark.
func (s *Site) recordsFile(c *fiber.Ctx, by app.Downloader, format report.Format, f app.Filter, all recordList) error {
	institution, err := s.Training.Institution(by.Institution)
	if err != nil {
		return err
	}
	file := report.File{
		Format:      format,
		Plain:       by.Token != "",
		MadeAt:      s.Training.Now(),
		Institution: institution.Name,
		Filter:      readable(web.FilterQuery(f)),
		BaseURL:     s.BaseURL,
		Issuer:      institution.Issuer,
	}
	return s.download(c, sending{
		Download:  app.Download{File: "records." + string(format), Filter: readable(web.FilterQuery(noted(f)))},
		by:        by,
		of:        string(by.Institution),
		mediaType: format.MediaType(),
		prepare: func(ctx context.Context) (fileWriter, error) {
			records, err := all(ctx)
			return func(w io.Writer) (int, error) { return file.Write(w, records) }, err
		},
	})
}

// notNoted stands in the audit trail for what it must not keep.
const notNoted = "(not noted)"

// noted returns a filter as the audit trail may keep it, which keeps neither names
// nor e-mail addresses nor secrets: without what is searched for, and without what
// is no slug, edition or id, whatever an address says.
func noted(f app.Filter) app.Filter {
	const slug = "abcdefghijklmnopqrstuvwxyz0123456789-"
	if f.Query != "" {
		f.Query = notNoted
	}
	for _, value := range []*string{&f.Program, &f.Module, &f.Edition, (*string)(&f.Learner)} {
		if strings.Trim(*value, slug) != "" || len(*value) > 64 {
			*value = notNoted
		}
	}
	return f
}
