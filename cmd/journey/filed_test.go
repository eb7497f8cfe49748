//go:build linux

package journey

import (
	"os"
	"strconv"
	"testing"
)

// The words of the papers that come later stand on one page each.
const (
	wordFront  = "Apfelwein"
	wordTurned = "Zaunpfosten" // it lay upside down
	wordOther  = "Gewitterziege"
)

// TestDocumentsFiled is what becomes of papers of a case that is there already, through the real windows: pages are
// scanned into it and put in order later, a mark goes with its page, the power fails in the middle of a scan, a second
// person at another desk passes one scan and objects to another, and the case leaves the house as a folder.
func TestDocumentsFiled(t *testing.T) {
	if os.Getenv("SCHALTER_LONG") == "" {
		t.Skip("takes some minutes of a quiet machine: SCHALTER_LONG=1")
	}
	needs(t, "Xvfb", "xdotool", "setxkbmap", "tesseract", "pdftotext", "pdftoppm", "qpdf")
	w := newTown(t)
	a := w.newArchive(pictures(t, "filed"))
	win := w.open(a.screen, w.data("platz-1"))
	win.run("xdotool", "mousemove", "1365", "600") // off the words
	win.unlock(w.passphrase)
	a.addNetwork(win)

	late := a.late(t)
	a.intoCase(win, late[:2])
	a.marks(win)
	a.reordered(win)
	a.another(win, late[2:3])
	win = a.cutOffInCase(win, late[3:])
	win.seeWithin(3*patience, "Postausgang leer")
	win.kill()

	win = w.open(a.screen, w.data("platz-2"))
	win.unlock(w.passphrase)
	win.seeWithin(3*patience, "Die Zentrale hat alles")
	a.checked(win)
	a.exported(win, late)
	win.seeWithin(2*patience, "Postausgang leer")
	win.kill()
	t.Logf("reading the screen took %.0f s", a.reading.Seconds())
	a.agreesLate(late)
	t.Log("platz-2: " + w.run(w.desk, "verify", "--data", w.data("platz-2")))
}

// late are papers that are brought when the case is there already: one of two pages, the second upside down, one of
// one page, and eight loose sheets.
func (a *archive) late(t *testing.T) []string {
	t.Helper()
	pages := []letterPage{
		{head: "Zulassung, Seite eins", word: wordFront},
		{head: "Zulassung, Seite zwei", word: wordTurned, turned: true},
		{head: "Meldebescheinigung", word: wordOther},
	}
	for _, word := range []string{"Bollerwagen", "Dachrinne", "Eichhorn", "Fliederhecke", "Gartenlaube", "Hagebutte", "Johanniskraut", "Kirschbaum"} {
		pages = append(pages, letterPage{head: "Nachtrag", word: word})
	}
	return sheets(t, t.TempDir(), "spaeter", lettersPDF(t, pages))
}

// lateFile is the case that papers come for later.
func (a *archive) lateFile() file { return a.files[1] }

// scanned waits until a number of pages lie on the table, all of them looked at.
func (a *archive) scanned(win *window, says ...string) {
	a.t.Helper()
	win.seeWithin(2*patience, append(says, "Gescannt für "+a.lateFile().number)...)
}

// intoCase scans two pages for the proof that is missing, turns the one that lay upside down, and files them.
func (a *archive) intoCase(win *window, pages []string) {
	a.t.Helper()
	win.look(a.lateFile().number, a.lateFile().given)
	a.keep(a.step(), "vorgang-ohne-nachweis")
	a.network.load(pages)
	win.press("alt+shift+5")
	a.scanned(win, "2 Seiten", "Zulassungsbescheinigung")
	win.settle()
	a.keep(a.step(), "in-den-vorgang-gescannt")
	win.press("End", "r", "r", "u") // the second stands upright; they agree with the paper
	win.settle()
	a.keep(a.step(), "gedreht-und-bestaetigt")
	win.press("ctrl+Return")
	win.seeWithin(2*patience, "Zurücknehmen", "Seite 1 von 2")
	a.keep(a.step(), "abgelegt-im-vorgang")
}

// marks highlights a place of the first page with the keyboard.
func (a *archive) marks(win *window) {
	a.t.Helper()
	win.press("ctrl+h", "Return", "Return") // into the hand, onto the page, put
	win.press("Escape")
	win.settle()
	if !a.marked() {
		a.keep(98, "no-highlight")
		a.t.Errorf("nothing is highlighted on the first page")
	}
	a.keep(a.step(), "hervorgehoben")
}

