package preview

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// pixels is memory that the helper draws into and this process copies from. It is sealed against
// shrinking, so that reading it never faults whatever the helper does.
type pixels struct {
	mem  []byte
	file *os.File
}

const (
	pixelsFD   = 3       // the helper's number of the file
	keepPixels = 8 << 20 // what stays allocated between two pictures
)

func newPixels(maxPixels int) (*pixels, error) {
	fd, err := unix.MemfdCreate("pixels", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return &pixels{}, nil //nolint:nilerr // without it the pixels come through the pipe
	}
	f := os.NewFile(uintptr(fd), "pixels")
	size := int64(maxPixels) * 4
	if err := f.Truncate(size); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("size shared pixels: %w", err)
	}
	if _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("seal shared pixels: %w", err)
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("map shared pixels: %w", err)
	}
	return &pixels{mem: mem, file: f}, nil
}

// openPixels is the helper's side.
func openPixels(maxPixels int) ([]byte, error) {
	defer func() { _ = unix.Close(pixelsFD) }()
	mem, err := unix.Mmap(pixelsFD, 0, maxPixels*4, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map shared pixels: %w", err)
	}
	return mem, nil
}

func (p *pixels) shared() bool { return p.mem != nil }

func (p *pixels) files() []*os.File {
	if p.file == nil {
		return nil
	}
	return []*os.File{p.file}
}

// copy takes n bytes from the beginning and gives what a large picture used back to the system.
func (p *pixels) copy(n int) ([]byte, bool) {
	if n > len(p.mem) {
		return nil, false
	}
	out := append([]byte(nil), p.mem[:n]...)
	if n > keepPixels {
		_ = unix.Fallocate(int(p.file.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, 0, int64(len(p.mem)))
	}
	return out, true
}

func (p *pixels) close() {
	if p.mem != nil {
		_ = unix.Munmap(p.mem)
		_ = p.file.Close()
		p.mem = nil
	}
}

// widen makes the pipe to the helper hold a megabyte, so that a file goes over in few turns.
func widen(pipe any) {
	if f, ok := pipe.(*os.File); ok {
		if c, err := f.SyscallConn(); err == nil {
			_ = c.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, 1<<20) })
		}
	}
}
