//go:build linux

package journey

import (
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schalter/data/print/printtest"
)

// TestJourney is the one journey the program exists for, through the real windows: a dog is registered
// while the line is down, the program dies in the middle, papers are scanned and dropped, the case gets
// its number and its confirmation, and when a bad line comes back everything reaches the centre and the
// other desk. It ends with both stores verified.
func TestJourney(t *testing.T) {
	if testing.Short() {
		t.Skip("the journey takes minutes")
	}
	needs(t, "Xvfb", "xdotool", "setxkbmap", "tesseract", "pcmanfm", "dbus-run-session", "scanimage", "pdftotext", "zbarimg", "pdftoppm")
	shots := pictures(t, "")
	w := newTown(t)
	l := w.serve(32_000, 150*time.Millisecond) // 256 kbit/s, 300 ms there and back, cut every 30 s
	l.restore()
	for i, name := range []string{"platz-1", "platz-2"} {
		code := strings.TrimSpace(w.run(w.centre, "desk", "enrol", "--authority", "MS", "--desk", fmt.Sprint(i+1), "--data", w.data("centre")))
		w.run(w.desk, "init", "--data", w.data(name), "--user", []string{"M. Weber", "S. Braun"}[i], "--enrol", code)
	}
	l.cut()
	queue := printtest.Start(t)
	queue.AddPrinter(t)
	folder := stick(t)

	// The morning: no line. The clerk unlocks.
	one := newScreen(t, "platz-1", 1920, 1080, shots)
	win := w.open(one, w.data("platz-1"))
	win.unlock(w.passphrase)
	fileManager(one, folder)
	one.beside(win)
	win.see("Offline", "Nachweis")
	one.eyes = image.Rect(0, 0, 1366, 768) // the desk's window
	one.run("xdotool", "windowfocus", "--sync", win.id)
	one.keep(1, "offline")

	// A citizen. Keyboard only.
	greeting := time.Now()
	one.keys = 0
	before := one.reading
	win.press("ctrl+n")
	win.see("Neuer Vorgang", "Beglaubigung")
	win.write("Hund anmelden")
	win.press("Return")
	win.see("Halterin oder Halter", "Nachname")
	win.fields("Yıldız", "Emre", "2.5.88", "Bahnhofstraße", "12", "65428", "Musterstadt", "06142 83100", "", "Balu", "Labrador-Mischling")
	win.write("3/24")
	// What is typed is promised to be in the store after a second of rest: the citizen looks for her papers.
	one.run("xdotool", "sleep", "2")
	win.see("Gespeichert", "Yıldız", "Balu")
	one.keep(2, "mitten-im-tippen")

	// The power fails in the middle. She starts again, is asked, and goes on.
	win.kill()
	win = w.open(one, w.data("platz-1"))
	win.see("Passphrase")
	win.write(w.passphrase)
	win.press("Return")
	win.see("Hund anmelden", "Yıldız", "Weitermachen")
	one.keep(3, "nach-dem-absturz")
	win.press("Return")
	win.see("Emre", "02.05.1988", "Balu", "Labrador-Mischling", "03/2024")
	one.keep(4, "wiederhergestellt")
	win.press("Tab")

	// The rest of the form, with two mistakes that are explained beside the field.
	win.fields("m", "hellbraun", "", "27609810412334")
	win.press("shift+Tab")
	win.see("15 Ziffern", "sind es 14")
	one.keep(5, "falsche-chipnummer")
	win.press("ctrl+a")
	win.fields("276098104123344", "", "10.11.2026", "Tierheim", "Tierheim Rüsselsheim")
	win.fields("", "", "j") // one dog, not dangerous, a reduction is asked for
	win.fields("Assistenzhund", "", "", "", "", "", "")
	win.fields("DE89370400440532013001")
	win.press("shift+Tab")
	win.see("Prüfziffer der IBAN")
	one.keep(6, "falsche-iban")
	win.press("ctrl+a")
	win.fields("DE89370400440532013000", "", "j", "")
	win.write("j")

	// Papers: two pages of the contract and one of the insurance from the scanner, a PDF from the stick.
	win.press("alt+1", "F2")
	win.see("Seite 1 von 1")
	win.press("ctrl+F2")                      // one more page of the same paper
	win.see("Seite 1 von 2", "Weitere Seite") // it is bound and shown
	win.press("alt+2", "F2")
	win.see("Seite 1 von 1")
	one.keep(7, "gescannt")
	slot := one.where("Befreiungsnachweis")
	one.drag(image.Pt(1600, 200), slot)
	win.see("Seite 1 von 2", "Assistenzhund Balu")
	one.keep(8, "datei-gezogen")
	one.run("xdotool", "windowfocus", "--sync", win.id)
	win.press("Next", "Next", "ctrl+plus", "ctrl+plus") // to the end of the page, to the next one, larger
	win.see("Seite 2 von 2")
	one.keep(9, "geblaettert-und-vergroessert")

	// Submitting gives the number without the centre; the confirmation is printed and says so.
	win.press("ctrl+Return")
	win.see("MS-1-26-00001")
	win.press("ctrl+p")
	receipt := paper(t, queue.Paper)
	took := time.Since(greeting)
	t.Logf("from greeting to receipt: %d key strokes and clicks in %.0f s, a crash and a restart included (%.0f s with the test's own reading of the screen)",
		one.keys, (took - one.reading + before).Seconds(), took.Seconds())
	one.keep(10, "angenommen")
	number := confirmation(t, receipt)
	win.see("Postausgang: ")
	win.press("Escape")
	win.see(number, "Yıldız, Emre", "Wartet")
	one.keep(11, "wartet-auf-die-leitung")
	win.press("ctrl+k") // a word of the PDF finds the case before any line was there
	win.write("Zwetschgen")
	win.see(number, "Im Schriftstück", "Seite 1")
	win.press("Escape")

	// A bad line comes back. Desk 2 has the case while the scans are still on their way.
	two := newScreen(t, "platz-2", 1366, 768, shots)
	other := w.open(two, w.data("platz-2"))
	other.unlock(w.passphrase)
	size := w.stored("platz-1")
	l.restore()
	other.seeWithin(90*time.Second, number, "Yıldız, Emre")
	if sent := l.sent.Load(); sent >= size {
		t.Errorf("the scans (%d bytes) went before the case: %d bytes were sent when desk 2 had it", size, sent)
	} else {
		t.Logf("desk 2 had the case after %d of %d bytes", sent, size)
	}
	two.keep(12, "vorgang-vor-den-scans")
	win.seeWithin(180*time.Second, "In der Zentrale", "Postausgang leer")
	one.keep(13, "in-der-zentrale")
	other.press("Return")
	other.see("Yıldız", "02.05.1988", "Bahnhofstraße", "276 0981 0412 3344", "Seite 1 von 2")
	two.keep(14, "vorgang-am-anderen-platz")

	// Without the line again: number, name and a word of the citizen's PDF find the case on both desks.
	other.seeWithin(180*time.Second, "Die Zentrale hat alles") // and so desk 2 has every scan
	l.cut()
	for _, d := range []*window{win, other} {
		for _, query := range []string{"Zwetschgenkuchen", "yildiz", strings.ReplaceAll(number, "-", " ")} {
			d.press("ctrl+k")
			d.write(query)
			d.see(number, "Hund anmelden")
			if query == "Zwetschgenkuchen" {
				d.keep(15, "gefunden-ohne-leitung")
			}
			d.press("Escape")
		}
	}
	win.kill()
	other.kill()
	w.same("platz-1", "platz-2", number)
	for _, name := range []string{"platz-1", "platz-2"} {
		t.Log(name + ": " + w.run(w.desk, "verify", "--data", w.data(name)))
	}
	t.Log("centre: " + w.run(w.centre, "verify", "--data", w.data("centre")))
}

