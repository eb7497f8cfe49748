package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"schalter/data/record"
)

// readers is how many connections read at the same time.
const readers = 4

// pragma is a setting that every connection must have; want is what asking for it must answer.
type pragma struct{ name, set, want string }

// pragmas are those of the security page. The driver runs them sorted by name, busy_timeout first.
var pragmas = []pragma{
	{"busy_timeout", "5000", "5000"},
	{"cache_size", "-4000", "-4000"},
	{"cell_size_check", "1", "1"},
	{"foreign_keys", "1", "1"},
	{"journal_mode", "wal", "wal"},
	{"journal_size_limit", "67108864", "67108864"},
	{"mmap_size", "0", ""},
	{"synchronous", "2", "2"},
	{"temp_store", "2", "2"},
	{"trusted_schema", "0", "0"},
}

// minSQLite is the first version without the fault that could lose commits when the log was reset.
const minSQLite = 3_052_000

func (s *Store) dsn(extra url.Values) string {
	v := url.Values{"vfs": {s.vfs.Name()}, "_defensive": {"1"}}
	for _, p := range pragmas {
		v.Add("_pragma", p.name+"("+p.set+")")
	}
	for k, x := range extra {
		v[k] = append(v[k], x...)
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: s.path()}).EscapedPath(), RawQuery: v.Encode()}
	return u.String()
}

// connect opens the connections, makes or migrates the tables and asserts that everything is as safe as it
// has to be.
func (s *Store) connect(ctx context.Context, fresh bool) error {
	w, err := s.pool(url.Values{"_txlock": {"immediate"}}, 1)
	if err != nil {
		return err
	}
	r, err := s.pool(url.Values{"_query_only": {"1"}}, readers)
	if err != nil {
		return err
	}
	// Close empties the pools once they are set, so they are filled from here on, with nil at worst.
	s.pools = []closer{w, r}
	var failed error
	open := func(db *sql.DB, to *stack, writes bool) {
		var c *conn
		if failed == nil {
			c, failed = s.open(ctx, db, writes, fresh)
		}
		to.give(c)
	}
	open(w, s.writer, true)
	for range readers {
		open(r, s.readers, false)
	}
	if failed == nil {
		failed = s.read(ctx, func(ctx context.Context, t *tx) error { return t.recall(ctx) })
	}
	if failed == nil {
		failed = s.startIndexer(ctx)
	}
	return failed
}

func (s *Store) pool(extra url.Values, size int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", s.dsn(extra))
	if err != nil {
		return nil, s.explain(err)
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

func (s *Store) open(ctx context.Context, db *sql.DB, writes, fresh bool) (*conn, error) {
	raw, err := db.Conn(ctx)
	if err != nil {
		return nil, s.explain(err)
	}
	c := &conn{c: raw, stmts: map[string]*sql.Stmt{}}
	err = assertPragmas(ctx, c, writes)
	if err == nil && writes {
		err = s.bringUp(ctx, c, fresh)
	}
	if err != nil {
		return nil, errors.Join(s.explain(err), c.close())
	}
	return c, nil
}

// assertPragmas asks back every setting: a driver or library that silently ignores one must not be used.
func assertPragmas(ctx context.Context, c *conn, writes bool) error {
	queryOnly := "1"
	if writes {
		queryOnly = "0"
	}
	for _, p := range append([]pragma{{name: "query_only", want: queryOnly}}, pragmas...) {
		var got sql.NullString
		switch err := c.c.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); {
		case errors.Is(err, sql.ErrNoRows) && p.want == "":
			continue
		case err != nil:
			return err
		case p.name == "mmap_size" && got.String == "0":
		case !strings.EqualFold(got.String, p.want):
			return fmt.Errorf("store: pragma %s is %q, not %q", p.name, got.String, p.want)
		}
	}
	var version string
	if err := c.c.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return err
	}
	var major, minor, patch int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return fmt.Errorf("store: sqlite version %q: %w", version, err)
	}
	if major*1_000_000+minor*1_000+patch < minSQLite {
		return fmt.Errorf("store: sqlite %s is too old", version)
	}
	return nil
}

// foreignOrDamaged tells a wrong key or a file that is not ours, where no page opens, from damage.
func (s *Store) foreignOrDamaged(ctx context.Context, err error) error {
	if record.CodeOf(err) != record.CodeStoreDamaged && !notADatabase(err) {
		return err
	}
	pages, bad, e := s.vfs.CheckPages(ctx, s.path())
	if e == nil && pages > 0 && int64(len(bad)) == pages {
		return record.E(record.CodeStoreForeign, err, "dir", s.dir)
	}
	return record.E(record.CodeStoreDamaged, err, "dir", s.dir)
}

func notADatabase(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_NOTADB
}
