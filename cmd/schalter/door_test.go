package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"testing"

	"schalter/data/record"
	"schalter/sync/server/tlsca"
)

// What a killed program left for a viewer is gone with the next start.
func TestADoorTakesBackWhatWasLeftForAViewer(t *testing.T) {
	run := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", run)
	left := filepath.Join(run, fmt.Sprintf("schalter-%d", os.Getuid()), "1", "MS-1-26-00001-1.pdf")
	if err := errors.Join(os.MkdirAll(filepath.Dir(left), 0o700), os.WriteFile(left, []byte("%PDF"), 0o600)); err != nil {
		t.Fatal(err)
	}
	d := newDoor(t.Context(), t.TempDir(), "")
	t.Cleanup(func() {
		if err := d.close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still there: %v", err)
	}
}

// Sending the enrolment code twice must not make two exchanges on one store.
func TestALineRunsOneEngine(t *testing.T) {
	h, err := create(t.Context(), filepath.Join(t.TempDir(), "desk"), "weber", "lange geheime Worte")
	if err != nil {
		t.Fatal(err)
	}
	id, err := h.store.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id.Desk, id.Office, id.Tenant, id.Centre, id.CA = 1, "MS", "ms", "https://127.0.0.1:1", selfSigned(t)
	if err := h.store.SetIdentity(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	l := newLine(t.Context(), h)
	t.Cleanup(func() {
		l.close()
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	if err := l.connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := l.current()
	if err := l.connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l.current() != first {
		t.Error("a second engine took over while the first still runs")
	}
	if link := l.Link(); link == (record.Link{}) {
		t.Error("the line says nothing")
	}
}

func selfSigned(t *testing.T) []byte {
	t.Helper()
	k, err := tlsca.Open(t.TempDir(), record.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	return k.CA()
}

// A desk whose centre cannot be reached for a reason of its own leaves nothing running on the closed store.
func TestADoorThatDoesNotOpenLeavesNothingRunning(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "desk")
	h, err := create(t.Context(), dir, "weber", "lange geheime Worte")
	if err != nil {
		t.Fatal(err)
	}
	id, err := h.store.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id.Desk, id.Office, id.Tenant, id.Centre, id.CA = 1, "MS", "ms", "https://127.0.0.1:1", []byte("no certificate")
	if err := errors.Join(h.store.SetIdentity(t.Context(), id), h.close()); err != nil {
		t.Fatal(err)
	}
	d := newDoor(t.Context(), dir, "")
	t.Cleanup(func() {
		if err := d.close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if _, err := d.Unlock(t.Context(), "weber", "lange geheime Worte"); err == nil {
		t.Fatal("it opened")
	}
	var running strings.Builder
	if err := pprof.Lookup("goroutine").WriteTo(&running, 1); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(running.String(), "newLine") {
		t.Error("the line still runs")
	}
}
