package sane

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// spoolName begins the name of a scan's folder; the number of the process that made it follows.
const spoolName = "schalter-scan-"

func spoolPattern() string { return fmt.Sprintf("%s%d-*", spoolName, os.Getpid()) }

// Forget removes pages that a killed program left in the spool. Scans of programs that live are left alone.
func (d *Driver) Forget() error {
	left, err := filepath.Glob(filepath.Join(d.spool(), spoolName+"*"))
	if err != nil {
		return fmt.Errorf("look for pages left behind: %w", err)
	}
	var errs []error
	for _, dir := range left {
		var pid int
		if _, err := fmt.Sscanf(filepath.Base(dir), spoolName+"%d-", &pid); err != nil || pid <= 0 || alive(pid) {
			continue
		}
		if err := os.RemoveAll(dir); err != nil && !errors.Is(err, os.ErrPermission) { // another user's are his
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// alive reports whether a process is there, whoever owns it.
func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}
