//go:build linux

package journey

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// diskAndScanner: a wrong passphrase, a second window, a paper jam, a disk that fills up while she types
// and scans, and a power cut in the middle of a page.
func diskAndScanner(t *testing.T, w *town) {
	disk := w.data("disk")
	small := smallDisk(t, disk)
	desk := filepath.Join("disk", "platz")
	w.run(w.desk, "init", "--data", w.data(desk), "--user", "M. Weber")
	one := newScreen(t, "platz", 1366, 768, shots(t))
	win := w.open(one, w.data(desk))

	win.see("Passphrase")
	win.write("eine falsche Passphrase")
	win.press("Return")
	win.see("Die Passphrase passt nicht zu diesem Benutzer", "Prüfen Sie Feststelltaste und Tastaturbelegung")
	one.keep(1, "falsche-passphrase")
	win.unlock(w.passphrase) // typed straight on: the cursor stays in the field

	win.begin()
	win.fields("Yıldız", "Emre")
	one.claims("Gespeichert")

	// The same program again, on the same data.
	two := newScreen(t, "zweites-fenster", 1366, 768, shots(t))
	second := w.open(two, w.data(desk))
	second.see("Passphrase")
	second.write(w.passphrase)
	second.press("Return")
	second.see("Schalter läuft mit diesen Daten schon", "Wechseln Sie zum offenen Fenster")
	two.keep(2, "zweites-fenster")
	second.kill()
	if out, err := w.try(w.desk, "verify", "--data", w.data(desk), "--lang", "de"); err == nil || !strings.Contains(out, "läuft mit diesen Daten schon") {
		t.Errorf("verify beside an open window: %v\n%s", err, out)
	}

	// One page comes, the next one jams. She goes on typing meanwhile.
	win.press("alt+1", "F2")
	win.see("Seite 1 von 1")
	w.scannerDoes("read-status-code SANE_STATUS_JAMMED")
	win.press("ctrl+F2")
	win.write("2.5.88")
	win.see("Papierstau im Scanner", "Die Seiten davor sind gespeichert", "Bitte das Papier entnehmen")
	one.keep(3, "papierstau")
	w.scannerDoes()
	win.press("ctrl+F2")
	win.see("Seite 1 von 2")
	win.press("Tab")

	if small {
		full := fill(t, disk)
		win.fields("Bahnhofstraße", "12")
		win.see("nicht gespeichert", "Die Festplatte ist voll", "Schaffen Sie Platz", "Lassen Sie es offen")
		one.nowhere("Gespeichert")
		one.keep(4, "platte-voll")
		win.write("65428")
		win.press("Tab")
		win.press("alt+2", "F2")
		win.see("Alles davor ist gespeichert", "wiederholen Sie den Schritt", "Seite 1 von 2", "Bahnhofstraße", "65428")
		one.keep(5, "platte-voll-beim-scannen")
		win.press("ctrl+q")
		win.see("Die Festplatte ist voll", "Bahnhofstraße", "65428")
		win.lives()
		win.write("Musterstadt")
		if err := os.Remove(full); err != nil {
			t.Fatal(err)
		}
		one.claims("Gespeichert")
		one.keep(6, "wieder-platz")
	} else {
		win.fields("Bahnhofstraße", "12", "65428")
		win.write("Musterstadt")
	}

	// The power fails in the middle of a page.
	one.claims("Gespeichert")
	w.scannerDoes("read-delay true", "read-delay-duration 200000")
	win.press("alt+1", "ctrl+F2")
	halted := win.haltScan()
	win.see("wird gescannt")
	one.keep(7, "mitten-im-scan")
	win.kill()
	if err := halted.Kill(); err != nil {
		t.Fatal(err)
	}
	w.scannerDoes()

	d, _ := w.draft(desk)
	holds(t, d, "Yıldız", "Emre", "1988-05-02", "Bahnhofstraße", "12", "65428", "Musterstadt")
	if len(d.Documents) != 1 || len(d.Documents[0].Originals) != 2 {
		t.Errorf("two pages of one paper came before the power failed; stored are %+v", d.Documents)
	}
	if out := w.run(w.desk, "verify", "--data", w.data(desk)); !strings.Contains(out, "no problem found") {
		t.Error(out)
	}
	win = w.open(one, w.data(desk))
	win.see("Passphrase")
	win.write(w.passphrase)
	win.press("Return")
	win.see("Unterbrochene Eingaben", "Yıldız", "Weitermachen")
	win.press("Return")
	win.see("Bahnhofstraße", "65428", "Musterstadt", "Seite 1 von 2")
	one.keep(8, "nach-dem-stromausfall")
}

// smallDisk mounts a disk of its own size at dir, where that is allowed; false where it is not.
func smallDisk(t *testing.T, dir string) bool {
	t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=32m", "schalter-test", dir).CombinedOutput(); err != nil {
		t.Logf("no small disk: %v %s; the full disk is left out", err, out)
		return false
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return true
}

// fill leaves not a byte free on the disk and returns the file that takes the room.
func fill(t *testing.T, disk string) string {
	t.Helper()
	f, err := os.Create(filepath.Join(disk, "urlaubsvideo.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		n, err := f.Write(make([]byte, size))
		if err != nil && n == 0 {
			size /= 2
		}
	}
	return f.Name()
}

// haltScan stops the scanner's program in the middle of a page and returns it.
func (w *window) haltScan() *os.Process {
	w.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", w.cmd.Process.Pid))
		for _, task := range tasks {
			children, _ := os.ReadFile(task) // a thread may have ended meanwhile
			for child := range strings.FieldsSeq(string(children)) {
				if p := midPage(child); p != nil && p.Signal(syscall.SIGSTOP) == nil {
					return p
				}
			}
		}
	}
	w.t.Fatal("no page is being scanned")
	return nil
}

// midPage returns a process if it is the scanner's program with a part of the page behind it.
func midPage(pid string) *os.Process {
	line, _ := os.ReadFile(filepath.Join("/proc", pid, "cmdline")) // it may have ended meanwhile
	io, _ := os.ReadFile(filepath.Join("/proc", pid, "io"))
	_, after, _ := strings.Cut(string(io), "wchar: ")
	written, _, _ := strings.Cut(after, "\n")
	if n, err := strconv.Atoi(written); err != nil || n < 20_000 || !bytes.Contains(line, []byte("--batch")) {
		return nil
	}
	n, err := strconv.Atoi(pid)
	if err != nil {
		return nil
	}
	p, err := os.FindProcess(n)
	if err != nil {
		return nil
	}
	return p
}
