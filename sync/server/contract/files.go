package contract

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"schalter/data/record"
	"schalter/sync/server"
)

// Files runs the suite. open gives an empty store; reopen opens the same one again as after a crash, nil
// if nothing outlives the process.
func Files(t *testing.T, open func(t *testing.T) server.Files, reopen func(t *testing.T, f server.Files) server.Files) {
	for name, test := range map[string]func(*testing.T, server.Files){
		"whole": whole, "parts": parts, "cut": cut, "wrong bytes": wrongBytes, "offsets": offsets, "two at once": twoAtOnce, "strangers": strangers, "empty": empty, "set aside": setAside,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
	if reopen != nil {
		t.Run("restart", func(t *testing.T) { filesRestart(t, open(t), reopen) })
	}
}

func bytesOf(n int) ([]byte, record.Hash) {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(n)})
	_, _ = r.Read(b) // never fails, by its documentation
	return b, record.HashOf(b)
}

func wantState(t *testing.T, s server.Files, h record.Hash, want server.FileState) {
	t.Helper()
	if got, err := s.State(t.Context(), "ms", h); err != nil || got != want {
		t.Errorf("state %+v, want %+v: %v", got, want, err)
	}
}

func add(t *testing.T, s server.Files, h record.Hash, b []byte, from, to int) server.FileState {
	t.Helper()
	st, err := s.Append(t.Context(), "ms", h, int64(from), int64(len(b)), bytes.NewReader(b[from:to]))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func wantBytes(t *testing.T, s server.Files, h record.Hash, want []byte) {
	t.Helper()
	f, n, err := s.Open(t.Context(), "ms", h)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil || n != int64(len(want)) || !bytes.Equal(got, want) {
		t.Errorf("%d of %d bytes, %v", len(got), n, err)
	}
}

func whole(t *testing.T, s server.Files) {
	b, h := bytesOf(300_000)
	wantState(t, s, h, server.FileState{})
	_, _, err := s.Open(t.Context(), "ms", h)
	wantCode(t, "a file that is not there", err, record.CodeBlobMissing)
	want := server.FileState{Offset: 300_000, Complete: true}
	if st := add(t, s, h, b, 0, len(b)); st != want {
		t.Errorf("%+v", st)
	}
	wantState(t, s, h, want)
	wantBytes(t, s, h, b)
	// A second desk with the same file, or a repeat after a lost answer.
	if st, err := s.Append(t.Context(), "ms", h, 0, int64(len(b)), iotest.ErrReader(errors.New("read needlessly"))); err != nil || st != want {
		t.Errorf("%+v %v", st, err)
	}
	seen := 0
	err = s.Each(t.Context(), "ms", func(got record.Hash, size int64) error {
		seen++
		if got != h || size != 300_000 {
			t.Errorf("%s %d", got, size)
		}
		return nil
	})
	if err != nil || seen != 1 {
		t.Error(seen, err)
	}
}

func parts(t *testing.T, s server.Files) {
	b, h := bytesOf(200_001)
	for from := 0; from < len(b); from += 50_000 {
		to := min(from+50_000, len(b))
		if st := add(t, s, h, b, from, to); st.Offset != int64(to) || st.Complete != (to == len(b)) {
			t.Fatalf("after %d: %+v", to, st)
		}
	}
	wantBytes(t, s, h, b)
}

func cut(t *testing.T, s server.Files) {
	b, h := bytesOf(100_000)
	broken := errors.New("the line is down")
	st, err := s.Append(t.Context(), "ms", h, 0, 100_000, io.MultiReader(bytes.NewReader(b[:70_000]), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || st != (server.FileState{Offset: 70_000}) {
		t.Errorf("%+v %v", st, err)
	}
	wantState(t, s, h, server.FileState{Offset: 70_000})
	_, _, err = s.Open(t.Context(), "ms", h)
	wantCode(t, "a partial file", err, record.CodeBlobMissing)
	if err := s.Each(t.Context(), "ms", func(record.Hash, int64) error { return errors.New("a partial file was listed") }); err != nil {
		t.Error(err)
	}
	add(t, s, h, b, 70_000, 100_000)
	wantBytes(t, s, h, b)
}

func wrongBytes(t *testing.T, s server.Files) {
	b, h := bytesOf(10_000)
	bad := bytes.Clone(b)
	bad[777] ^= 1
	for _, from := range []int{0, 4000} {
		if from > 0 {
			add(t, s, h, bad, 0, from)
		}
		_, err := s.Append(t.Context(), "ms", h, int64(from), 10_000, bytes.NewReader(bad[from:]))
		wantCode(t, "wrong bytes", err, record.CodeHashMismatch)
		wantState(t, s, h, server.FileState{})
	}
	// More bytes than announced are not read.
	if st, err := s.Append(t.Context(), "ms", h, 0, 10_000, bytes.NewReader(append(bytes.Clone(b), "more"...))); err != nil || !st.Complete {
		t.Errorf("%+v %v", st, err)
	}
	wantBytes(t, s, h, b)
}

func offsets(t *testing.T, s server.Files) {
	b, h := bytesOf(1000)
	add(t, s, h, b, 0, 600)
	for _, at := range []int64{0, 599, 601, 1000} {
		st, err := s.Append(t.Context(), "ms", h, at, 1000, bytes.NewReader(b))
		if !errors.Is(err, server.ErrOffset) || st.Offset != 600 {
			t.Errorf("offset %d: %+v %v", at, st, err)
		}
	}
	wantState(t, s, h, server.FileState{Offset: 600})
}

func twoAtOnce(t *testing.T, s server.Files) {
	b, h := bytesOf(5000)
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := s.Append(t.Context(), "ms", h, 0, 5000, r)
		done <- err
	}()
	if _, err := w.Write(b[:1000]); err != nil { // returns once the first appender has read it
		t.Fatal(err)
	}
	_, err := s.Append(t.Context(), "ms", h, 0, 5000, bytes.NewReader(b))
	wantCode(t, "the second", err, record.CodeCentreBusy)
	if _, err := w.Write(b[1000:]); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), <-done); err != nil {
		t.Fatal(err)
	}
	wantBytes(t, s, h, b)
}

