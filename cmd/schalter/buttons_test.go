//go:build !windows

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schalter/data/scan"
	"schalter/data/scan/profile"
	"schalter/ui/capture"
	"schalter/ui/desk"
)

// pressing puts a scanner in the place of the system's whose button is pressed while the returned file is there.
// Each question and each scan is a line of the other one.
func pressing(t *testing.T) (pressed, asked string) {
	t.Helper()
	dir := t.TempDir()
	pressed, asked = filepath.Join(dir, "pressed"), filepath.Join(dir, "asked")
	script := `#!/bin/sh
case "$*" in *-A*) ;; *) echo scan >>` + asked + `; echo "scanimage: sane_start: Document feeder out of documents" >&2; exit 7;; esac
v=no; [ -e ` + pressed + ` ] && v=yes
cat <<END
    --source Flatbed|ADF [ADF]
    --file[=(yes|no)] [$v] [hardware]
END
echo $v >>` + asked + "\n"
	if err := os.WriteFile(filepath.Join(dir, "scanimage"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return pressed, asked
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Fields(string(b))
}

// until waits for something that another goroutine brings about.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// The whole way: a button of the device at the desk is pressed, and the profile bound to it runs with that device,
// though another one was used last.
func TestAButtonStartsItsProfile(t *testing.T) {
	press, asked := pressing(t)
	h := furnished(t, func(b *profile.Book) {
		b.Profiles = append(b.Profiles, through("stack", "", scan.Feeder))
		b.Bind(profile.Button{Device: "sane:genesys:1", Called: "Canon LiDE 220", Name: "file", Profile: "stack"})
		b.Last = scan.Device{ID: "sane:other:2"}
	})
	d := h.scanners()
	d.panel.Every = time.Millisecond
	ctx, lock := context.WithCancel(t.Context())
	heard, over := make(chan desk.Press, 10), make(chan struct{})
	go func() { d.listen(ctx, func(p desk.Press) { heard <- p }); close(over) }()

	until(t, "the first questions", func() bool { return len(lines(t, asked)) > 3 })
	if err := os.WriteFile(press, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if p := <-heard; p.Profile != "stack" || p.Sorts {
		t.Fatalf("%+v", p)
	}
	if last := d.book().Last; last.ID != "sane:genesys:1" || last.Name() != "Canon LiDE 220" {
		t.Errorf("used last: %+v", last)
	}
	if err := (scanner{d}).Scan(t.Context(), "stack", func(capture.ScanEvent) error { return nil }); err == nil {
		t.Error("the empty feeder gave a page")
	}
	until(t, "questions after the scan", func() bool {
		all := lines(t, asked)
		return strings.Contains(strings.Join(all, " "), "scan yes")
	})
	lock()
	<-over
	n := len(heard)
	if n != 0 {
		t.Errorf("one press started %d more", n)
	}
}
