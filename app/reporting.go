package app

import (
	"context"
	"fmt"
	"iter"
)

// RecordPage is a part of a listing of records.
type RecordPage struct {
	Records []Record
	Total   int     // how many the filter chooses in all
	Next    *Cursor // where the listing goes on; nil at its end
}

// Records returns a part of the records of a manager's own institution, the
// last active first. It returns [ErrForbidden] to anyone but a manager.
func (t *Training) Records(ctx context.Context, p Person, f Filter, after Cursor, limit int) (RecordPage, error) {
	if !p.Has(Manager) {
		return RecordPage{}, fmt.Errorf("listing records: %w", ErrForbidden)
	}
	total, err := t.Store.CountRecords(ctx, p.Institution, f)
	if err != nil {
		return RecordPage{}, fmt.Errorf("counting records: %w", err)
	}
	records, err := t.Store.Records(ctx, p.Institution, f, after, limit+1)
	if err != nil {
		return RecordPage{}, fmt.Errorf("listing records: %w", err)
	}
	page := RecordPage{Records: records, Total: total}
	if len(records) > limit {
		page.Records = records[:limit]
		next := AfterRecord(records[limit-1])
		page.Next = &next
	}
	return page, nil
}

// AllRecords yields all records of a manager's own institution that the filter
// chooses, ordered by id, in constant memory. An error is the last thing that
// it yields. It returns [ErrForbidden] to anyone but a manager.
func (t *Training) AllRecords(ctx context.Context, p Person, f Filter) (iter.Seq2[Record, error], error) {
	if !p.Has(Manager) {
		return nil, fmt.Errorf("downloading records: %w", ErrForbidden)
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
