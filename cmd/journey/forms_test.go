//go:build linux

package journey

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/print/printtest"
	"schalter/data/record"
)

// TestForms is a form's way from the office that needs it to the clerk who fills it, within the hour and
// through the real windows: one form comes from the FIM portal and one was written in Excel. An administrator
// imports both, the power fails, she tries and publishes them; the other desk has them without a restart.
// Then the line is down, and a clerk fills both, and the bundle that asks once and makes four cases.
func TestForms(t *testing.T) {
	if os.Getenv("SCHALTER_LONG") == "" {
		t.Skip("takes two minutes of a quiet machine: SCHALTER_LONG=1")
	}
	needs(t, "Xvfb", "xdotool", "setxkbmap", "tesseract", "scanimage", "pdftotext")
	w := newTown(t)
	o := w.newOffice(pictures(t, "forms"))
	queue := printtest.Start(t)
	queue.AddPrinter(t)

	// Both windows are open and the line is up.
	one, two := newScreen(t, "platz-1", 1366, 768, o.shots), newScreen(t, "platz-2", 1366, 768, o.shots)
	admin, desk := w.open(one, w.data("platz-1")), w.open(two, w.data("platz-2"))
	for _, win := range []*window{admin, desk} {
		win.run("xdotool", "mousemove", "1365", "600") // off the words
		win.unlock(w.passphrase)
	}
	admin = o.publish(admin)

	// The other desk has them, and its clerk fills them without the line.
	for _, c := range o.clerks() {
		desk.press("ctrl+n")
		desk.write(c.filter)
		desk.seeWithin(90*time.Second, c.title)
		two.keep(o.step(), "angekommen-"+c.name)
		desk.press("Escape")
	}
	o.line.cut()
	for _, c := range o.clerks() {
		desk = o.serveVisitor(desk, c)
	}
	o.feast(desk, queue)

	// The line is back: both desks and the centre have the same.
	o.line.restore()
	desk.seeWithin(120*time.Second, "Postausgang leer")
	admin.press("ctrl+4")
	admin.seeWithin(120*time.Second, "Standplatz Weihnachts", "Saal buchen", "Plakatierung beantragen", "Feuer anzeigen", "MS-2-26-00001", "MS-2-26-00006")
	one.keep(o.step(), "am-anderen-platz")
	desk.kill()
	admin.kill()
	t.Logf("reading the screens took %.0f s", (one.reading + two.reading).Seconds())
	o.agrees()
	for _, name := range []string{"platz-1", "platz-2"} {
		t.Log(name + ": " + w.run(w.desk, "verify", "--data", w.data(name)))
	}
	t.Log("centre: " + w.run(w.centre, "verify", "--data", w.data("centre")))
}

// office is a town with a desk that may publish forms and one that may not, and the forms that are brought.
type office struct {
	*town
	line   *line
	shots  string
	steps  int
	folder string // what was downloaded from the portal and written in Excel
	clerk  []*visitor
	filled []record.Values // what must be stored, case by case
}

// visitor is somebody whose application the clerk takes.
type visitor struct {
	*clerk
	name   string // of the picture
	title  string // of the form, as far as it is looked for on the screen
	filter string // what the clerk types to find it
	crash  string // field in which the power fails
	family string
}

func (o *office) clerks() []*visitor { return o.clerk }

func (o *office) step() int { o.steps++; return o.steps }

