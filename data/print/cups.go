//go:build !windows

package print

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"schalter/data/record"
)

// printers asks CUPS. A system without CUPS has none.
func printers(ctx context.Context) ([]Printer, error) {
	if _, err := exec.LookPath("lp"); err != nil {
		return nil, nil //nolint:nilerr // not installed: nothing to print with
	}
	list, err := run(ctx, nil, "lpstat", "-e")
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	if err != nil {
		// lpstat fails where no printer was ever set up and where the scheduler is off: either way a
		// viewer is what is left.
		return nil, record.E(record.CodePrintNone, err)
	}
	names := strings.Fields(list)
	if len(names) == 0 {
		return nil, nil
	}
	preset := ""
	if out, err := run(ctx, nil, "lpstat", "-d"); err == nil {
		if _, name, ok := strings.Cut(out, ": "); ok && strings.HasPrefix(out, "system default destination") {
			preset = strings.TrimSpace(name)
		}
	}
	found := make([]Printer, len(names))
	for i, n := range names {
		found[i] = Printer{Name: n, Default: n == preset}
	}
	return found, nil
}

// submit gives the PDF to lp on standard input, so that no file is left behind.
func submit(ctx context.Context, pdf []byte, title, printer string) error {
	_, err := run(ctx, pdf, "lp", "-d", printer, "-t", title)
	return err
}

// run starts a command without a shell and in the C locale, whose answers are known.
func run(ctx context.Context, in []byte, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // fixed programs; arguments are never options
	cmd.Env = append(os.Environ(), "LC_ALL=C", "LANGUAGE=C")
	cmd.WaitDelay = time.Second
	if in != nil {
		cmd.Stdin = bytes.NewReader(in)
	}
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", fmt.Errorf("%s: %w", name, ctx.Err())
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(trouble.String()))
	}
	return out.String(), nil
}

// show opens the viewer and does not wait for it to be closed.
func show(ctx context.Context, path string) error {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	exe, err := exec.LookPath(opener)
	if err != nil {
		return fmt.Errorf("no PDF viewer: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	cmd := exec.Command(exe, path) //nolint:gosec,noctx // our own file; the viewer outlives the call
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("PDF viewer: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended: // xdg-open ends at once and tells whether it found a viewer
		if err != nil {
			return fmt.Errorf("PDF viewer: %w", err)
		}
	case <-time.After(viewerPatience): // some desktops keep it running as long as the viewer
	case <-ctx.Done():
	}
	return nil
}

const viewerPatience = 3 * time.Second

// ours refuses a folder that somebody else made in a place open to all.
func ours(dir string) error {
	st, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("folder for the viewer: %w", err)
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !st.IsDir() || st.Mode().Perm() != 0o700 || (ok && int(sys.Uid) != os.Getuid()) {
		return fmt.Errorf("folder %s belongs to somebody else", dir)
	}
	return nil
}
