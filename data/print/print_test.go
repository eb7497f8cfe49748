//go:build !windows

package print

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"schalter/data/record"
)

// system puts fake programs alone on the path; each is a shell script's body.
func system(t *testing.T, programs map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, real := range []string{"cat", "sleep"} {
		path, err := exec.LookPath(real)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(dir, real)); err != nil {
			t.Fatal(err)
		}
	}
	for name, body := range programs {
		script := "#!/bin/sh\nD=" + dir + "\n" + body + "\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	return dir
}

const (
	twoPrinters = `if [ "$1" = -e ]; then printf 'Flur\nSchalter_1\n'; else echo 'system default destination: Schalter_1'; fi`
	noDefault   = `if [ "$1" = -e ]; then printf 'Flur\nSchalter_1\n'; else echo 'no system default destination'; fi`
	lpRecords   = `for a in "$@"; do printf '%s\n' "$a" >>$D/args; done; cat >$D/paper`
	opens       = `cat "$1" >$D/viewed; printf '%s' "$1" >$D/path`
)

func read(t *testing.T, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPrintersAreListedDefaultFirst(t *testing.T) {
	system(t, map[string]string{"lp": lpRecords, "lpstat": twoPrinters})
	got, err := Printers(t.Context())
	if want := []Printer{{"Schalter_1", true}, {"Flur", false}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	system(t, nil)
	if got, err := Printers(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("without CUPS: %v, %v", got, err)
	}
}

func TestAJobReachesThePrinterWordForWord(t *testing.T) {
	dir := system(t, map[string]string{"lp": lpRecords, "lpstat": twoPrinters})
	paper := bytes.Repeat([]byte("%PDF-1.7 Müller\x00\n"), 10_000)
	title := "-o raw; rm -rf $HOME `id`\n\"Bestätigung\""
	if err := Submit(t.Context(), paper, title, "Flur"); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir, "args"); got != "-d\nFlur\n-t\n-o raw; rm -rf $HOME `id` \"Bestätigung\"\n" {
		t.Errorf("lp was called with %q", got)
	}
	if read(t, dir, "paper") != string(paper) {
		t.Error("other bytes were printed")
	}
	if err := Submit(t.Context(), paper, "x", ""); err != nil || !strings.HasSuffix(read(t, dir, "args"), "-d\nSchalter_1\n-t\nx\n") {
		t.Errorf("default printer: %v", err)
	}
}

func TestWhatGoesWrongIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		programs map[string]string
		printer  string
		want     record.Code
	}{
		"no CUPS":            {nil, "", record.CodePrintNone},
		"scheduler is off":   {map[string]string{"lp": lpRecords, "lpstat": "echo 'lpstat: Bad file descriptor' >&2; exit 1"}, "", record.CodePrintNone},
		"no printer":         {map[string]string{"lp": lpRecords, "lpstat": "exit 0"}, "", record.CodePrintNone},
		"unknown printer":    {map[string]string{"lp": lpRecords, "lpstat": twoPrinters}, "Keller", record.CodePrintNone},
		"option as a name":   {map[string]string{"lp": lpRecords, "lpstat": twoPrinters}, "-h evil", record.CodePrintNone},
		"which of two":       {map[string]string{"lp": lpRecords, "lpstat": noDefault}, "", record.CodePrintNone},
		"printer refuses":    {map[string]string{"lp": "echo 'lp: not accepting jobs' >&2; exit 1", "lpstat": twoPrinters}, "Flur", record.CodePrintFailed},
		"lp is no programme": {map[string]string{"lp": "exit 126", "lpstat": twoPrinters}, "Flur", record.CodePrintFailed},
	} {
		t.Run(name, func(t *testing.T) {
			dir := system(t, c.programs)
			if err := Submit(t.Context(), []byte("%PDF"), "x", c.printer); record.CodeOf(err) != c.want {
				t.Errorf("%v instead of %s", err, c.want)
			}
			if _, err := os.Stat(filepath.Join(dir, "paper")); err == nil {
				t.Error("something was printed")
			}
		})
	}
}

func TestTheReasonIsInTheLog(t *testing.T) {
	system(t, map[string]string{"lp": "echo 'lp: not accepting jobs' >&2; exit 1", "lpstat": twoPrinters})
	err := Submit(t.Context(), []byte("%PDF"), "x", "Flur")
	if err == nil || !strings.Contains(err.Error(), "not accepting jobs") || !strings.Contains(err.Error(), "Flur") {
		t.Error(err)
	}
}

func TestWithoutAPrinterTheViewerOpens(t *testing.T) {
	dir := system(t, map[string]string{"xdg-open": opens})
	way, err := SubmitOrShow(t.Context(), []byte("%PDF-1.7"), "Bestätigung MS-1-26-00417-K / ../x", "")
	if err != nil || way != Shown {
		t.Fatal(way, err)
	}
	if read(t, dir, "viewed") != "%PDF-1.7" {
		t.Error("the viewer got another file")
	}
	path := read(t, dir, "path")
	if filepath.Base(path) != "Bestätigung MS-1-26-00417-K - ---x.pdf" {
		t.Errorf("named %q", path)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("readable by others: %v, %v", st.Mode(), err)
	}
	if err := Forget(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the file is still there")
	}
}

func TestAPrinterThatRefusesOpensNoViewer(t *testing.T) {
	dir := system(t, map[string]string{"lp": "exit 1", "lpstat": twoPrinters, "xdg-open": opens})
	if way, err := SubmitOrShow(t.Context(), []byte("%PDF"), "x", "Flur"); record.CodeOf(err) != record.CodePrintFailed || way != 0 {
		t.Errorf("%v, %v", way, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "viewed")); err == nil {
		t.Error("a viewer was opened")
	}
}

func TestNeitherPrinterNorViewer(t *testing.T) {
	for name, programs := range map[string]map[string]string{"nothing": nil, "viewer fails": {"xdg-open": "exit 3"}} {
		system(t, programs)
		if _, err := SubmitOrShow(t.Context(), []byte("%PDF"), "x", ""); record.CodeOf(err) != record.CodePrintNone {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFolderOfSomebodyElseIsNotUsed(t *testing.T) {
	dir := system(t, map[string]string{"xdg-open": opens})
	if err := os.Mkdir(folder(), 0o755); err != nil { //nolint:gosec // open to others on purpose
		t.Fatal(err)
	}
	if err := Show(t.Context(), []byte("%PDF"), "x"); record.CodeOf(err) != record.CodePrintFailed {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "viewed")); err == nil {
		t.Error("the file was shown from there")
	}
}

func TestGivingUp(t *testing.T) {
	system(t, map[string]string{"lp": "exec sleep 60", "lpstat": twoPrinters})
	ctx, cancel := context.WithTimeout(t.Context(), 300*1e6)
	defer cancel()
	if err := Submit(ctx, []byte("%PDF"), "x", "Flur"); err == nil {
		t.Error("printed")
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{"": "Schalter", "../../etc/passwd": "etc-passwd", "a\x00b\nc": "a b c", "…": "Schalter"} {
		if got := fileName(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
	if got := fileName(strings.Repeat("ü", 300)); len(got) > 100 {
		t.Errorf("%d bytes", len(got))
	}
}
