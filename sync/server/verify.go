package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"schalter/data/record"
)

// CheckFiles compares the files that were ever complete with those that are there. What is gone is noted, for the
// desks to send it again, and returned: news of it were not known before.
func CheckFiles(ctx context.Context, j Journal, files Files, tenant string, now time.Time) (gone []record.Hash, news int, err error) {
	var here []record.Hash
	keep := func() error {
		err := j.KeepFiles(ctx, tenant, here...)
		here = here[:0]
		return err
	}
	if err := files.Each(ctx, tenant, func(h record.Hash, _ int64) error {
		if here = append(here, h); len(here) < 500 {
			return nil
		}
		return keep()
	}); err != nil {
		return nil, 0, err
	}
	if err := keep(); err != nil {
		return nil, 0, err
	}
	if err := j.KnownFiles(ctx, tenant, func(h record.Hash, _ bool) error {
		st, err := files.State(ctx, tenant, h)
		if err == nil && !st.Complete {
			gone = append(gone, h)
		}
		return errors.Join(err, ctx.Err())
	}); err != nil {
		return nil, 0, err
	}
	news, err = j.LoseFiles(ctx, tenant, now, gone...)
	return gone, news, err
}

// VerifyFiles reads every complete file of a tenant and calls bad for those whose bytes do not have
// their hash. It returns how many files and bytes were read.
func VerifyFiles(ctx context.Context, files Files, tenant string, bad func(h record.Hash, err error)) (count int, size int64, err error) {
	err = files.Each(ctx, tenant, func(h record.Hash, n int64) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		count++
		size += n
		if err := verifyFile(ctx, files, tenant, h); err != nil {
			bad(h, err)
		}
		return nil
	})
	return count, size, err
}

func verifyFile(ctx context.Context, files Files, tenant string, h record.Hash) error {
	f, _, err := files.Open(ctx, tenant, h)
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != string(h) {
		return record.E(record.CodeBlobDamaged, fmt.Errorf("bytes have hash %s", got))
	}
	return nil
}