func (w *town) newOffice(shots string) *office {
	w.t.Helper()
	o := &office{town: w, shots: shots, folder: w.data("Formulare")}
	if err := os.Mkdir(o.folder, 0o755); err != nil {
		w.t.Fatal(err)
	}
	workbook(w.t, filepath.Join(o.folder, "Weihnachtsmarkt.xlsx"))
	if fromPortal(w.t, "S00000000366", o.folder) {
		o.clerk = append(o.clerk, &visitor{name: "fim", title: "Anzeige von Heimarbeit", filter: "Heimarbeit", family: "Großmann"})
	}
	o.clerk = append(o.clerk, &visitor{name: "excel", title: "Standplatz Weihnachtsmarkt", filter: "Standplatz", family: "Nußbaum", crash: "stand/watt"})
	native := w.data("nativ")
	files, err := filepath.Glob(filepath.Join(o.folder, "*.x*"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.run(w.desk, append([]string{"form", "import", "--out", native}, files...)...)
	for _, v := range o.clerk {
		file, answers := "standplatz-weihnachtsmarkt-2026.1.json", stall
		if v.name == "fim" {
			file, answers = "S00000000366-1.0.0.json", homeWork
		}
		v.clerk = newClerk(w.t, readForm(w.t, filepath.Join(native, file)), answers())
	}
	o.line = w.serve(1_000_000, 10*time.Millisecond)
	o.line.restore()
	for i, user := range []string{"A. Seidel", "S. Braun"} {
		args := []string{"desk", "enrol", "--authority", "MS", "--desk", fmt.Sprint(i + 1), "--data", w.data("centre")}
		if i == 0 {
			args = append(args, "--admin")
		}
		w.run(w.desk, "init", "--data", w.data(fmt.Sprintf("platz-%d", i+1)), "--user", user, "--enrol", strings.TrimSpace(w.run(w.centre, args...)))
	}
	return o
}

// fromPortal puts an official schema into a folder; false where the published ones are not on this machine.
func fromPortal(t *testing.T, name, folder string) bool {
	t.Helper()
	archive, err := filepath.Abs("../../../shared/fixtures/forms/fim/xdf3-46.tar.xz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(archive); err != nil {
		t.Logf("the official form is left out: %v", err)
		return false
	}
	if out, err := exec.Command("tar", "-xJf", archive, "-C", folder, name+".xdf.xml").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	return true
}

// publish imports the folder at the administrator's desk and publishes what it holds. The power fails between.
func (o *office) publish(admin *window) *window {
	o.t.Helper()
	admin.press("ctrl+7")
	admin.see("Formulare", "Mitgeliefert")
	admin.keep(o.step(), "formulare")
	admin.press("ctrl+o")
	admin.see("Datei oder Ordner")
	admin.write(o.folder)
	admin.keep(o.step(), "importieren")
	admin.press("Return")
	admin.see("Alles wurde übernommen")
	for _, v := range o.clerk {
		admin.see(v.title)
	}
	admin.keep(o.step(), "importiert")

	admin.kill()
	admin = o.open(admin.screen, o.data("platz-1"))
	admin.unlock(o.passphrase)
	for _, v := range o.clerk {
		admin.press("ctrl+7", "ctrl+a")
		admin.write(v.filter)
		admin.see(v.title, "Zum Ausprobieren")
		admin.press("Return")
		admin.see("Probe – wird nicht angenommen")
		admin.keep(o.step(), "probe-"+v.name)
		admin.press("Escape")
		admin.press("F9")
		admin.see("Das Formular kann veröffentlicht werden")
		admin.keep(o.step(), "geprueft-"+v.name)
		admin.press("Escape")
		admin.press("ctrl+Return")
		admin.see("veröffentlichen?", "Das Formular ist neu")
		admin.keep(o.step(), "veroeffentlichen-"+v.name)
		admin.press("ctrl+Return")
		admin.see("ist veröffentlicht", "An diesem Platz steht es")
		admin.keep(o.step(), "veroeffentlicht-"+v.name)
		admin.press("ctrl+1")
	}
	return admin
}

// serveVisitor fills a form from the first field to the case's number.
func (o *office) serveVisitor(desk *window, v *visitor) *window {
	o.t.Helper()
	desk.start(v.filter, v.title)
	if v.crash != "" {
		v.fill(desk, v.crash, func(string) { desk.keep(o.step(), "falsch-"+v.name) })
		desk.claims("Gespeichert")
		desk.run("xdotool", "sleep", "2") // what is typed is promised to be in the store after a second of rest
		desk.kill()
		desk = o.open(desk.screen, o.data("platz-2"))
		desk.see("Passphrase")
		desk.write(o.passphrase)
		desk.press("Return")
		desk.see("Unterbrochene Eingaben", "Weitermachen")
		desk.press("Return")
		desk.see(v.title, "6000")
		desk.keep(o.step(), "wiederhergestellt-"+v.name)
		v.goOn(desk)
	}
	v.fill(desk, "", func(string) { desk.keep(o.step(), "falsch-"+v.name) })
	desk.press("ctrl+Return")
	o.filled = append(o.filled, v.session.Values())
	desk.see(fmt.Sprintf("MS-2-%02d-%05d", time.Now().Year()%100, len(o.filled)))
	desk.keep(o.step(), "angenommen-"+v.name)
	desk.press("Escape")
	return desk
}

// start begins a case in the list of services.
func (w *window) start(filter, title string) {
	w.t.Helper()
	w.press("ctrl+n")
	w.write(filter)
	w.see(title)
	w.press("Return")
	w.see(title, "Noch kein Schriftstück")
}

// feast asks once and makes four cases; a second booking of the hall is warned about.
func (o *office) feast(desk *window, queue *printtest.Queue) {
	t := o.t
	t.Helper()
	library, err := form.Load(assets.Files)
	if err != nil {
		t.Fatal(err)
	}
	filler := func(id string, answers []answer) *clerk {
		f, err := library.Latest(id)
		if err != nil {
			t.Fatal(err)
		}
		if id == "vereinsfest" {
			return newClerk(t, f, answers)
		}
		c := &clerk{t: t, form: f, answers: map[string]answer{}}
		for _, a := range answers {
			c.answers[a.path] = a
		}
		c.begin()
		return c
	}
	before := len(o.filled)
	c := filler("vereinsfest", feast())
	desk.start("Vereinsfest", "Vereinsfest")
	c.fill(desk, "saal.haftung/hausordnung", nil)
	desk.keep(o.step(), "vereinsfest-saal")
	c.goOn(desk)
	c.fill(desk, "", nil)
	desk.press("alt+2", "F2") // the insurance, which several of the cases ask for
	desk.see("Seite 1 von 1")
	desk.keep(o.step(), "vereinsfest-ausgefuellt")
	desk.press("F9")
	desk.see("Muster des Plakats")
	desk.keep(o.step(), "vereinsfest-nachweis-fehlt")
	desk.write("wird nachgereicht")
	desk.press("Return")
	desk.press("ctrl+Return")
	var numbers []string
	for i := range 4 {
		numbers = append(numbers, fmt.Sprintf("MS-2-%02d-%05d", time.Now().Year()%100, before+i+1))
	}
	desk.see(numbers...)
	desk.keep(o.step(), "vereinsfest-vier-vorgaenge")
	desk.press("ctrl+p")
	saysAll(t, paper(t, queue.Paper), append(numbers, "Winterfest", "Haddad")...)
	desk.press("Escape")

	c = filler("saal-buchen", hall())
	desk.start("Saal", "Saal buchen")
	c.fill(desk, "saal/bis", nil)
	c.goOn(desk)
	desk.see("Schon vergeben", "ist am "+day(evening())+" von 18 bis 23:30 Uhr schon vergeben", numbers[1], "TSV 1898")
	desk.keep(o.step(), "saal-schon-vergeben")
	desk.press("ctrl+b")
	desk.see("nächster Raum", "Winterfest")
	desk.keep(o.step(), "saal-belegung")
	desk.press("Escape")
	desk.press("Escape")
}

// saysAll holds that a printed paper says every word.
func saysAll(t *testing.T, pdf []byte, words ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "papier.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range words {
		if !strings.Contains(string(text), want) {
			t.Errorf("the paper does not say %q:\n%s", want, text)
		}
	}
}

// agrees holds that both desks have every case, byte for byte, with the answers that were typed.
func (o *office) agrees() {
	t := o.t
	t.Helper()
	sa, ba := o.opened(t, "platz-1")
	defer sa.Close()
	sb, bb := o.opened(t, "platz-2")
	defer sb.Close()
	rows, n, err := sb.Cases(t.Context(), record.ViewOffice, "", 0, 100)
	if err != nil || n != len(o.filled)+4 {
		t.Fatalf("%d cases, %v", n, err)
	}
	services := map[string]int{}
	for _, r := range rows {
		if r.Delivery != record.DeliveryCentre {
			t.Errorf("%s: delivery is %s", r.Number, r.Delivery)
		}
		a, err := sa.Case(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		b, err := sb.Case(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(a, b); d != "" {
			t.Errorf("the desks do not agree on %s:\n%s", r.Number, d)
		}
		services[a.Service]++
		for i, v := range o.clerk {
			if a.Service == v.form.ID {
				if d := cmp.Diff(o.filled[i], a.Values()); d != "" {
					t.Errorf("%s: typed and stored differ:\n%s", a.Number, d)
				}
			}
		}
		for _, d := range a.Documents {
			sameFiles(t, d, ba, bb)
		}
	}
	want := map[string]int{"veranstaltung-anzeigen": 1, "saal-buchen": 1, "plakatierung": 1, "feuer-anzeigen": 1}
	for _, v := range o.clerk {
		want[v.form.ID] = 1
	}
	if d := cmp.Diff(want, services); d != "" {
		t.Errorf("cases by service:\n%s", d)
	}
	for _, name := range []string{"platz-1", "platz-2"} {
		o.sealed(name, "Großmann", "Nußbaum", "Haddad", "Winterfest")
	}
}
