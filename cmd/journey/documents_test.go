//go:build linux

package journey

import (
	"fmt"
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/print/printtest"
	"schalter/data/record"
)

// TestDocuments is the way of papers through a town hall, through the real window: cover sheets are printed, a
// stack for three cases is scanned twice, by the system's scanner and by one of the network, sorted, put in
// order, read and found again; the power fails in the middle of a third scan; a certified copy is printed.
func TestDocuments(t *testing.T) {
	if os.Getenv("SCHALTER_LONG") == "" {
		t.Skip("takes some minutes of a quiet machine: SCHALTER_LONG=1")
	}
	needs(t, "Xvfb", "xdotool", "setxkbmap", "tesseract", "scanimage", "pdftotext", "pdftoppm")
	w := newTown(t)
	a := w.newArchive(pictures(t, "documents"))
	win := w.open(a.screen, w.data("platz-1"))
	win.run("xdotool", "mousemove", "1365", "600") // off the words
	win.unlock(w.passphrase)

	a.printSheets(win)
	a.bySystem(win)
	a.byNetwork(win)
	a.inOrder(win)
	win = a.cutOff(win)
	a.readAndFound(win)
	a.certified(win)
	win.seeWithin(2*patience, "Postausgang leer")
	win.kill()
	t.Logf("reading the screen took %.0f s", a.reading.Seconds())
	a.agrees()
	t.Log("platz-1: " + w.run(w.desk, "verify", "--data", w.data("platz-1")))
	t.Log("centre: " + w.run(w.centre, "verify", "--data", w.data("centre")))
}

// archive is a desk with three cases whose papers come in one stack.
type archive struct {
	*town
	*screen
	t       *testing.T
	queue   *printtest.Queue
	steps   int
	files   []file
	system  *device // reached through SANE
	network *device // reached through eSCL
	stack   []string
	loose   []string
}

// file is a case whose papers come later.
type file struct {
	form, family, given string
	id                  record.ID
	number              string
}

func (a *archive) step() int { a.steps++; return a.steps }

func (a *archive) numbers() (out []string) {
	for _, f := range a.files {
		out = append(out, f.number)
	}
	return out
}

func (w *town) newArchive(shots string) *archive {
	w.t.Helper()
	a := &archive{town: w, t: w.t, queue: printtest.Start(w.t)}
	a.queue.AddPrinter(w.t)
	l := w.serve(1_000_000, 10*time.Millisecond)
	l.restore()
	for i, user := range []string{"M. Weber", "S. Braun"} {
		desk := strconv.Itoa(i + 1)
		code := strings.TrimSpace(w.run(w.centre, "desk", "enrol", "--authority", "MS", "--desk", desk, "--data", w.data("centre")))
		w.run(w.desk, "init", "--data", w.data("platz-"+desk), "--user", user, "--enrol", code)
	}
	a.files = []file{
		{form: "hundesteuer-anmelden", family: "Yıldız", given: "Emre"},
		{form: "bewohnerparken", family: "Großmann", given: "Anke"},
		{form: "fundsache", family: "Nußbaum", given: "Karl"},
	}
	a.openCases()
	a.system = newDevice(w.t, "-model", "Poststelle")
	a.network = newDevice(w.t, "-model", "Netzscanner Flur", "-tls", "-end", "409", "-slow", "1s")
	w.reachedBySANE(a.system, "Poststelle")
	a.screen = newScreen(w.t, "platz-1", 1366, 768, shots)
	return a
}

// openCases opens the cases at the desk before its window is open, as yesterday's work.
func (a *archive) openCases() {
	a.t.Helper()
	ctx := a.t.Context()
	s, _ := a.opened(a.t, "platz-1")
	defer s.Close()
	library, err := form.Load(assets.Files)
	if err != nil {
		a.t.Fatal(err)
	}
	for i := range a.files {
		f := &a.files[i]
		service, err := library.Latest(f.form)
		if err != nil {
			a.t.Fatal(err)
		}
		f.id = record.NewID()
		var fields record.Fields
		for role, text := range map[record.Role]string{record.RoleFamily: f.family, record.RoleGiven: f.given} {
			path := service.Roles[role]
			fields.Groups = append(fields.Groups, record.GroupEdit{Group: record.GroupOf(path), Values: record.Values{path: text}})
		}
		if one, two := fields.Groups[0], fields.Groups[1]; one.Group == two.Group {
			maps.Copy(one.Values, two.Values)
			fields.Groups = fields.Groups[:1]
		}
		edit := func(kind record.Kind, payload any) record.Edit {
			return record.Edit{Case: f.id, Kind: kind, User: "M. Weber", Payload: payload}
		}
		c, err := s.Submit(ctx, "", []record.Edit{
			edit(record.KindOpen, record.Opened{Service: service.ID, Form: service.Ref(), Title: service.Title, Roles: service.Roles, Office: "MS"}),
			edit(record.KindFields, fields),
		})
		if err != nil {
			a.t.Fatal(err)
		}
		f.number = c.Number
	}
}

