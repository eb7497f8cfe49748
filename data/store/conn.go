package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"schalter/data/record"
)

// conn is one connection to the database with its prepared statements. Only one goroutine uses it at a
// time.
type conn struct {
	c     *sql.Conn
	stmts map[string]*sql.Stmt
}

func (c *conn) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.c.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", query, err)
	}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.c.Close())...)
}

// tx is a transaction: reading sees one state, writing is all or nothing. now is the same for everything
// written in it.
type tx struct {
	*conn
	s   *Store
	now time.Time

	// What becomes true with the commit.
	stale int              // by how many cases the search index is further behind
	who   *record.Identity // who this desk is now, nil as before
}

func (t *tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := t.execResult(ctx, query, args...)
	return err
}

func (t *tx) execResult(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := t.stmt(ctx, query) //nolint:sqlclosecheck // conn keeps it for the next time and closes it
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (t *tx) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := t.stmt(ctx, query) //nolint:sqlclosecheck // conn keeps it for the next time and closes it
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// one reads a single row; found is false without an error if there is none.
func (t *tx) one(ctx context.Context, query string, args []any, dest ...any) (found bool, err error) {
	s, err := t.stmt(ctx, query) //nolint:sqlclosecheck // conn keeps it for the next time and closes it
	if err != nil {
		return false, err
	}
	switch err := s.QueryRowContext(ctx, args...).Scan(dest...); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, nil
}

// each reads all rows; the callback scans.
func (t *tx) each(ctx context.Context, query string, args []any, row func(scan func(...any) error) error) error {
	rows, err := t.query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err says what reading failed with
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// args makes the argument list of one and each readable.
func args(a ...any) []any { return a }

// write runs f in the one writing transaction and tells those who watch.
func (s *Store) write(ctx context.Context, f func(ctx context.Context, t *tx) error) error {
	err := s.commit(ctx, f)
	if err == nil {
		s.signal()
	}
	return err
}

// commit runs f in the one writing transaction. Once begun it is not cut off by ctx: a save that was
// started is finished, and either all of it stays or nothing.
func (s *Store) commit(ctx context.Context, f func(ctx context.Context, t *tx) error) error {
	w, err := s.writer.take(ctx)
	if err != nil {
		return err
	}
	defer s.writer.give(w)
	return s.explain(s.transact(context.WithoutCancel(ctx), w, f))
}

func (s *Store) transact(ctx context.Context, w *conn, f func(ctx context.Context, t *tx) error) (err error) {
	t := &tx{conn: w, s: s, now: s.clock()}
	if err := t.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	done := false
	defer func() { // also when f panics: the connection must not keep the transaction
		if !done {
			if e := t.exec(ctx, "ROLLBACK"); e != nil && err == nil {
				err = e
			}
		}
	}()
	if err := f(ctx, t); err != nil {
		return err
	}
	if err := t.exec(ctx, "COMMIT"); err != nil {
		return err
	}
	done = true
	s.indexer.behind(t.stale)
	if t.who != nil {
		s.who.Store(t.who)
	}
	return nil
}

// read runs f on one state of the database.
func (s *Store) read(ctx context.Context, f func(ctx context.Context, t *tx) error) error {
	r, err := s.readers.take(ctx)
	if err != nil {
		return err
	}
	defer s.readers.give(r)
	t := &tx{conn: r, s: s, now: s.clock()}
	// Begin and end are not cut off by ctx, or the connection would come back in mid-transaction.
	whole := context.WithoutCancel(ctx)
	if err := t.exec(whole, "BEGIN"); err != nil {
		return s.explain(err)
	}
	err = f(ctx, t)
	if e := t.exec(whole, "ROLLBACK"); e != nil && err == nil {
		// SQLite ends a transaction by itself when it meets a damaged page: then another can begin.
		err = errors.Join(t.exec(whole, "BEGIN"), t.exec(whole, "ROLLBACK"))
	}
	return s.explain(err)
}

var errClosed = errors.New("store: closed")

// explain turns the database's errors into those of the house.
func (s *Store) explain(err error) error {
	var known *record.Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return translate(err, s.dir)
}
