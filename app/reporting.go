package app

import (
	"context"
	"fmt"
	"iter"
)

// RecordPage is a part of a listing of records.
type RecordPage struct {
	Records []Record
	Next    *Cursor // where the listing goes on; nil at its end
}

// Records returns a part of the records of a manager's own institution, in the
// order given. It returns [ErrForbidden] to anyone but a manager.
func (t *Training) Records(ctx context.Context, p Person, f Filter, o Order, after Cursor, limit int) (RecordPage, error) {
	err := p.manages("listing records")
	if err != nil {
		return RecordPage{}, err
	}
	records, err := t.Store.Records(ctx, p.Institution, f, o, after, limit+1)
	if err != nil {
		return RecordPage{}, fmt.Errorf("listing records: %w", err)
	}
	page := RecordPage{Records: records}
	if len(records) > limit {
		page.Records = records[:limit]
		next := o.After(records[limit-1])
		page.Next = &next
	}
	return page, nil
}

// CountRecords returns how many records of a manager's own institution the filter
// chooses. It returns [ErrForbidden] to anyone but a manager.
func (t *Training) CountRecords(ctx context.Context, p Person, f Filter) (int, error) {
	err := p.manages("counting records")
	if err != nil {
		return 0, err
	}
	if _, told := (Counts{}).total(f); !told {
		n, err := t.Store.CountRecords(ctx, p.Institution, f)
		if err != nil {
			return 0, fmt.Errorf("counting records: %w", err)
		}
		return n, nil
	}
	counts, err := t.Store.Counts(ctx, p.Institution)
	if err != nil {
		return 0, fmt.Errorf("counting records: %w", err)
	}
	n, _ := counts.total(f)
	return n, nil
}

// AllRecords yields all records of a manager's own institution that the filter
// chooses, ordered by id, in constant memory. An error is the last thing that
// it yields. It returns [ErrForbidden] to anyone but a manager.
func (t *Training) AllRecords(ctx context.Context, p Person, f Filter) (iter.Seq2[Record, error], error) {
	err := p.manages("downloading records")
	if err != nil {
		return nil, err
	}
	return t.Store.AllRecords(ctx, p.Institution, f), nil
}

// Certificate returns the record whose completion a certificate proves. Whoever
// knows the id may see it. It returns [ErrNotFound] if there is none.
func (t *Training) Certificate(ctx context.Context, id CertificateID) (Record, error) {
	r, err := t.Store.CertifiedRecord(ctx, id)
	if err != nil {
		return Record{}, fmt.Errorf("reading a certificate: %w", err)
	}
	return r, nil
}

// Modules returns the modules that the person's institution shows, for a page's
// filter.
func (t *Training) Modules(p Person) []*Module {
	var modules []*Module
	for _, program := range t.programsFor(p) {
		modules = append(modules, program.Modules...)
	}
	return modules
}

// Programs returns the programmes that the person's institution shows, for a
// page's filter.
func (t *Training) Programs(p Person) []*Program { return t.programsFor(p) }
