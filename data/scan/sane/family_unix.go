//go:build unix

package sane

import (
	"os/exec"
	"syscall"
)

// family puts the child and whatever it starts into a group of their own.
func family(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// end ends what the child has left behind. Where it left nothing, there is nobody to hear it.
func end(c *exec.Cmd) { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