// look opens a case by its number.
func (w *window) look(number string, says ...string) {
	w.t.Helper()
	w.press("ctrl+k")
	w.write(number)
	w.see(number, "öffnen")
	w.press("Return")
	w.see(append(says, "Verlauf")...)
}

// printSheets prints the cover sheet of every case, and separators, and makes the stack of them.
func (a *archive) printSheets(win *window) {
	a.t.Helper()
	var covers [3][]byte
	for i, f := range a.files {
		win.look(f.number, f.number, f.given)
		win.press("alt+d")
		covers[i] = paper(a.t, a.queue.Paper)
		saysAll(a.t, covers[i], f.number, f.family)
		if i == 0 {
			a.keep(a.step(), "deckblatt-gedruckt")
		}
		win.press("Escape")
	}
	win.press("ctrl+8")
	win.see("Unsortiert", "Nichts zu sortieren", "Deckblatt", "Trennblatt")
	a.keep(a.step(), "unsortiert-leer")
	win.press("ctrl+p")
	separators := paper(a.t, a.queue.Paper)
	win.see("Trennblätter sind gedruckt")
	a.stack = stack(a.t, covers, separators)
	a.loose = loose(a.t)
}

// sorted is what the screen says of the whole stack.
func (a *archive) sorted(win *window) {
	a.t.Helper()
	win.seeWithin(5*patience, append(a.numbers(), "4 Gruppen sind sicher zugeordnet", "Yıldız", "Großmann", "Nußbaum")...)
}

// filed files everything that is sure.
func (a *archive) filed(win *window) {
	a.t.Helper()
	win.press("ctrl+Return")
	win.seeWithin(3*patience, "4 Schriftstücke sind abgelegt", "Nichts zu sortieren")
}

// bySystem scans the stack with the system's scanner.
func (a *archive) bySystem(win *window) {
	a.t.Helper()
	a.system.load(a.stack)
	win.press("F2")
	win.see("Seite", "wird gescannt")
	a.keep(a.step(), "stapel-wird-gescannt")
	a.sorted(win)
	a.keep(a.step(), "stapel-sortiert")
	win.press("Down", "Down")
	win.see("5 Seiten", "Mietvertrag, Seite eins")
	win.press("Right", "Home", "Down", "Down", "Down") // sheet by sheet
	win.see("Wohl leer")
	a.keep(a.step(), "leere-seite")
	a.filed(win)
	a.keep(a.step(), "abgelegt")
}

// byNetwork scans the stack with the scanner of the network.
func (a *archive) byNetwork(win *window) {
	a.t.Helper()
	a.addNetwork(win)
	a.network.load(a.stack)
	win.press("ctrl+8")
	win.see("Stapel scannen: Poststapel")
	win.press("F2")
	a.sorted(win)
	a.filed(win)
	a.keep(a.step(), "ueber-das-netz")
}

// addNetwork adds the scanner of the network by its address, confirms its certificate and makes a profile that sorts.
func (a *archive) addNetwork(win *window) {
	a.t.Helper()
	win.press("ctrl+9")
	win.see("Scanprofile", "Poststelle", "Über das System")
	a.keep(a.step(), "scanner")
	win.press("ctrl+d")
	win.see("Scanner im Netz hinzufügen")
	win.write(a.network.url)
	a.keep(a.step(), "adresse")
	win.press("Return")
	win.see("Ist das der Scanner 127.0.0.1", "Fingerabdruck", "Stimmt überein")
	a.keep(a.step(), "zertifikat")
	win.press("shift+Tab", "Return")
	win.see("Netzscanner Flur", "ohne Treiber")
	a.keep(a.step(), "im-netz")
	win.press("Insert")
	win.see("Neues Scanprofil", "Papier liegt")
	win.fields("Poststapel", "N", "", "", "", "", "", "", "")
	win.write("N")
	a.keep(a.step(), "profil")
	win.press("ctrl+Return")
	win.see("Poststapel", "Netzscanner Flur", "Sortiert nach Deckblättern")
	a.keep(a.step(), "profile")
}

