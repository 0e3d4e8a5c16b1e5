package archive

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"first5/app"
)

// mostErasing is how long before a backup somebody may have been erased of whom
// there still was something when it was begun. It allows for clocks that differ
// and for an erasure that broke off.
const mostErasing = 24 * time.Hour

// leavers is a target that finds who was erased since a time. They are few, as
// that is about when the file was written.
type leavers struct {
	nowhere
	since  time.Time
	erased map[app.LearnerID]app.Erasure
}

func newLeavers(file io.ReadSeeker) (*leavers, error) {
	about, err := aboutFile(file)
	if err != nil {
		return nil, err
	}
	return &leavers{since: about.At.Add(-mostErasing), erased: map[app.LearnerID]app.Erasure{}}, nil
}

// aboutFile returns what the first line of a file says of it.
func aboutFile(file io.ReadSeeker) (About, error) {
	_, err := file.Seek(0, io.SeekStart)
	if err != nil {
		return About{}, fmt.Errorf("reading the backup: %w", err)
	}
	lines, err := uncompressed(bufio.NewReader(file))
	if err != nil {
		return About{}, err
	}
	return newLineReader(lines).begin()
}

func (l *leavers) take(_ context.Context, i lined) error {
	if p := i.Person; p != nil && p.ErasedAt.After(l.since) {
		l.erased[p.Learner] = app.Erasure{Learner: p.Learner, At: p.ErasedAt}
	}
	return nil
}

// settled is a target that passes on what an erasure leaves: people are read
// last, so of somebody who was erased while a file was written it may hold what
// was read before.
type settled struct {
	target
	erased  map[app.LearnerID]app.Erasure
	tallies map[Kind]*tally // of what was passed on
	line    bytes.Buffer
}

func newSettled(to target, of *leavers) *settled {
	s := &settled{target: to, erased: of.erased, tallies: map[Kind]*tally{}}
	for _, kind := range Kinds() {
		s.tallies[kind] = newTally(kind)
	}
	return s
}

func (s *settled) take(ctx context.Context, i lined) error {
	left, err := s.left(i)
	if err != nil || left.line == nil {
		return err
	}
	s.tallies[i.Kind].add(left.line)
	return s.target.take(ctx, left)
}

// left returns what is left of an item, if anything.
func (s *settled) left(i lined) (lined, error) {
	var e app.Erasure
	var erased bool
	switch i.Kind {
	case ParkedAnswers:
		_, erased = s.erased[i.Parked.Learner]
	case Workbooks:
		_, erased = s.erased[i.Workbook.Learner]
	case Records:
		e, erased = s.erased[i.Record.Learner]
	}
	if !erased {
		return i, nil
	}
	if i.Kind != Records {
		return lined{}, nil
	}
	i.Record = i.Record.without(e)
	err := encode(&s.line, i.Item)
	if err != nil {
		return lined{}, fmt.Errorf("%s %q: %w", i.Kind, i.Key(), err)
	}
	return lined{i.Item, s.line.Bytes()}, nil
}

// counts returns what there was of each kind.
func (s *settled) counts() []Count {
	var all []Count
	for _, kind := range Kinds() {
		all = append(all, s.tallies[kind].count())
	}
	return all
}

// without returns the record as it is after its learner was erased.
func (r *Record) without(e app.Erasure) *Record {
	left := *r
	left.Attempts = make([]Attempt, 0, len(r.Attempts))
	for _, a := range r.Attempts {
		a.Answers = []Answer{}
		left.Attempts = append(left.Attempts, a)
	}
	if r.Former { // the rest was done
		return &left
	}
	left.Former = true
	if e.At.After(r.ChangedAt) {
		left.ChangedAt = e.At
	}
	if r.Completion == nil || r.Completion.Name == "" {
		return &left
	}
	c := *r.Completion
	left.Completion, left.ForgetAt = &c, e.ForgetAt(app.Completion{At: c.At})
	if !left.ForgetAt.After(e.At) {
		c.Name, left.ForgetAt = "", time.Time{}
	}
	return &left
}
