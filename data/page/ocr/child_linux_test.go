package ocr

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the program may do while it has a page: hardly anything.
func TestTheProgramIsBound(t *testing.T) {
	left := filepath.Join(t.TempDir(), "left")
	e := script(t, `
cat /proc/self/limits >&2
echo "nice $(nice)" >&2
echo "env $(env | cut -d= -f1 | tr '\n' ' ')" >&2
echo page > `+left+`
exit 1`)
	e.Brisk = false
	t.Setenv("SCHALTER_PASSPHRASE", "secret")
	err := readWith(t, e)
	if err == nil {
		t.Fatal("no error")
	}
	told := err.Error()
	for _, want := range []string{"Max file size             0", "Max core file size        0", "Max address space         1073741824", "Max cpu time              1 ", "nice 19", "OMP_THREAD_LIMIT"} {
		if !strings.Contains(told, want) {
			t.Errorf("no %q in %s", want, told)
		}
	}
	if strings.Contains(told, "SCHALTER_PASSPHRASE") {
		t.Error("it sees the desk's environment")
	}
	if b, err := os.ReadFile(left); err == nil && len(b) > 0 {
		t.Errorf("it wrote %q", b)
	}
}

// All that the program started ends with it.
func TestTheGroupEnds(t *testing.T) {
	if err := readWith(t, script(t, "sleep 86399 & exit 1")); err == nil {
		t.Fatal("no error")
	}
	list, err := filepath.Glob("/proc/[0-9]*/cmdline")
	check(t, err)
	for _, p := range list {
		if b, err := os.ReadFile(p); err == nil && string(b) == "sleep\x0086399\x00" {
			t.Errorf("%s lives on", p)
		}
	}
}
