package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"first5/app/archive"
)

var _ archive.Store = (*Store)(nil)

// Items implements [archive.Store]. All items of a kind are of one moment, and
// until the last one is taken the journal can't be emptied.
func (s *Store) Items(ctx context.Context, kind archive.Kind) iter.Seq2[archive.Item, error] {
	const doing = "reading what is to be moved"
	return func(yield func(archive.Item, error) bool) {
		err := s.begin(doing)
		if err != nil {
			yield(archive.Item{}, err)
			return
		}
		defer s.end()
		err = s.atOneMoment(ctx, func(tx *sql.Tx) error {
			return items(ctx, tx, kind, func(i archive.Item) error {
				i.Kind = kind
				if !yield(i, nil) {
					return errEnough
				}
				return nil
			})
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(archive.Item{}, failed(doing, err))
		}
	}
}

// errEnough says that nobody wants the items that are left.
var errEnough = errors.New("no more items are wanted")

// atOneMoment runs f with the database as it is at one moment.
func (s *Store) atOneMoment(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.downloads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback() // it has changed nothing
	return f(tx)
}

// items hands each item of a kind to yield, ordered by key, until that returns
// an error.
func items(ctx context.Context, tx *sql.Tx, kind archive.Kind, yield func(archive.Item) error) error {
	switch kind {
	case archive.Records:
		return recordItems(ctx, tx, yield)
	case archive.Files:
		return fileItems(ctx, tx, yield)
	}
	read, ok := map[archive.Kind]rowItems{
		archive.Workbooks:     {workbookItemsSQL, scanWorkbookItem},
		archive.ParkedAnswers: {parkedItemsSQL, scanParkedItem},
		archive.Offices:       {officeItemsSQL, scanOfficeItem},
		archive.OnceKeys:      {onceItemsSQL, scanOnceItem},
		archive.Events:        {eventItemsSQL, scanEventItem},
		archive.People:        {personItemsSQL, scanPersonItem},
		archive.Publications:  {publicationItemsSQL, scanPublicationItem},
	}[kind]
	if !ok {
		return fmt.Errorf("there are no items of kind %q", kind)
	}
	rows, err := tx.QueryContext(ctx, read.sql)
	if err != nil {
		return err
	}
	return each(rows, func(rows *sql.Rows) error {
		i, err := read.scan(rows)
		if err != nil {
			return err
		}
		return yield(i)
	})
}

// rowItems are the items of a query that returns one in each row.
type rowItems struct {
	sql  string
	scan func(rows *sql.Rows) (archive.Item, error)
}

// Empty implements [archive.Store].
func (s *Store) Empty(ctx context.Context) (bool, error) {
	const doing = "looking whether the database is empty"
	err := s.begin(doing)
	if err != nil {
		return false, err
	}
	defer s.end()
	for _, table := range movedTables() {
		var some bool
		err = s.lists.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+table+")").Scan(&some)
		if err != nil || some {
			return false, failed(doing, err)
		}
	}
	return true, nil
}

// movedTables returns the tables that hold items, each before those that it
// refers to.
func movedTables() []string {
	return []string{"files", "versions", "publications", "attempts", "records", "workbooks", "offices", "sessions", "people", "events", "once"}
}
