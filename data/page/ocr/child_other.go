//go:build !linux && !windows

package ocr

import (
	"os"
	"os/exec"
	"syscall"
	"time"
)

const lowest = 19

// prepare gives the program a group of its own, all of which ends with ctx.
func prepare(c *exec.Cmd, _ bool) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}

// bind puts the running program at the lowest priority; these systems bound no running program's memory.
func bind(c *exec.Cmd, _ int64, _ time.Duration, brisk bool) (release func(), err error) {
	if !brisk {
		_ = syscall.Setpriority(syscall.PRIO_PGRP, c.Process.Pid, lowest)
	}
	return func() {}, nil
}

// overtime is not told here; how long it had the processor is.
func overtime(*os.ProcessState) bool { return false }
