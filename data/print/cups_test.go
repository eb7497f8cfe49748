//go:build linux

package print

import (
	"bytes"
	"os/exec"
	"testing"
	"time"

	"schalter/data/print/printtest"
)

// TestWithRealCUPS prints through a CUPS scheduler of its own onto a network printer that the test plays.
func TestWithRealCUPS(t *testing.T) {
	queue := printtest.Start(t)
	if got, err := Printers(t.Context()); len(got) != 0 {
		t.Errorf("before one is set up: %v, %v", got, err)
	}
	queue.AddPrinter(t)
	if got, err := Printers(t.Context()); err != nil || len(got) != 1 || got[0].Name != "Schalter_1" {
		t.Fatalf("%v, %v", got, err)
	}
	pdf := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("Grüße\n"), 5000)...)
	if err := Submit(t.Context(), pdf, "Bestätigung „Müller“", ""); err != nil {
		t.Fatal(err)
	}
	select {
	case b := <-queue.Paper:
		if !bytes.Equal(b, pdf) {
			t.Errorf("%d bytes came out of %d", len(b), len(pdf))
		}
	case <-time.After(20 * time.Second):
		t.Fatal("no paper came out")
	}
	if out, err := exec.Command("cupsdisable", "Schalter_1").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if out, err := exec.Command("cupsreject", "Schalter_1").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if err := Submit(t.Context(), pdf, "x", "Schalter_1"); err == nil {
		t.Error("a printer that takes no jobs took one")
	} else {
		t.Log(err)
	}
}
