package office

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/landlock-lsm/go-landlock/landlock"
	llsyscall "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// memory holds files that never reach a disk, except when the machine swaps.
const memory = "/dev/shm"

// room makes a folder in memory.
func room() (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(memory, &st); err != nil {
		return "", err
	}
	if st.Type != unix.TMPFS_MAGIC {
		return "", errors.New(memory + " does not lie in memory")
	}
	return os.MkdirTemp(memory, "schalter-office-")
}

// run starts the worker in name spaces of its own: it has no network there.
func (c Converter) run(ctx context.Context, dir, program string, args []string) ([]byte, error) {
	exe := c.Exe
	if len(exe) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		exe = []string{self, WorkerArg}
	}
	cmd := exec.CommandContext(ctx, exe[0], slices.Concat(exe[1:], []string{dir, program}, args)...) //nolint:gosec // our own program
	cmd.Dir = dir
	cmd.Env = []string{"HOME=" + dir, "TMPDIR=" + dir, "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "SAL_USE_VCLPLUGIN=svp"}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setpgid: true, Pdeathsig: syscall.SIGKILL, Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWNS,
		// Root of name spaces that hold nothing else, and so allowed to give itself a /tmp; outside it stays who it is.
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second // a child of it may hold on to the pipe
	return cmd.CombinedOutput()
}

// WorkerMain gives up all rights but reading what is installed and writing into its own folder, and becomes
// LibreOffice. Arguments: the folder, the program, and what the program gets. It never returns.
func WorkerMain(args []string) {
	err := becomes(args)
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func becomes(args []string) error {
	if len(args) < 2 {
		return errors.New("folder and program are missing")
	}
	dir := args[0]
	program, err := filepath.EvalSymlinks(args[1])
	if err != nil {
		return err
	}
	// Without it a file could show what a link in it points to: another file of this desk.
	if v, err := llsyscall.LandlockGetABIVersion(); err != nil || v < 1 {
		return errors.New("the kernel cannot confine files (Landlock)")
	}
	// LibreOffice makes a socket in /tmp, whatever it is told.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("own mounts: %w", err)
	}
	if err := unix.Mount(dir, "/tmp", "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("own /tmp: %w", err)
	}
	// No rule about files keeps it from calling the services that listen there: the desktop's bus, the keys, the screen.
	if err := unix.Mount("none", "/run", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "size=64k,mode=700"); err != nil {
		return fmt.Errorf("own /run: %w", err)
	}
	err = landlock.V5.BestEffort().Restrict(
		landlock.RODirs("/usr", "/lib", "/lib64", "/etc", "/opt", "/proc",
			"/var/lib/libreoffice", "/var/spool/libreoffice", "/var/cache/fontconfig").IgnoreIfMissing(),
		landlock.RWDirs(dir, "/tmp"),
		landlock.RWFiles("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random").IgnoreIfMissing(),
	)
	if err != nil {
		return fmt.Errorf("landlock: %w", err)
	}
	for _, l := range []struct {
		which int
		value uint64
	}{{unix.RLIMIT_CORE, 0}, {unix.RLIMIT_AS, 4 << 30}, {unix.RLIMIT_CPU, 90}, {unix.RLIMIT_FSIZE, maxSize}} {
		if err := unix.Setrlimit(l.which, &unix.Rlimit{Cur: l.value, Max: l.value}); err != nil {
			return err
		}
	}
	return syscall.Exec(program, append([]string{program}, args[2:]...), os.Environ())
}