// pictures is an empty folder for a journey's screenshots; other journeys' folders may lie in it.
func pictures(t *testing.T, journey string) string {
	t.Helper()
	dir := os.Getenv("SCHALTER_JOURNEY")
	if dir == "" {
		return t.TempDir()
	}
	dir = filepath.Join(dir, journey)
	old, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// paper waits for what the printer got.
func paper(t *testing.T, out <-chan []byte) []byte {
	t.Helper()
	select {
	case b := <-out:
		return b
	case <-time.After(60 * time.Second):
		t.Fatal("nothing came out of the printer")
		return nil
	}
}

// confirmation reads the printed paper as the citizen and her telephone do, and returns the number.
func confirmation(t *testing.T, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "quittung.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"vorläufig", "Yıldız", "Emre", "02.05.1988", "Balu", "DE89 3704 0044 0532 0130 00", "Schutzvertrag"} {
		if !strings.Contains(strings.ToLower(string(text)), strings.ToLower(want)) {
			t.Errorf("the confirmation does not say %q:\n%s", want, text)
		}
	}
	png := strings.TrimSuffix(file, ".pdf")
	if out, err := exec.Command("pdftoppm", "-r", "150", "-png", "-singlefile", file, png).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	code, err := exec.Command("zbarimg", "--quiet", "--raw", png+".png").Output()
	if err != nil {
		t.Fatalf("no code on the confirmation: %v", err)
	}
	number := strings.TrimSpace(string(code))
	if !strings.HasPrefix(number, "MS-1-26-00001-") || !strings.Contains(string(text), number) {
		t.Errorf("the code says %q", number)
	}
	return number
}

// fields types answers and goes on with Tab after each.
func (w *window) fields(answers ...string) {
	w.t.Helper()
	for _, a := range answers {
		if a != "" {
			w.write(a)
		}
		w.press("Tab")
	}
}

// stick is a folder as on a USB stick, with the PDF the citizen brought.
func stick(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "Stick")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	text := "BT /F 30 Tf 36 TL 60 760 Td (Bescheid) Tj T* (Der Assistenzhund Balu) Tj T* (ist befreit.) Tj T* (Aktenwort: Zwetschgenkuchen) Tj ET"
	pdf := "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [3 0 R 6 0 R] /Count 2>> endobj\n" +
		"3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>> endobj\n" +
		fmt.Sprintf("4 0 obj <</Length %d>> stream\n%s\nendstream endobj\n", len(text), text) +
		"5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj\n" +
		"6 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
	if err := os.WriteFile(filepath.Join(dir, "Nachweis.pdf"), []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
