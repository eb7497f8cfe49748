package memory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"schalter/data/record"
	"schalter/sync/server"
)

// Files is a [server.Files].
type Files struct {
	mu    sync.Mutex
	files map[fileKey]*file
}

type fileKey struct {
	tenant string
	hash   record.Hash
}

type file struct {
	data     []byte
	complete bool
	busy     bool
}

// NewFiles makes an empty store.
func NewFiles() *Files { return &Files{files: map[fileKey]*file{}} }

// State implements [server.Files].
func (s *Files) State(_ context.Context, tenant string, h record.Hash) (server.FileState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state(fileKey{tenant, h}), nil
}

func (s *Files) state(k fileKey) server.FileState {
	f, ok := s.files[k]
	if !ok {
		return server.FileState{}
	}
	return server.FileState{Offset: int64(len(f.data)), Complete: f.complete}
}

// Append implements [server.Files].
func (s *Files) Append(_ context.Context, tenant string, h record.Hash, offset, length int64, body io.Reader) (server.FileState, error) {
	k := fileKey{tenant, h}
	f, st, err := s.begin(k, offset)
	if f == nil {
		return st, err
	}
	got, err := io.ReadAll(io.LimitReader(body, length-offset))

	s.mu.Lock()
	defer s.mu.Unlock()
	f.busy = false
	f.data = append(f.data, got...)
	if int64(len(f.data)) < length {
		return s.state(k), err
	}
	if record.HashOf(f.data) != h {
		delete(s.files, k)
		return server.FileState{}, record.E(record.CodeHashMismatch, fmt.Errorf("%d bytes", length))
	}
	f.complete = true
	return s.state(k), nil
}

// begin claims a file for one appender; no file means that state and error are the answer.
func (s *Files) begin(k fileKey, offset int64) (*file, server.FileState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.state(k)
	f := s.files[k]
	switch {
	case st.Complete:
		return nil, st, nil
	case f != nil && f.busy:
		return nil, st, record.E(record.CodeCentreBusy, errors.New("another upload of this file is under way"))
	case st.Offset != offset:
		return nil, st, server.ErrOffset
	case f == nil:
		f = &file{}
		s.files[k] = f
	}
	f.busy = true
	return f, st, nil
}

type reader struct{ *bytes.Reader }

func (reader) Close() error { return nil }

// Open implements [server.Files].
func (s *Files) Open(_ context.Context, tenant string, h record.Hash) (server.File, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[fileKey{tenant, h}]
	if !ok || !f.complete {
		return nil, 0, record.E(record.CodeBlobMissing, fmt.Errorf("file %s", h))
	}
	return reader{bytes.NewReader(f.data)}, int64(len(f.data)), nil
}

// Each implements [server.Files].
func (s *Files) Each(_ context.Context, tenant string, each func(h record.Hash, size int64) error) error {
	s.mu.Lock()
	sizes := map[record.Hash]int64{}
	for k, f := range s.files {
		if k.tenant == tenant && f.complete {
			sizes[k.hash] = int64(len(f.data))
		}
	}
	s.mu.Unlock()
	for h, n := range sizes {
		if err := each(h, n); err != nil {
			return err
		}
	}
	return nil
}

// SetAside implements [server.Files].
func (s *Files) SetAside(_ context.Context, tenant string, h record.Hash) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := fileKey{tenant, h}
	if f, ok := s.files[k]; !ok || !f.complete {
		return record.E(record.CodeBlobMissing, fmt.Errorf("file %s", h))
	}
	delete(s.files, k)
	return nil
}
