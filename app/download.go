package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Downloader is who takes a file with them: a person, or a system of their
// institution.
type Downloader struct {
	Institution InstitutionID
	Learner     LearnerID // empty: it is a system
	Token       string    // the id of the system's [AccessToken]; empty: it is a person
}

// Downloader returns the person as one who takes a file with them.
func (p Person) Downloader() Downloader {
	return Downloader{Institution: p.Institution, Learner: p.Learner}
}

// Download is a file of records or events that somebody takes with them.
type Download struct {
	File   string // its kind, such as "records.csv"
	Filter string // what it was narrowed to, in words or as in an address
}

// Finished is how much of a file was sent.
type Finished struct {
	Rows   int
	Bytes  int64
	SHA256 string // of the file, in hex
}

// DownloadBegins adds to the audit trail that somebody downloads a file. Nothing
// may be sent before it has returned nil.
func (t *Training) DownloadBegins(ctx context.Context, by Downloader, d Download) error {
	return t.note(ctx, t.event(DownloadBegun, by.Institution, by.Learner, d.details(by)))
}

// The details of a [Downloaded] event, by which finished ones are told apart and
// read again.
const (
	detailFile    = "file"
	detailFilter  = "filter"
	detailToken   = "token"
	detailRows    = "rows"
	detailBytes   = "bytes"
	detailSHA256  = "sha256"
	detailOutcome = "outcome"

	outcomeComplete = "complete"
	outcomeBroken   = "broken off"
)

// DownloadEnds adds to the audit trail how much of a file somebody was sent, and
// whether that was all. Of a file that was broken off there is no hash: it would
// prove that something is whole which is not.
func (t *Training) DownloadEnds(ctx context.Context, by Downloader, d Download, f Finished, whole bool) error {
	details := d.details(by)
	details[detailRows] = strconv.Itoa(f.Rows)
	details[detailBytes] = strconv.FormatInt(f.Bytes, 10)
	details[detailOutcome] = outcomeBroken
	if whole {
		details[detailOutcome] = outcomeComplete
		details[detailSHA256] = f.SHA256
	}
	return t.note(ctx, t.event(Downloaded, by.Institution, by.Learner, details))
}

func (d Download) details(by Downloader) Details {
	details := Details{detailFile: d.File}
	if d.Filter != "" {
		details[detailFilter] = d.Filter
	}
	if by.Token != "" {
		details[detailToken] = by.Token
	}
	return details
}

// FinishedDownload is a file of records that was sent whole.
type FinishedDownload struct {
	Download
	Downloader
	Finished
	At        time.Time // when the last of it was sent
	Name      string    // the person's, as known now; empty of a system, or where nobody knows it
	TokenName string    // the system's token's; empty of a person, or once it was revoked
}

// In how many ended downloads finished ones of records are looked for, so that
// very many others can't make a page slow, and how many are read at a time.
const (
	downloadsRead   = 500
	downloadsAtOnce = 50
)

// LastDownloads returns at most limit of the files of records that a manager's own
// institution has downloaded whole, the latest first. It returns [ErrForbidden] to
// anyone but a manager.
func (t *Training) LastDownloads(ctx context.Context, p Person, limit int) ([]FinishedDownload, error) {
	err := p.manages("listing downloads")
	if err != nil {
		return nil, err
	}
	found := []FinishedDownload{}
	var after EventCursor
	for read := 0; read < downloadsRead && len(found) < limit; read += downloadsAtOnce {
		events, err := t.Store.Events(ctx, EventFilter{Institution: p.Institution, Kind: Downloaded}, after, downloadsAtOnce)
		if err != nil {
			return nil, fmt.Errorf("listing downloads: %w", err)
		}
		for _, e := range events {
			d, whole := finished(e)
			if whole {
				found = append(found, d)
			}
		}
		if len(events) < downloadsAtOnce {
			break
		}
		after = AfterEvent(events[len(events)-1])
	}
	found = found[:min(limit, len(found))]
	return found, t.nameTokens(ctx, p.Institution, found)
}

// nameTokens says of files that systems were sent what their tokens are called.
func (t *Training) nameTokens(ctx context.Context, i InstitutionID, sent []FinishedDownload) error {
	if !slices.ContainsFunc(sent, func(d FinishedDownload) bool { return d.Token != "" }) {
		return nil
	}
	o, err := t.office(ctx, i)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, a := range o.Tokens {
		names[a.ID] = a.Name
	}
	for n := range sent {
		sent[n].TokenName = names[sent[n].Token]
	}
	return nil
}

// finished reads an event of a download. It says whether that was one of records,
// sent whole, whose hash was kept.
func finished(e Event) (FinishedDownload, bool) {
	rows, noRows := strconv.Atoi(e.Details[detailRows])
	bytes, noBytes := strconv.ParseInt(e.Details[detailBytes], 10, 64)
	d := FinishedDownload{
		Download:   Download{File: e.Details[detailFile], Filter: e.Details[detailFilter]},
		Downloader: Downloader{Institution: e.Institution, Learner: e.Learner, Token: e.Details[detailToken]},
		Finished:   Finished{Rows: rows, Bytes: bytes, SHA256: e.Details[detailSHA256]},
		At:         e.At,
		Name:       e.Name,
	}
	records := strings.HasPrefix(d.File, "records.")
	return d, records && noRows == nil && noBytes == nil && e.Details[detailOutcome] == outcomeComplete && d.SHA256 != ""
}
