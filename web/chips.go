package web

import (
	"fmt"
	"net/url"
	"slices"

	"first5/app"
)

// Chip is one thing by which the records on a page were chosen.
type Chip struct {
	Words   Message
	Without string // the address of the records without it
}

// Chips lists all by which the page's records were chosen.
func (p RecordsPage) Chips() []Chip {
	f := p.Filter
	var all []Chip
	add := func(words Message, names ...string) {
		q := p.Query()
		for _, name := range names {
			q.Del(name)
		}
		all = append(all, Chip{Words: words, Without: WithQuery(recordsAddress, q)})
	}
	if f.Query != "" {
		add(T("“%s”", f.Query), "q")
	}
	if f.Learner != "" {
		add(T("One person: %s", p.learnerName()), "learner")
	}
	if f.Status != "" {
		add(StatusName(f.Status), "status")
	}
	if f.Program != "" {
		add(T("Programme: %s", p.programTitle(f.Program)), "program")
	}
	if f.Module != "" {
		add(Verbatim(p.moduleTitle(f.Module)), "module")
	}
	if f.Edition != "" {
		add(T("Edition %s", f.Edition), "edition")
	}
	if words := dateWords(f); !words.IsZero() {
		add(words, "from", "to", "dates")
	}
	if words := scoreWords(f); !words.IsZero() {
		add(words, "score_from", "score_to")
	}
	if f.Present {
		add(T("People who have not left"), "people")
	}
	return all
}

// dateWords says which times a filter chooses.
func dateWords(f app.Filter) Message {
	from, to := Verbatim(Day(f.From)), Verbatim(LastDay(f.To))
	completed := f.Dates == app.ByCompletion
	switch {
	case f.From.IsZero() && f.To.IsZero() && completed:
		return T("Completed at any time")
	case f.From.IsZero() && f.To.IsZero():
		return Message{}
	case f.To.IsZero() && completed:
		return T("Completed from %s on", from)
	case f.To.IsZero():
		return T("Active from %s on", from)
	case f.From.IsZero() && completed:
		return T("Completed until %s", to)
	case f.From.IsZero():
		return T("Active until %s", to)
	case completed:
		return T("Completed from %s to %s", from, to)
	}
	return T("Active from %s to %s", from, to)
}

// scoreWords says which best scores a filter chooses.
func scoreWords(f app.Filter) Message {
	switch {
	case f.ScoreFrom > 0 && f.ScoreBelow > 0:
		return T("Score from %d to %d %%", f.ScoreFrom, f.ScoreBelow-1)
	case f.ScoreFrom > 0:
		return T("Score from %d %%", f.ScoreFrom)
	case f.ScoreBelow > 0:
		return T("Score up to %d %%", f.ScoreBelow-1)
	}
	return Message{}
}

// learnerName returns what the one person is called whose records are listed, or
// their id if there are none.
func (p RecordsPage) learnerName() string {
	for _, r := range p.Records {
		if name := r.LearnerName(); name != "" {
			return name
		}
		if r.Subject != "" {
			return r.Subject
		}
	}
	return string(p.Filter.Learner)
}

// moduleTitle returns the title of a module: as it is offered now or, if it is
// not, as a record on the page has it; its slug if there is none.
func (p RecordsPage) moduleTitle(slug string) string {
	if title := p.title(slug); title != "" {
		return title
	}
	at := slices.IndexFunc(p.Records, func(r app.Record) bool { return r.Module == slug })
	if at >= 0 {
		return p.Records[at].Title
	}
	return slug
}

func (p RecordsPage) programTitle(slug string) string {
	for _, program := range p.Programs {
		if program.Slug == slug {
			return program.Title
		}
	}
	return slug
}

// FileOffer is a file that the page's records can be downloaded as.
type FileOffer struct {
	Address string
	Name    string
	For     Message // what it is good for
}

// Files lists what the page's records can be downloaded as.
func (p RecordsPage) Files() []FileOffer {
	q := FilterQuery(p.Filter)
	return []FileOffer{
		{fileAddress("csv", q), "CSV", T("A table that every program reads.")},
		{fileAddress("xlsx", q), "Excel (XLSX)", T("A workbook with real dates and numbers, and what each column means.")},
		{fileAddress("jsonl", q), "JSON Lines", T("One record a line, for programs.")},
		{fileAddress("xapi.jsonl", q), "xAPI", T("Statements for a learning record store, one a line.")},
	}
}

func fileAddress(extension string, q url.Values) string {
	return WithQuery(recordsAddress+"."+extension, q)
}

// Size returns a number of bytes as people read it.
func (RecordsPage) Size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d\u00a0B", bytes)
	case bytes < 1_000_000:
		return fmt.Sprintf("%.1f\u00a0kB", float64(bytes)/1e3)
	case bytes < 1_000_000_000:
		return fmt.Sprintf("%.1f\u00a0MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f\u00a0GB", float64(bytes)/1e9)
}
