//go:build !windows

package clip

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"schalter/data/record"
)

// picture asks the desktop's own program: Wayland lets nobody else look, and X11 would need a window of its own.
func picture(ctx context.Context) ([]byte, error) {
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		return ask(ctx, "wl-paste", []string{"--list-types"}, func(kind string) []string { return []string{"--no-newline", "--type", kind} })
	}
	return ask(ctx, "xclip", []string{"-selection", "clipboard", "-t", "TARGETS", "-o"},
		func(kind string) []string { return []string{"-selection", "clipboard", "-t", kind, "-o"} })
}

func ask(ctx context.Context, program string, list []string, take func(kind string) []string) ([]byte, error) {
	if _, err := exec.LookPath(program); err != nil {
		return nil, record.E(record.CodeClipMissing, err, "program", program)
	}
	kinds, err := read(ctx, program, list)
	if err != nil {
		return nil, err
	}
	offered := strings.Fields(string(kinds))
	for _, kind := range []string{"image/png", "image/jpeg"} {
		if slices.Contains(offered, kind) {
			return read(ctx, program, take(kind))
		}
	}
	return nil, errNone
}

// read runs the program and takes what it writes, not more than a picture may have.
func read(ctx context.Context, program string, args []string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // the two names above
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(out, maxSize+1))
	if n > maxSize {
		_ = cmd.Process.Kill()
		err = fmt.Errorf("more than %d bytes", maxSize)
	}
	if e := cmd.Wait(); err == nil {
		err = e
	}
	return b.Bytes(), err
}
