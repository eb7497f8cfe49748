package sane

import (
	"os"

	"golang.org/x/sys/unix"
)

// spool finds a folder in memory, so that a page in the making never touches a disk.
func (d *Driver) spool() string {
	if d.Spool != "" {
		return d.Spool
	}
	for _, dir := range []string{os.Getenv("XDG_RUNTIME_DIR"), "/dev/shm", "/run"} {
		var fs unix.Statfs_t
		if dir != "" && unix.Statfs(dir, &fs) == nil && fs.Type == unix.TMPFS_MAGIC && unix.Access(dir, unix.W_OK) == nil {
			return dir
		}
	}
	return os.TempDir()
}

// room is the space left for a folder's files.
func room(dir string) (bytes uint64, known bool) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return 0, false
	}
	return fs.Bavail * uint64(fs.Bsize), true
}
