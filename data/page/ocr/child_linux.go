package ocr

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// prepare gives the program a group of its own, all of which ends with ctx.
func prepare(c *exec.Cmd, _ bool) {
	c.Dir = "/"
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error {
		if err := syscall.Kill(-c.Process.Pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
			return err
		}
		return os.ErrProcessDone
	}
}

const (
	lowest     = 19
	ioOfOne    = 1       // ioprio_set: one process
	ioWhenIdle = 3 << 13 // only when nobody else wants the disk
)

// bind puts the running program at the lowest priority, bounds its memory and time and forbids it to write
// files: what it reads are citizens' pages. Should the desk die, it ends when its time is over.
func bind(c *exec.Cmd, memory int64, cpu time.Duration, brisk bool) (release func(), err error) {
	pid := c.Process.Pid
	release = func() { _ = syscall.Kill(-pid, syscall.SIGKILL) } // whatever it may have started
	seconds := uint64(max(1, (cpu+time.Second-1)/time.Second))
	limits := []struct {
		what      int
		soft, top uint64
	}{
		{unix.RLIMIT_AS, uint64(memory), uint64(memory)},
		{unix.RLIMIT_FSIZE, 0, 0},
		{unix.RLIMIT_CORE, 0, 0},
		{unix.RLIMIT_CPU, seconds, seconds + 1},
	}
	for _, l := range limits {
		// It may have ended by itself already; then it has no limits to be bound to.
		if err := unix.Prlimit(pid, l.what, &unix.Rlimit{Cur: l.soft, Max: l.top}, nil); err != nil && !errors.Is(err, unix.ESRCH) {
			return release, fmt.Errorf("limit %d: %w", l.what, err)
		}
	}
	if brisk {
		return release, nil
	}
	// Without the lowest priority it works all the same.
	_ = unix.Setpriority(unix.PRIO_PGRP, pid, lowest)
	_, _, errno := unix.Syscall(unix.SYS_IOPRIO_SET, ioOfOne, uintptr(pid), ioWhenIdle)
	_ = errno
	return release, nil
}

// overtime reports whether a program was ended because its time was over.
func overtime(p *os.ProcessState) bool {
	if p == nil {
		return false
	}
	w, ok := p.Sys().(syscall.WaitStatus)
	return ok && w.Signaled() && w.Signal() == syscall.SIGXCPU
}