func strangers(t *testing.T, s server.Files) {
	b, h := bytesOf(3000)
	add(t, s, h, b, 0, 3000)
	if st, err := s.State(t.Context(), "ns", h); err != nil || st != (server.FileState{}) {
		t.Errorf("another authority sees %+v %v", st, err)
	}
	_, _, err := s.Open(t.Context(), "ns", h)
	wantCode(t, "another authority's file", err, record.CodeBlobMissing)
	if err := s.Each(t.Context(), "ns", func(h record.Hash, _ int64) error { t.Errorf("lists %s", h); return nil }); err != nil {
		t.Error(err)
	}
}

func empty(t *testing.T, s server.Files) {
	_, h := bytesOf(0)
	if st, err := s.Append(t.Context(), "ms", h, 0, 0, bytes.NewReader(nil)); err != nil || !st.Complete {
		t.Errorf("%+v %v", st, err)
	}
	wantBytes(t, s, h, nil)
}

func filesRestart(t *testing.T, s server.Files, reopen func(*testing.T, server.Files) server.Files) {
	b, h := bytesOf(9000)
	add(t, s, h, b, 0, 5000)
	s = reopen(t, s)
	wantState(t, s, h, server.FileState{Offset: 5000})
	add(t, s, h, b, 5000, 9000)
	s = reopen(t, s)
	wantBytes(t, s, h, b)
}

func setAside(t *testing.T, s server.Files) {
	b, h := bytesOf(3000)
	wantCode(t, "a file that is not there", s.SetAside(t.Context(), "ms", h), record.CodeBlobMissing)
	add(t, s, h, b, 0, 1000)
	wantCode(t, "half a file", s.SetAside(t.Context(), "ms", h), record.CodeBlobMissing)
	add(t, s, h, b, 1000, len(b))
	wantCode(t, "another authority's", s.SetAside(t.Context(), "ns", h), record.CodeBlobMissing)
	wantBytes(t, s, h, b)
	for range 2 { // it may be damaged again
		if err := s.SetAside(t.Context(), "ms", h); err != nil {
			t.Fatal(err)
		}
		wantState(t, s, h, server.FileState{})
		if err := s.Each(t.Context(), "ms", func(h record.Hash, _ int64) error {
			t.Errorf("%s is still among the files", h)
			return nil
		}); err != nil {
			t.Error(err)
		}
		add(t, s, h, b, 0, len(b))
		wantBytes(t, s, h, b)
	}
}
