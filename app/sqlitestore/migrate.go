package sqlitestore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// preparation sees to the schema of a database.
type preparation func(ctx context.Context, conn *sql.Conn, files fs.FS) error

// prepareDatabase sees to it that the file is a database as this program needs
// it, with a connection of its own.
func prepareDatabase(ctx context.Context, dsn string, prepare preparation) error {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var mode string
	err = conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode)
	if err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("its file system does not allow SQLite's write-ahead log (the journal mode stays %q)", mode)
	}
	return prepare(ctx, conn, migrations)
}

// migrate brings the database to the newest schema. Each migration is one file,
// numbered 0001, 0002, …, and is applied whole or not at all; the number of the
// last one stands in the database as its user_version.
func migrate(ctx context.Context, conn *sql.Conn, files fs.FS) error {
	has, names, err := compareSchema(ctx, conn, files)
	if err != nil {
		return err
	}
	for i, name := range names {
		number, err := migrationNumber(name)
		if err != nil {
			return err
		}
		if number != i+1 {
			return fmt.Errorf("migration %s should be number %d", name, i+1)
		}
		if number <= has {
			continue
		}
		err = apply(ctx, conn, files, name, number)
		if err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

// checkSchema makes sure that the database has the newest schema, which another
// program sees to.
func checkSchema(ctx context.Context, conn *sql.Conn, files fs.FS) error {
	has, names, err := compareSchema(ctx, conn, files)
	if err != nil {
		return err
	}
	if has < len(names) {
		return fmt.Errorf("the first5 that has it open is older (its schema is number %d, this program's is %d): "+
			"stop that one, or use the same one", has, len(names))
	}
	return nil
}

// compareSchema returns the number of the database's schema, and the migrations
// that there are, in order. It refuses a database of a newer program.
func compareSchema(ctx context.Context, conn *sql.Conn, files fs.FS) (has int, names []string, err error) {
	names, err = fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return 0, nil, fmt.Errorf("listing the migrations: %w", err)
	}
	has, err = schemaVersion(ctx, conn)
	if err != nil {
		return 0, nil, err
	}
	if has > len(names) {
		return 0, nil, fmt.Errorf("it was made by a newer first5 (its schema is number %d, this program knows %d): use that one",
			has, len(names))
	}
	return has, names, nil
}

// schemaVersion returns the number of the last migration, 0 for a new database.
func schemaVersion(ctx context.Context, conn *sql.Conn) (int, error) {
	var version, tables int
	err := conn.QueryRowContext(ctx, "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version").
		Scan(&version, &tables)
	if err != nil {
		return 0, fmt.Errorf("reading the number of its schema: %w", err)
	}
	if version == 0 && tables > 0 {
		return 0, errors.New("it holds the tables of another program")
	}
	return version, nil
}

func migrationNumber(name string) (int, error) {
	digits, _, _ := strings.Cut(path.Base(name), "_")
	number, err := strconv.Atoi(digits)
	if err != nil {
		return 0, fmt.Errorf("migration %s has no number: %w", name, err)
	}
	return number, nil
}

func apply(ctx context.Context, conn *sql.Conn, files fs.FS, name string, number int) error {
	script, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing once it is committed
	_, err = tx.ExecContext(ctx, string(script))
	if err != nil {
		return err
	}
	if number == keysMigration {
		err = fillKeys(ctx, tx)
		if err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", number)) // takes no parameter
	if err != nil {
		return err
	}
	return tx.Commit()
}
