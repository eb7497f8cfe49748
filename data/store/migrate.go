package store

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"

	"schalter/data/record"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks the database as ours: "Schl".
const applicationID = 0x5363686c

// bringUp makes the tables of a fresh store or migrates an older one.
func (s *Store) bringUp(ctx context.Context, c *conn, fresh bool) error {
	steps, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	var id, version int
	if err := c.c.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if err := c.c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	switch newest := steps[len(steps)-1].version; {
	case fresh || id == 0 && version == 0 && isEmpty(ctx, c):
		// A kill between the creation of the file and of the tables leaves an empty store behind.
		return s.transact(ctx, c, func(ctx context.Context, t *tx) error { return t.build(ctx, newest) })
	case id != applicationID:
		return record.E(record.CodeStoreForeign, fmt.Errorf("application id %#x", id), "dir", s.dir)
	case version > newest:
		return record.E(record.CodeStoreNewer, fmt.Errorf("version %d, this program knows %d", version, newest), "dir", s.dir)
	}
	for _, m := range steps {
		if m.version <= version {
			continue
		}
		err := s.transact(ctx, c, func(ctx context.Context, t *tx) error { return t.migrate(ctx, m) })
		if err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return nil
}

func isEmpty(ctx context.Context, c *conn) bool {
	var n int
	err := c.c.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n)
	return err == nil && n == 0
}

// build makes all tables and the desk's first identity.
func (t *tx) build(ctx context.Context, version int) error {
	names, err := fs.Glob(schemaFiles, "schema/*.sql")
	if err != nil {
		return err
	}
	sort.Strings(names)
	for _, name := range names {
		script, err := fs.ReadFile(schemaFiles, name)
		if err != nil {
			return err
		}
		if _, err := t.c.ExecContext(ctx, string(script)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := t.stamp(ctx, version); err != nil {
		return err
	}
	id, err := newIdentity()
	if err != nil {
		return err
	}
	b, err := json.Marshal(id)
	if err != nil {
		return err
	}
	if err := t.exec(ctx, `INSERT INTO desk (key, identity) VALUES (1, ?)`, string(b)); err != nil {
		return err
	}
	_, err = t.device(ctx, id.Device, true)
	return err
}

func (t *tx) migrate(ctx context.Context, m migration) error {
	if _, err := t.c.ExecContext(ctx, m.script); err != nil {
		return err
	}
	if m.name == fillsParties {
		if err := t.fillParties(ctx); err != nil {
			return err
		}
	}
	if m.name == movesForms {
		if err := t.moveForms(ctx); err != nil {
			return err
		}
	}
	if m.name == fillsBookings {
		if err := t.fillBookings(ctx); err != nil {
			return err
		}
	}
	if m.name == fillsChecks {
		if err := t.fillChecks(ctx); err != nil {
			return err
		}
	}
	if m.name == fillsOwed {
		if err := t.fillOwed(ctx); err != nil {
			return err
		}
	}
	return t.stamp(ctx, m.version)
}

func (t *tx) stamp(ctx context.Context, version int) error {
	_, err := t.c.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version))
	return err
}

type migration struct {
	version      int
	name, script string
}

// migrations reads the numbered files; the numbers have no gap.
func migrations(fsys fs.FS) ([]migration, error) {
	names, err := fs.Glob(fsys, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var out []migration
	for i, name := range names {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "-")
		v, err := strconv.Atoi(number)
		if err != nil || v != i+1 {
			return nil, fmt.Errorf("store: migration %s is not number %d", name, i+1)
		}
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		out = append(out, migration{version: v, name: name, script: string(b)})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("store: no migrations")
	}
	return out, nil
}