// inOrder scans loose sheets into a draft and puts them in order: the last is turned, the empty one taken out, a
// step taken back and made again.
func (a *archive) inOrder(win *window) {
	a.t.Helper()
	win.begin()
	win.fields("Demir")
	a.network.load(a.loose)
	win.press("alt+1", "alt+shift+2")
	win.seeWithin(2*patience, "Seite 1 von 3")
	a.keep(a.step(), "drei-lose-blaetter")
	win.press("F12")
	win.see("Seiten ordnen", "leer?")
	win.press("l")
	win.see("1 herausgenommen")
	win.press("End", "r", "r")
	win.settle()
	a.keep(a.step(), "gedreht-und-herausgenommen")
	win.press("ctrl+z", "ctrl+z", "ctrl+z")
	win.see("1 leere herausnehmen")
	a.nowhere("herausgenommen")
	a.keep(a.step(), "zurueckgenommen")
	win.press("ctrl+y", "ctrl+y", "ctrl+y")
	win.see("1 herausgenommen")
	win.press("Escape")
	win.seeWithin(2*patience, "Seite 1 von 2")
	a.keep(a.step(), "in-ordnung")
	win.press("Escape")
}

// cutOff is a power cut in the middle of a stack.
func (a *archive) cutOff(win *window) *window {
	a.t.Helper()
	a.network.load(a.stack)
	win.press("ctrl+8")
	win.see("Stapel scannen: Poststapel")
	win.press("F2")
	const left = 6
	a.network.haltAt(left)
	sent := len(a.stack) - left
	win.see("wird gescannt")
	a.keep(a.step(), "mitten-im-stapel")
	win.kill()
	a.network.goOn()
	came := a.came(sent)

	win = a.open(a.screen, a.data("platz-1"))
	win.unlock(a.passphrase)
	win.press("ctrl+8")
	win.seeWithin(2*patience, "Unsortiert", fmt.Sprintf("%d Seiten", came), a.files[0].number, a.files[1].number)
	a.keep(a.step(), "nach-dem-stromausfall")
	return win
}

// readAndFound waits until the words of all pages are known and finds a page by one of them.
func (a *archive) readAndFound(win *window) {
	a.t.Helper()
	win.press("ctrl+shift+e")
	win.seeWithin(10*patience, "Texterkennung", "Alle Seiten dieses Platzes sind gelesen")
	a.keep(a.step(), "texterkennung")
	win.press("Escape")
	win.press("ctrl+k")
	win.write(wordSeven)
	win.see(a.files[1].number, "Im Schriftstück, Seite 2", "Großmann")
	a.keep(a.step(), "wort-gefunden")
	win.press("Return")
	win.see("Seite 2 von 5", wordSeven, "Mietvertrag, Seite zwei")
	if !a.marked() {
		a.keep(98, "not-marked")
		a.t.Errorf("no word is marked on the page")
	}
	a.keep(a.step(), "wort-auf-der-seite")
}

// certified prints a certified copy of the paper that is open, which comes into the register.
func (a *archive) certified(win *window) {
	a.t.Helper()
	win.press("ctrl+shift+u")
	win.see("Kopie beglaubigen", "Was liegt vor")
	a.keep(a.step(), "beglaubigen")
	win.press("ctrl+a")
	win.write("Mietvertrag vom 3. Mai")
	win.press("Tab", "space", "Tab", "Tab", "Tab", "space") // on paper; an authority issued it
	win.press("ctrl+Return")
	win.see("Der Ort fehlt")
	a.keep(a.step(), "ort-fehlt")
	win.write("Musterstadt") // what is missing has the cursor
	a.keep(a.step(), "beglaubigen-ausgefuellt")
	win.press("ctrl+Return")
	copied := paper(a.t, a.queue.Paper)
	win.see("Beglaubigte Kopie", "gedruckt und eingetragen")
	a.keep(a.step(), "beglaubigt")
	saysAll(a.t, copied, "Mietvertrag vom 3. Mai")
	win.press("ctrl+shift+r")
	register := paper(a.t, a.queue.Paper)
	saysAll(a.t, register, a.files[1].number, "Großmann", "1 Kopie")
	win.press("Escape")
}
