package app

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"
)

// FilterFault is why a filter can't be saved: an [ErrInvalid].
type FilterFault string

// The faults.
const (
	FilterWithoutName FilterFault = "it has no name"
	FilterNameTooLong FilterFault = "its name is too long"
	FilterNameTaken   FilterFault = "another one has its name"
	FilterOfNothing   FilterFault = "it chooses everything"
	FilterTooLong     FilterFault = "its address is too long"
	FiltersTooMany    FilterFault = "there are too many"
)

// Error implements error.
func (f FilterFault) Error() string { return "a filter to save: " + string(f) }

// Is makes every fault an [ErrInvalid].
func (f FilterFault) Is(target error) bool { return target == ErrInvalid }

// LongestFilterName is how many characters a saved filter's name may have: it
// stands on a button.
const LongestFilterName = 60

// longestFilterQuery is in bytes. What a filter may say is shorter by far.
const longestFilterQuery = 4096

// SavedFilters returns the filters that the managers of the institution have saved,
// in the order in which they did. It returns [ErrForbidden] to anyone but a manager.
func (t *Training) SavedFilters(ctx context.Context, p Person) ([]SavedFilter, error) {
	err := p.manages("listing saved filters")
	if err != nil {
		return nil, err
	}
	o, err := t.office(ctx, p.Institution)
	if err != nil {
		return nil, err
	}
	return slices.Clone(o.Filters), nil
}

// SaveFilter saves a filter of records, with its order, for all managers of the
// institution. Saving the same again changes nothing. It returns a [FilterFault] if
// it can't be saved, and [ErrForbidden] to anyone but a manager.
func (t *Training) SaveFilter(ctx context.Context, p Person, s SavedFilter) error {
	err := p.manages("saving a filter")
	if err != nil {
		return err
	}
	s.Name = ReasonLine(s.Name)
	err = s.check()
	if err != nil {
		return err
	}
	return t.changeOffice(ctx, p, func(o *Office) (Event, error) {
		at := slices.IndexFunc(o.Filters, func(f SavedFilter) bool { return searchable(f.Name) == searchable(s.Name) })
		switch {
		case at >= 0 && o.Filters[at].Query == s.Query:
			return Event{}, nil
		case at >= 0:
			return Event{}, FilterNameTaken
		case len(o.Filters) >= MostSavedFilters:
			return Event{}, FiltersTooMany
		}
		o.Filters = append(o.Filters, s)
		return Event{}, nil
	})
}

func (s SavedFilter) check() error {
	switch {
	case s.Name == "":
		return FilterWithoutName
	case utf8.RuneCountInString(s.Name) > LongestFilterName:
		return FilterNameTooLong
	case s.Query == "":
		return FilterOfNothing
	case len(s.Query) > longestFilterQuery:
		return FilterTooLong
	}
	return nil
}

// RemoveFilter removes a saved filter by its name, for all managers of the
// institution. One that is gone already stays so. It returns [ErrForbidden] to
// anyone but a manager.
func (t *Training) RemoveFilter(ctx context.Context, p Person, name string) error {
	err := p.manages("removing a filter")
	if err != nil {
		return err
	}
	err = t.changeOffice(ctx, p, func(o *Office) (Event, error) {
		o.Filters = slices.DeleteFunc(o.Filters, func(f SavedFilter) bool { return f.Name == name })
		return Event{}, nil
	})
	if err != nil {
		return fmt.Errorf("removing a filter: %w", err)
	}
	return nil
}
