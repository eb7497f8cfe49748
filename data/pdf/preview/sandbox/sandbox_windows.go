package sandbox

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// runtimeSlack is what the Go runtime and the program itself commit beside the helper's work.
const runtimeSlack = 256 << 20

const disableMaxPrivilege = 0x1 // CreateRestrictedToken: all privileges but SeChangeNotify go

var createRestrictedToken = windows.NewLazySystemDLL("advapi32.dll").NewProc("CreateRestrictedToken")

// Start starts the helper with a token without privileges at low integrity, inside a job object of its
// own. It has not read a byte of a file when the job takes hold of it. The returned function is called
// after it ended.
func Start(cmd *exec.Cmd, memory int64) (release func(), err error) {
	cmd.Env = []string{"SystemRoot=" + os.Getenv("SystemRoot"), "GOTRACEBACK=single"}
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
	token, err := lowToken()
	if err != nil {
		return nil, err
	}
	defer func() { _ = token.Close() }()
	cmd.SysProcAttr.Token = syscall.Token(token)
	job, err := newJob(memory)
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		_ = windows.CloseHandle(job)
		return nil, err
	}
	if err := assign(job, cmd.Process.Pid); err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = windows.CloseHandle(job)
		return nil, err
	}
	return func() { _ = windows.CloseHandle(job) }, nil
}

// lowToken is this process's token without privileges, at low integrity: it cannot write to the user's
// files, registry or windows.
func lowToken() (windows.Token, error) {
	var own windows.Token
	const rights = windows.TOKEN_DUPLICATE | windows.TOKEN_QUERY | windows.TOKEN_ASSIGN_PRIMARY | windows.TOKEN_ADJUST_DEFAULT
	if err := windows.OpenProcessToken(windows.CurrentProcess(), rights, &own); err != nil {
		return 0, fmt.Errorf("own token: %w", err)
	}
	defer func() { _ = own.Close() }()
	var low windows.Token
	ok, _, err := createRestrictedToken.Call(uintptr(own), disableMaxPrivilege, 0, 0, 0, 0, 0, 0, uintptr(unsafe.Pointer(&low)))
	if ok == 0 {
		return 0, fmt.Errorf("restrict token: %w", err)
	}
	sid, err := windows.CreateWellKnownSid(windows.WinLowLabelSid)
	if err != nil {
		_ = low.Close()
		return 0, fmt.Errorf("low integrity: %w", err)
	}
	label := windows.Tokenmandatorylabel{Label: windows.SIDAndAttributes{Sid: sid, Attributes: windows.SE_GROUP_INTEGRITY}}
	err = windows.SetTokenInformation(low, windows.TokenIntegrityLevel, (*byte)(unsafe.Pointer(&label)), label.Size())
	if err != nil {
		_ = low.Close()
		return 0, fmt.Errorf("low integrity: %w", err)
	}
	return low, nil
}

// newJob makes a job of one process that ends with us, with bounded memory and without the clipboard.
func newJob(memory int64) (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, fmt.Errorf("create job: %w", err)
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_ACTIVE_PROCESS |
		windows.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION | windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
		windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY
	limits.BasicLimitInformation.ActiveProcessLimit = 1
	limits.ProcessMemoryLimit = uintptr(memory + runtimeSlack)
	desktop := windows.JOBOBJECT_BASIC_UI_RESTRICTIONS{UIRestrictionsClass: windows.JOB_OBJECT_UILIMIT_DESKTOP |
		windows.JOB_OBJECT_UILIMIT_EXITWINDOWS | windows.JOB_OBJECT_UILIMIT_GLOBALATOMS |
		windows.JOB_OBJECT_UILIMIT_HANDLES | windows.JOB_OBJECT_UILIMIT_READCLIPBOARD |
		windows.JOB_OBJECT_UILIMIT_SYSTEMPARAMETERS | windows.JOB_OBJECT_UILIMIT_WRITECLIPBOARD}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err == nil {
		_, err = windows.SetInformationJobObject(job, windows.JobObjectBasicUIRestrictions,
			uintptr(unsafe.Pointer(&desktop)), uint32(unsafe.Sizeof(desktop)))
	}
	if err != nil {
		_ = windows.CloseHandle(job)
		return 0, fmt.Errorf("limit job: %w", err)
	}
	return job, nil
}

func assign(job windows.Handle, pid int) error {
	p, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid)) //nolint:gosec // a process id
	if err != nil {
		return fmt.Errorf("open helper: %w", err)
	}
	defer func() { _ = windows.CloseHandle(p) }()
	if err := windows.AssignProcessToJobObject(job, p); err != nil {
		return fmt.Errorf("put helper into job: %w", err)
	}
	return nil
}

// Enter keeps the system from showing windows when the helper fails; its rights were taken at the start.
func Enter(int64) error {
	windows.SetErrorMode(windows.SEM_FAILCRITICALERRORS | windows.SEM_NOGPFAULTERRORBOX | windows.SEM_NOOPENFILEERRORBOX)
	return nil
}

// RenewCPU has nothing to do: the desk ends a job that takes too long.
func RenewCPU(time.Duration) {}

// CPUSpent is false: nothing but the desk limits time here.
func CPUSpent(*os.ProcessState) bool { return false }
