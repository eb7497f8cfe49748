package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"schalter/data/record"
)

func TestMountKind(t *testing.T) {
	const mounts = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home/weber/server rw,nosuid - fuse.sshfs weber@server:/ rw
41 22 0:36 / /media/Stick\040blau rw - fuseblk /dev/sdb1 rw
42 40 0:37 / /home/weber/server/tief rw - ext4 /dev/vdb rw
kaputt
`
	for dir, want := range map[string]string{
		"/home/weber/server": "fuse.sshfs", "/home/weber/server/a/b": "fuse.sshfs", "/home/weber/server2": "ext4", "/": "ext4",
		"/media/Stick blau/x": "fuseblk", "/home/weber/server/tief/x": "ext4",
	} {
		if got := mountKind(strings.NewReader(mounts), dir); got != want {
			t.Errorf("%s lies on %q, want %q", dir, got, want)
		}
	}
	if got := mountKind(strings.NewReader(""), "/x"); localFuse[got] {
		t.Error("an unknown mount counts as local")
	}
}

// tiny mounts a volume of so many kilobytes.
func tiny(t *testing.T, kilobytes int) string {
	t.Helper()
	dir := t.TempDir()
	if os.Geteuid() != 0 {
		t.Skip("mounting a small volume needs root")
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
		t.Skipf("cannot mount: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// On a full disk nothing is acknowledged that is not kept, and with some room again work goes on.
func TestFullDisk(t *testing.T) {
	ctx, dir, o := t.Context(), tiny(t, 1500), testOptions()
	s, err := Create(ctx, dir, o)
	check(t, err)
	enrol(t, s, 1)
	ballast := filepath.Join(dir, "ballast")
	check(t, os.WriteFile(ballast, make([]byte, 200<<10), 0o600))
	kept := map[record.ID]string{}
	var full error
	for i := 0; i < 2000 && full == nil; i++ {
		d := record.Draft{ID: record.NewID(), User: "w", Values: record.Values{"a/b": strings.Repeat("x", 3000)}}
		if full = s.SaveDraft(ctx, d); full == nil {
			kept[d.ID] = ""
		}
		if c, err := s.Submit(ctx, "", dog(record.NewID(), "Weber", "Ina", "Rex")); err == nil {
			kept[c.ID] = c.Number
		} else {
			full = err
		}
	}
	wantCode(t, full, record.CodeDiskFull)
	_, err = s.Submit(ctx, "", dog(record.NewID(), "Weber", "Ina", "Rex"))
	wantCode(t, err, record.CodeDiskFull)
	all := func(s *Store) {
		t.Helper()
		for id, number := range kept {
			if number == "" {
				_, err = s.Draft(ctx, id)
			} else {
				_, err = s.Case(ctx, id)
			}
			check(t, err)
		}
		sound(t, s)
	}
	all(s)
	check(t, os.Remove(ballast))
	c := submit(t, s, "Nach", "Dem", "Räumen")
	kept[c.ID] = c.Number
	check(t, s.Close())
	s, err = Open(ctx, dir, o)
	check(t, err)
	defer s.Close()
	all(s)
}

func TestReadOnlyVolume(t *testing.T) {
	ctx, dir, o := t.Context(), tiny(t, 4000), testOptions()
	s, err := Create(ctx, dir, o)
	check(t, err)
	check(t, s.Close())
	if err := unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Skipf("cannot remount: %v", err)
	}
	_, err = Open(ctx, dir, o)
	wantCode(t, err, record.CodeReadOnly)
	wantCode(t, translate(fmt.Errorf("x: %w", syscall.EROFS), dir), record.CodeReadOnly)
}
