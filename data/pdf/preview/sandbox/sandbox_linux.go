package sandbox

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// runtimeSlack is what the Go runtime may still map for its own bookkeeping.
const runtimeSlack = 256 << 20

// Start starts the helper with an environment of its own. The returned function is called after it ended.
func Start(cmd *exec.Cmd, _ int64) (release func(), err error) {
	cmd.Env = []string{"LANG=C.UTF-8", "GOTRACEBACK=single"}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl+C in a terminal is the desk's business
	return func() {}, cmd.Start()
}

// Enter gives up everything but the open files, computing and memory bytes more than used now.
func Enter(memory int64) error {
	space, data, err := mapped()
	if err != nil {
		return err
	}
	limits := []struct {
		name  string
		which int
		value int64
	}{
		{"core", unix.RLIMIT_CORE, 0},
		{"file size", unix.RLIMIT_FSIZE, 0},
		{"data", unix.RLIMIT_DATA, data + memory},
		{"address space", unix.RLIMIT_AS, space + memory + runtimeSlack},
		{"open files", unix.RLIMIT_NOFILE, 0}, // those open stay open, no more can come
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid tracing: %w", err)
	}
	if err := landlock.V9.BestEffort().Restrict(); err != nil { // sets no-new-privileges as well
		return fmt.Errorf("landlock: %w", err)
	}
	for _, l := range limits {
		v := uint64(l.value)
		if err := unix.Setrlimit(l.which, &unix.Rlimit{Cur: v, Max: v}); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
	}
	return nil
}

// mapped reads how much address space and data this process has mapped.
func mapped() (space, data int64, err error) {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, 0, fmt.Errorf("own size: %w", err)
	}
	f := strings.Fields(string(b))
	if len(f) < 6 {
		return 0, 0, fmt.Errorf("own size: %q", b)
	}
	page := int64(os.Getpagesize())
	s, err := strconv.ParseInt(f[0], 10, 64)
	if err != nil {
		return 0, 0, fmt.Errorf("own size: %w", err)
	}
	d, err := strconv.ParseInt(f[5], 10, 64)
	if err != nil {
		return 0, 0, fmt.Errorf("own size: %w", err)
	}
	return s * page, d * page, nil
}

// RenewCPU allows more processor time from now on; the process is ended when it is used up.
func RenewCPU(more time.Duration) {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return
	}
	used := time.Duration(u.Utime.Nano() + u.Stime.Nano())
	seconds := uint64((used+more)/time.Second) + 1
	_ = unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: seconds, Max: unix.RLIM_INFINITY})
}

// CPUSpent reports whether an ended helper had used up its processor time.
func CPUSpent(s *os.ProcessState) bool {
	w, ok := s.Sys().(syscall.WaitStatus)
	return ok && w.Signaled() && w.Signal() == syscall.SIGXCPU
}
