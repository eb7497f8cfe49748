package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"schalter/data/record"
)

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
