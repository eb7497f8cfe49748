package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"schalter/data/record"
)

// smallDisk mounts a disk of the given size.
func smallDisk(t *testing.T, options string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may mount the small disk this needs")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("the small disk this needs cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestFullDisk(t *testing.T) {
	dir := smallDisk(t, "size=512k")
	s, err := Open(filepath.Join(dir, "blobs"), testKey)
	if err != nil {
		t.Fatal(err)
	}
	small := put(t, s, random(t, 100<<10))
	for _, n := range []int{500 << 10, 10 << 20} {
		_, err := s.Put(context.Background(), bytes.NewReader(random(t, n)))
		wantCode(t, err, record.CodeDiskFull)
	}
	content := random(t, 600<<10)
	p := receive(t, s, refOf(content))
	_, err = io.Copy(p, bytes.NewReader(content))
	wantCode(t, err, record.CodeDiskFull)
	wantCode(t, p.Finish(), record.CodeDiskFull)
	if f := files(t, s); len(f) != 1 {
		t.Errorf("left behind: %v", f)
	}
	// the room is free again
	put(t, s, random(t, 200<<10))
	if got, err := s.ReadAll(small.Hash, small.Size); err != nil || record.HashOf(got) != small.Hash {
		t.Errorf("the file from before: %v", err)
	}
}

// Every way to run out of inodes or room, by filling the disk to each point in turn.
func TestFullDiskAtEveryPoint(t *testing.T) {
	dir := smallDisk(t, "size=400k")
	s, err := Open(filepath.Join(dir, "blobs"), testKey)
	if err != nil {
		t.Fatal(err)
	}
	content := random(t, 3*chunkSize)
	filler := filepath.Join(dir, "filler")
	full, done := 0, 0
	for room := 0; room < 260<<10; room += 4 << 10 {
		if err := errors.Join(os.WriteFile(filler, nil, 0o600), s.Remove(record.HashOf(content))); err != nil {
			t.Fatal(err)
		}
		var st syscall.Statfs_t
		if err := syscall.Statfs(dir, &st); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filler, make([]byte, int(st.Bavail)*int(st.Bsize)-room), 0o600); err != nil {
			t.Fatal(err)
		}
		ref, err := s.Put(context.Background(), bytes.NewReader(content))
		if err == nil {
			done++
			if err := s.verify(ref.Hash); err != nil {
				t.Errorf("%d bytes free: put was acknowledged: %v", room, err)
			}
			continue
		}
		full++
		wantCode(t, err, record.CodeDiskFull)
		if f := files(t, s); len(f) != 0 {
			t.Errorf("%d bytes free: left behind %v", room, f)
		}
	}
	if full == 0 || done == 0 {
		t.Errorf("%d times full, %d times done: the disk has the wrong size for this test", full, done)
	}
}

func TestReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, "size=1m")
	s, err := Open(dir, testKey)
	if err != nil {
		t.Fatal(err)
	}
	ref := put(t, s, []byte("inhalt"))
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip(err)
	}
	_, err = s.Put(context.Background(), bytes.NewReader([]byte("neu")))
	wantCode(t, err, record.CodeReadOnly)
	wantCode(t, s.Remove(ref.Hash), record.CodeReadOnly)
	_, err = s.Receive(refOf([]byte("neu")))
	wantCode(t, err, record.CodeReadOnly)
	if b, err := s.ReadAll(ref.Hash, 100); err != nil || string(b) != "inhalt" {
		t.Errorf("%q, %v", b, err)
	}
}
