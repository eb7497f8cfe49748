package store

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Local file systems that happen to run in user space.
var localFuse = map[string]bool{"fuseblk": true, "fuse.ntfs-3g": true, "fuse.exfat": true, "fuse.gocryptfs": true, "fuse.encfs": true, "fuse.lxcfs": true, "fuse.fuse-overlayfs": true, "fuse.ext4": true}

// fuseKind says which file system in user space dir lies on; one that is not known to be local counts as
// a network volume (sshfs, rclone, davfs, virtual machine shares).
func fuseKind(dir string) (string, error) {
	abs, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	if abs, err = filepath.Abs(abs); err != nil {
		return "", err
	}
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // only read
	kind := mountKind(f, abs)
	if localFuse[kind] {
		return "", nil
	}
	return kind, nil
}

// mountKind finds the file system type of the longest mount point above dir in the format of
// proc(5) mountinfo; "fuse" if it is not listed.
func mountKind(mounts io.Reader, dir string) string {
	best, kind := -1, "fuse"
	for sc := bufio.NewScanner(mounts); sc.Scan(); {
		before, after, ok := strings.Cut(sc.Text(), " - ")
		f, g := strings.Fields(before), strings.Fields(after)
		if !ok || len(f) < 5 || len(g) < 1 {
			continue
		}
		at := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(f[4])
		if (dir == at || at == "/" || strings.HasPrefix(dir, at+"/")) && len(at) >= best {
			best, kind = len(at), g[0]
		}
	}
	return kind
}
