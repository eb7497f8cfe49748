package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"schalter/data/record"
)

// Check reads every file fully and tells each about it: its hash, the size of its content, and what is wrong
// with it, or nil. Where not even the header can be read the hash is empty and the size that of the file.
// The error it returns itself is of the directory or of ctx.
func (s *Store) Check(ctx context.Context, each func(h record.Hash, size int64, err error)) error {
	for i := range 256 {
		dir := filepath.Join(s.dir, fmt.Sprintf("%02x", i))
		files, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("blob: check: %w", err)
		}
		for _, f := range files {
			if err := ctx.Err(); err != nil {
				return err
			}
			h, size, err := s.check(ctx, filepath.Join(dir, f.Name()), f)
			if err := ctx.Err(); err != nil {
				return err
			}
			if errors.Is(err, fs.ErrNotExist) { // removed meanwhile
				continue
			}
			each(h, size, err)
		}
	}
	return nil
}

func (s *Store) check(ctx context.Context, path string, entry fs.DirEntry) (record.Hash, int64, error) {
	info, err := entry.Info()
	if err != nil {
		return "", 0, err
	}
	r, err := s.openFile(path, "")
	if err != nil {
		return "", info.Size(), fmt.Errorf("%s: %w", entry.Name(), err)
	}
	defer r.Close() //nolint:errcheck // only read
	if s.keys.name(r.ref.Hash) != entry.Name() {
		return r.ref.Hash, r.ref.Size, damaged(r.ref.Hash, fmt.Errorf("it lies under another's name %s", entry.Name()))
	}
	return r.ref.Hash, r.ref.Size, r.verify(ctx)
}
