package ocr

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// prepare keeps a window from opening and puts the program at the lowest priority.
func prepare(c *exec.Cmd, brisk bool) {
	c.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
	if !brisk {
		c.SysProcAttr.CreationFlags |= windows.IDLE_PRIORITY_CLASS
	}
}

// bind puts the running program into a job with bounded memory and time that ends with the desk.
func bind(c *exec.Cmd, memory int64, cpu time.Duration, _ bool) (release func(), err error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return func() {}, fmt.Errorf("create job: %w", err)
	}
	release = func() { _ = windows.CloseHandle(job) }
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION |
		windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY | windows.JOB_OBJECT_LIMIT_PROCESS_TIME
	limits.BasicLimitInformation.PerProcessUserTimeLimit = int64(cpu / 100) // in steps of 100 ns
	limits.ProcessMemoryLimit = uintptr(memory)
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))); err != nil {
		return release, fmt.Errorf("limit job: %w", err)
	}
	p, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(c.Process.Pid)) //nolint:gosec // a process id
	if err != nil {
		return release, fmt.Errorf("open the program: %w", err)
	}
	defer func() { _ = windows.CloseHandle(p) }()
	if err := windows.AssignProcessToJobObject(job, p); err != nil {
		return release, fmt.Errorf("put the program into its job: %w", err)
	}
	return release, nil
}

// overtime is not told here; how long it had the processor is.
func overtime(*os.ProcessState) bool { return false }
