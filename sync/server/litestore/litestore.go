// Package litestore keeps the centre's journal in one SQLite file, with nothing to install.
//
// It is the default [server.Journal] of schalterd.
//
// It promises that what a method wrote is on disk (WAL, synchronous=FULL) when it returns, that places in
// a history have no gaps and are seen in order, and that several programs may open the same file.
//
// It never judges a change by itself (that is [server.Judge]) and never deletes a row.
package litestore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"runtime"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"schalter/data/durable"
	"schalter/data/record"
)

// FileName is the journal's file inside the data directory.
const FileName = "journal.db"

//go:embed schema/*.sql
var schema embed.FS

// Store is an open journal.
type Store struct {
	writer *sql.DB
	reader *sql.DB
	byID   *sql.Stmt // finds a desk: asked with every request, and once more when a long poll ends
	jobs   chan *job
	done   chan struct{} // closed when the committer has ended
	closed chan struct{}
	once   sync.Once
}

// Open opens the journal in dir, and makes it if it is not there.
func Open(ctx context.Context, dir string) (*Store, error) {
	path := filepath.Join(dir, FileName)
	w, err := open(path, false)
	if err != nil {
		return nil, err
	}
	r, err := open(path, true)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	s := &Store{writer: w, reader: r, jobs: make(chan *job), done: make(chan struct{}), closed: make(chan struct{})}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(fault(err), w.Close(), r.Close())
	}
	go s.commit()
	return s, nil
}

func open(path string, readOnly bool) (*sql.DB, error) {
	q := url.Values{"_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(MEMORY)",
		"journal_size_limit(67108864)", "mmap_size(0)", "cell_size_check(1)", "trusted_schema(0)",
	}}
	conns := 1
	if readOnly {
		q["_pragma"] = append(q["_pragma"], "query_only(1)")
		conns = max(4, runtime.GOMAXPROCS(0))
	} else {
		q.Set("_txlock", "immediate")
	}
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(path)+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// prepare asserts what the promises rest on and brings the schema up to date.
func (s *Store) prepare(ctx context.Context) error {
	var mode, version string
	var full int
	if err := s.writer.QueryRowContext(ctx, `SELECT sqlite_version(), (SELECT journal_mode FROM pragma_journal_mode), (SELECT synchronous FROM pragma_synchronous)`).Scan(&version, &mode, &full); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil || major*1000+minor < 3052 {
		return fmt.Errorf("journal: SQLite %s is older than 3.52, which can lose the log", version)
	}
	if mode != "wal" || full != 2 {
		return fmt.Errorf("journal: journal_mode=%s synchronous=%d, need wal and 2", mode, full)
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	var err error
	s.byID, err = s.reader.PrepareContext(ctx, deskQuery+`d.device = ? AND d.number > 0`)
	return err
}

func (s *Store) migrate(ctx context.Context) error {
	steps, err := fs.Glob(schema, "schema/*.sql")
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		var at int
		if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&at); err != nil {
			return err
		}
		if at > len(steps) {
			return record.E(record.CodeStoreNewer, fmt.Errorf("journal schema %d, this program knows %d", at, len(steps)))
		}
		for i := at; i < len(steps); i++ {
			text, err := schema.ReadFile(steps[i])
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("%s: %w", steps[i], err)
			}
			if _, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, i+1)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Close ends the store after the pushes that are under way.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.closed) })
	<-s.done
	return errors.Join(s.byID.Close(), s.reader.Close(), s.writer.Close())
}

// Ready implements [server.Journal].
func (s *Store) Ready(ctx context.Context) error {
	return s.write(ctx, func(*sql.Tx) error { return nil })
}

// write runs f in one transaction on the writer's connection.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fault(err)
	}
	if err := f(tx); err != nil {
		return errors.Join(fault(err), rollback(tx))
	}
	return fault(tx.Commit())
}

func rollback(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

// fault turns what SQLite says about the disk into the house's errors.
func fault(err error) error {
	var house *record.Error
	if err == nil || errors.As(err, &house) {
		return err
	}
	var e *sqlite.Error
	if durable.IsFull(err) {
		return record.E(record.CodeDiskFull, err)
	}
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return record.E(record.CodeDiskFull, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return record.E(record.CodeCentreBusy, err)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return record.E(record.CodeStoreDamaged, err)
	}
	return err
}