// heard waits until the words of all pages are known.
func (a *archive) heard(win *window) {
	a.t.Helper()
	win.press("ctrl+shift+e")
	win.seeWithin(10*patience, "Texterkennung", "Alle Seiten dieses Platzes sind gelesen")
	win.press("Escape")
}

// found looks for a word and holds on which page it is found.
func (a *archive) found(win *window, word, page string) {
	a.t.Helper()
	win.press("ctrl+k")
	win.write(word)
	win.see(a.lateFile().number, "Im Schriftstück, "+page)
	win.press("Return")
	win.see(page+" von 2", word)
}

// reordered puts the second page first and turns the other one; it is kept as a version.
func (a *archive) reordered(win *window) {
	a.t.Helper()
	a.heard(win)
	a.found(win, wordTurned, "Seite 2")
	a.keep(a.step(), "wort-auf-seite-zwei")
	win.press("F12")
	win.see("Seiten von", "Zulassungsbescheinigung")
	win.press("End", "ctrl+Left", "End", "r") // the last one first; the one that is last now lies on its side
	win.settle()
	a.keep(a.step(), "seiten-umgestellt")
	win.press("Escape")
	win.see("Noch nicht gesichert")
	win.press("ctrl+Return")
	win.seeWithin(2*patience, "Prüfungen") // hold for the version before
	a.keep(a.step(), "neue-fassung")
	a.heard(win)
	a.found(win, wordTurned, "Seite 1")
	a.keep(a.step(), "wort-auf-seite-eins")
	win.press("Next", "Next", "Next")
	win.see("Seite 2 von 2")
	win.settle()
	a.keep(a.step(), "hervorhebung-auf-ihrer-seite")
}

// another scans one more paper, which is nothing that is missing.
func (a *archive) another(win *window, pages []string) {
	a.t.Helper()
	a.network.load(pages)
	win.press("alt+shift+5")
	a.scanned(win, "1 Seite")
	win.settle()
	win.press("u", "ctrl+Return")
	win.seeWithin(2*patience, "Zurücknehmen", "Seite 1 von 1")
	a.keep(a.step(), "noch-ein-schriftstueck")
}

// cutOffInCase is a power cut in the middle of a scan into the case. What came waits in the case and is filed.
func (a *archive) cutOffInCase(win *window, pages []string) *window {
	a.t.Helper()
	a.network.load(pages)
	win.press("alt+shift+5")
	const left = 5
	a.network.haltAt(left)
	sent := len(pages) - left
	win.see("wird gescannt")
	a.keep(a.step(), "mitten-im-scan")
	win.kill()
	a.network.goOn()
	came := a.cameAs(pages, sent)

	win = a.open(a.screen, a.data("platz-1"))
	win.unlock(a.passphrase)
	win.look(a.lateFile().number, a.lateFile().given)
	win.seeWithin(2*patience, counted(came, "gescannte Seite", "gescannte Seiten"))
	a.keep(a.step(), "nach-dem-stromausfall")
	win.press("ctrl+F2")
	a.scanned(win, counted(came, "Seite", "Seiten"))
	win.settle()
	a.keep(a.step(), "was-kam")
	win.press("ctrl+Return")
	win.seeWithin(2*patience, "Zurücknehmen")
	return win
}

// checked is the second person: the first scan is passed after both its pages were looked at, the second objected to.
func (a *archive) checked(win *window) {
	a.t.Helper()
	win.press("ctrl+shift+k", "alt+2")
	win.see("Alle offenen", "Zulassungsbescheinigung", "Noch nicht angesehen")
	win.settle()
	a.keep(a.step(), "pruefen")
	win.press("ctrl+Return")
	win.see("Seite 2 von 2", "Alle Punkte stimmen")
	win.settle()
	a.keep(a.step(), "zweite-seite-angesehen")
	win.press("ctrl+Return")
	win.see("Seite 1 von 1")
	win.press("2")
	win.see("Nicht alles lesbar")
	a.keep(a.step(), "nicht-lesbar")
	win.press("ctrl+Return")
	win.see("beanstandet")
	win.press("alt+3")
	win.see("Zu klären", "Nicht alles lesbar")
	a.keep(a.step(), "zu-klaeren")
	win.press("alt+4")
	win.see("Darf vernichtet werden", "Zulassungsbescheinigung", "Frei")
	a.keep(a.step(), "darf-vernichtet-werden")
}

// counted is a number of things in words.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
