package memory

import (
	"context"
	"maps"
	"slices"
	"time"

	"schalter/data/record"
)

// KeepFiles implements [server.Journal].
func (j *Journal) KeepFiles(_ context.Context, tenant string, files ...record.Hash) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	a, err := j.authority(tenant)
	if err != nil {
		return err
	}
	for _, h := range files {
		a.files[h] = false
	}
	return nil
}

// LoseFiles implements [server.Journal].
func (j *Journal) LoseFiles(_ context.Context, tenant string, now time.Time, files ...record.Hash) (news int, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	a, err := j.authority(tenant)
	if err != nil {
		return 0, err
	}
	for _, h := range files {
		if lost, known := a.files[h]; known && !lost {
			a.files[h] = true
			news++
		}
	}
	if news > 0 {
		a.mark = max(a.mark+1, uint64(now.UnixMilli()))
	}
	return news, nil
}

// KnownFiles implements [server.Journal].
func (j *Journal) KnownFiles(_ context.Context, tenant string, each func(h record.Hash, lost bool) error) error {
	j.mu.Lock()
	a, err := j.authority(tenant)
	if err != nil {
		j.mu.Unlock()
		return err
	}
	files := maps.Clone(a.files)
	j.mu.Unlock()
	for _, h := range slices.Sorted(maps.Keys(files)) {
		if err := each(h, files[h]); err != nil {
			return err
		}
	}
	return nil
}

// LostFiles implements [server.Journal].
func (j *Journal) LostFiles(_ context.Context, tenant string, after record.Hash, limit int) (mark uint64, files []record.Hash, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	a, err := j.authority(tenant)
	if err != nil {
		return 0, nil, err
	}
	for _, h := range slices.Sorted(maps.Keys(a.files)) {
		if a.files[h] && h > after && len(files) < limit {
			files = append(files, h)
		}
	}
	return a.mark, files, nil
}
