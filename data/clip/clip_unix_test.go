//go:build !windows

package clip

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"schalter/data/record"
)

// desktop starts a display of its own.
func desktop(t *testing.T) {
	t.Helper()
	for _, p := range []string{"Xvfb", "xclip"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skip(err)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "Xvfb", "-displayfd", "3", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	b := make([]byte, 16)
	n, err := io.ReadAtLeast(r, b, 1)
	if err != nil {
		t.Skip("no display can be started: ", err)
	}
	display, err := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", ":"+strconv.Itoa(display))
	t.Setenv("WAYLAND_DISPLAY", "")
}

// offer puts something into the clipboard, as another program would.
func offer(t *testing.T, kind string, data []byte) {
	t.Helper()
	cmd := exec.Command("xclip", "-selection", "clipboard", "-t", kind, "-i")
	cmd.Stdin = bytes.NewReader(data)
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	// It goes on in the background, and owns the clipboard a moment later.
	for t.Context().Err() == nil {
		if out, _ := exec.Command("xclip", "-selection", "clipboard", "-t", "TARGETS", "-o").Output(); strings.Contains(string(out), kind) {
			return
		}
	}
}

func TestPictureOfAnotherProgramIsTaken(t *testing.T) {
	desktop(t)
	img := image.NewGray(image.Rect(0, 0, 40, 30))
	img.SetGray(3, 4, color.Gray{200})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if _, err := Picture(t.Context()); record.CodeOf(err) != record.CodeClipEmpty {
		t.Errorf("an empty clipboard: %v", err)
	}
	offer(t, "image/png", b.Bytes())
	if got, err := Picture(t.Context()); err != nil || !bytes.Equal(got, b.Bytes()) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	offer(t, "UTF8_STRING", []byte("nur Text"))
	if _, err := Picture(t.Context()); record.CodeOf(err) != record.CodeClipEmpty {
		t.Errorf("text: %v", err)
	}
}

func TestMissingProgramIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Picture(t.Context()); record.CodeOf(err) != record.CodeClipMissing {
		t.Error(err)
	}
}
