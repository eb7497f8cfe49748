package server_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server/contract"
	"schalter/sync/server/filestore"
	"schalter/sync/server/litestore"
)

// small mounts a file system of a few bytes and returns a function that gives it room.
func small(t *testing.T) (dir string, room func()) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=600k"); err != nil {
		t.Skipf("a full disk needs the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir, func() {
		t.Helper()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=32m"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFullDiskRefusesAndThenGoesOn(t *testing.T) {
	dir, room := small(t)
	s, err := litestore.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	contract.AddAuthority(t, s, "Musterstadt", "MS", "ms")
	d := contract.NewDesk(t)
	contract.Enrol(t, s, "ms", 1, d)
	acked, failures := uint64(0), 0
	var pending []protocol.Line
	for failures < 3 {
		if pending == nil {
			pending = contract.Lines(t, d.Write(t, 50)...)
		}
		a, err := s.Push(t.Context(), d.Device, pending)
		if err != nil {
			if record.CodeOf(err) != record.CodeDiskFull {
				t.Fatalf("a full disk is told as %v", err)
			}
			failures++
			continue
		}
		acked, pending = a.Expect-1, nil
	}
	room()
	a, err := s.Push(t.Context(), d.Device, pending)
	if err != nil || a.Expect != acked+51 || a.Results[0].Had {
		t.Fatalf("%+v %v, %d were acknowledged before", a, err, acked)
	}
	if r, err := s.Verify(t.Context()); err != nil || len(r.Problems) > 0 || uint64(r.Changes) != acked+50 {
		t.Errorf("%+v %v", r, err)
	}
}

func TestAFullDiskKeepsWhatArrivedOfAFile(t *testing.T) {
	dir, room := small(t)
	s, err := filestore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := make([]byte, 1<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never fails, by its documentation
	h := record.HashOf(b)
	st, err := s.Append(t.Context(), "ms", h, 0, int64(len(b)), bytes.NewReader(b))
	if record.CodeOf(err) != record.CodeDiskFull || st.Complete || st.Offset == 0 {
		t.Fatalf("%+v %v", st, err)
	}
	room()
	if st, err = s.Append(t.Context(), "ms", h, st.Offset, int64(len(b)), bytes.NewReader(b[st.Offset:])); err != nil || !st.Complete {
		t.Errorf("%+v %v", st, err)
	}
}
