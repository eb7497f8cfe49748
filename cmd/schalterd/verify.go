package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"schalter/data/record"
	"schalter/sync/server"
	"schalter/sync/server/litestore"
)

type verify struct{ data }

// Run checks everything that is kept and says what it checked. Files that are gone or damaged are asked of the
// desks again.
func (v *verify) Run(ctx context.Context, c *console) error {
	if _, err := os.Stat(filepath.Join(v.Data, litestore.FileName)); err != nil {
		return fmt.Errorf("there is no centre in %s: %w", v.Data, err)
	}
	problems := 0
	err := v.with(ctx, func(j *litestore.Store) error {
		r, err := j.Verify(ctx)
		if err != nil {
			return err
		}
		for _, p := range r.Problems {
			fmt.Fprintln(c.out, "PROBLEM", p)
		}
		problems += len(r.Problems)
		fmt.Fprintf(c.out, "journal: %d authorities, %d desks, %d changes, %d rejected changes, all hashes and chains read\n", r.Authorities, r.Desks, r.Changes, r.Rejected)
		bad, err := v.verifyPublishers(ctx, c, j)
		problems += bad
		if err != nil {
			return err
		}
		bad, err = v.verifyFiles(ctx, c, j)
		problems += bad
		return err
	})
	if err != nil {
		return err
	}
	if problems > 0 {
		fmt.Fprintf(c.out, "%d problems\n", problems)
		return errSaid
	}
	_, err = fmt.Fprintln(c.out, "no problems")
	return err
}

func (v *verify) verifyFiles(ctx context.Context, c *console, j *litestore.Store) (bad int, err error) {
	files, err := v.files()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	all, err := j.Authorities(ctx)
	if err != nil {
		return 0, err
	}
	var count int
	var size int64
	for _, a := range all {
		problem := func(h record.Hash, what any) {
			bad++
			fmt.Fprintf(c.out, "PROBLEM %s: file %s: %v\n", a.Office, h, what)
		}
		gone, _, err := server.CheckFiles(ctx, j, files, a.Tenant, c.clock())
		if err != nil {
			return bad, err
		}
		for _, h := range gone {
			problem(h, "missing; the desks are asked to send it again")
		}
		n, bytes, err := server.VerifyFiles(ctx, files, a.Tenant, func(h record.Hash, err error) {
			if record.CodeOf(err) == record.CodeBlobDamaged {
				_, e := j.LoseFiles(ctx, a.Tenant, c.clock(), h)
				if e = errors.Join(files.SetAside(ctx, a.Tenant, h), e); e == nil {
					err = fmt.Errorf("%w; set aside, the desks are asked to send it again", err)
				}
				err = errors.Join(err, e)
			}
			problem(h, err)
		})
		if err != nil {
			return bad, err
		}
		count += n
		size += bytes
	}
	_, err = fmt.Fprintf(c.out, "files: %d with %d bytes, all read\n", count, size)
	return bad, err
}
