package casefile

import (
	"context"
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/letter"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/pageview"
	"schalter/ui/sample"
)

// blankPaper is a paper of white pages.
type blankPaper struct{ pages int }

func (p blankPaper) Pages() int { return p.pages }
func (p blankPaper) Close()     {}
func (p blankPaper) Size(context.Context, int) (w, h float64, err error) {
	return 595, 842, nil
}

func (p blankPaper) Render(context.Context, int, float64, int) (*image.RGBA, error) {
	return image.NewRGBA(image.Rect(0, 0, 60, 84)), nil
}

// counter is a case file with papers that can be marked, and notes what is asked of the renditions.
type counter struct {
	*Screen
	store *sample.Store
	shown []record.Hash
	asked []string
	made  []letter.Certificate
	fails bool
	keys  *command.List
	win   fyne.Window
	backs int
}

func (c *counter) SaveDocument(_ record.Case, d record.Document) {
	c.asked = append(c.asked, "save "+d.Title)
}

func (c *counter) PrintDocument(_ record.Case, d record.Document) {
	c.asked = append(c.asked, "print "+d.Title)
}
func (c *counter) ExportCase(record.Case) { c.asked = append(c.asked, "case") }
func (c *counter) PrintCopy(_ record.Case, copied record.Certified) {
	c.asked = append(c.asked, "copy "+copied.Number)
}
func (c *counter) PrintRegister() { c.asked = append(c.asked, "register") }
func (c *counter) Blank(known func(letter.Certificate)) {
	known(letter.Certificate{Authority: "Stadt Musterstadt", Place: "Musterstadt", Official: "Weber"})
}

func (c *counter) Certify(_ record.Case, _ record.Document, v letter.Certificate, done func(bool)) {
	c.made = append(c.made, v)
	done(!c.fails)
}

func desk(t *testing.T) *counter {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	x, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{store: sample.New(lib, 0), keys: command.NewList()}
	rows, _, _ := c.store.Cases(context.Background(), record.ViewToday, sample.User, 0, 20)
	at := func(f func()) { f() }
	c.Screen = New(Needs{
		Texts: x, Clock: sample.Clock, Run: control.Inline, Forms: lib, User: sample.User,
		Paper: func(d record.Document, page int) Paper {
			c.shown = append(c.shown, d.Shown.Hash)
			v := pageview.New(x, at, at)
			v.ShowAt(func(context.Context, string) (pageview.Document, error) { return blankPaper{d.Pages}, nil }, page-1)
			return v
		},
		Renditions: c, Add: func(k record.Case, done func()) { c.asked = append(c.asked, "add "+k.Number); done() }, Back: func() { c.backs++ },
		Rebind: func() {
			if c.Screen != nil && c.win != nil {
				c.keys.Enter("x", c.Commands())
			}
		},
	}, c.store, rows[0].ID, "", 0)
	c.win = test.NewWindow(c.Object())
	c.win.Resize(fyne.NewSize(1366, 768))
	c.keys.Bind(c.win.Canvas())
	c.keys.Enter("x", c.Commands())
	t.Cleanup(func() { c.Closed(); c.keys.Release(); c.win.Close() })
	c.Shown()
	return c
}

// do runs a command as its key would.
func (c *counter) do(t *testing.T, id string) {
	t.Helper()
	for _, k := range c.Commands() {
		if k.ID == id {
			if k.Enabled != nil && !k.Enabled() {
				t.Fatalf("%s cannot be done", id)
			}
			k.Run()
			return
		}
	}
	t.Fatalf("there is no %s", id)
}

func (c *counter) can(id string) bool {
	for _, k := range c.Commands() {
		if k.ID == id {
			return k.Enabled == nil || k.Enabled()
		}
	}
	return false
}

func (c *counter) document() record.Document { d, _ := c.papers.current(); return d }

// as goes on as another user.
func (c *counter) as(user string) { c.User = user }

// read is all that stands in an object.
func read(o fyne.CanvasObject) string {
	var b strings.Builder
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch x := o.(type) {
		case *control.Label:
			b.WriteString(x.Text() + "\n")
		case *control.Button:
			b.WriteString(x.Text() + "\n")
		case *fyne.Container:
			for _, k := range x.Objects {
				walk(k)
			}
		}
	}
	walk(o)
	return b.String()
}

func TestStampByOneKey(t *testing.T) {
	c := desk(t)
	c.do(t, "paper.stamp")
	c.do(t, "paper.stamp")
	d := c.document()
	if len(d.Marks) != 2 || d.Marks[0].Kind != record.MarkStamp || d.Marks[0].Text != "Eingegangen am 23.11.2026" || d.Marks[0].Page != 0 || d.Marks[0].User != sample.User {
		t.Fatalf("%+v", d.Marks)
	}
	if a, b := d.Marks[0].Boxes[0], d.Marks[1].Boxes[0]; b.Y0 < a.Y1 {
		t.Errorf("one stamp lies on the other: %+v %+v", a, b)
	}
	if len(c.shown) != 1 {
		t.Errorf("the paper was opened anew %d times", len(c.shown)-1)
	}
	if !strings.Contains(c.papers.state.Text(), "2 Markierungen") {
		t.Error(c.papers.state.Text())
	}
	c.papers.clicked(d.Marks[0].ID)
	if !strings.Contains(c.papers.state.Text(), "Stempel") || !c.can("paper.unmark") {
		t.Error(c.papers.state.Text())
	}
	c.do(t, "paper.unmark")
	if left := c.document().Marks; len(left) != 1 || left[0].ID != d.Marks[1].ID || c.can("paper.unmark") {
		t.Errorf("%+v", left)
	}
}

func TestToolsMarkWhereTheyAreUsed(t *testing.T) {
	c := desk(t)
	box := record.Box{X0: .1, Y0: .2, X1: .3, Y1: .25}
	for id, kind := range map[string]record.MarkKind{"paper.highlight": record.MarkHighlight, "paper.black": record.MarkBlack} {
		c.do(t, id)
		if c.papers.view().Tool() != kind {
			t.Fatalf("%s: the tool is %q", id, c.papers.view().Tool())
		}
		c.papers.view().OnPlace(1, box)
		c.do(t, id)
		if c.papers.view().Tool() != "" {
			t.Errorf("%s: the tool was not put away", id)
		}
	}
	marks := c.document().Marks
	if len(marks) != 2 || marks[0].Page != 1 || marks[0].Boxes[0] != box {
		t.Fatalf("%+v", marks)
	}
	c.do(t, "paper.note")
	c.papers.view().OnPlace(0, box)
	if !c.papers.ask.open() || len(c.document().Marks) != 2 {
		t.Fatal("no text is asked for")
	}
	c.do(t, "casefile.save_note")
	if len(c.document().Marks) != 2 || !c.papers.ask.open() {
		t.Error("a note without words was put on")
	}
	c.papers.ask.field.SetText(" Bitte prüfen ")
	c.do(t, "casefile.save_note")
	if m := c.document().Marks; len(m) != 3 || m[2].Text != "Bitte prüfen" || m[2].Kind != record.MarkNote || c.papers.ask.open() {
		t.Errorf("%+v", m)
	}
	c.do(t, "paper.black")
	c.escape()
	if c.papers.view().Tool() != "" || c.backs != 0 {
		t.Error("escape did not put the tool away")
	}
}

func TestWhatIsKnownOfADocument(t *testing.T) {
	c := desk(t)
	c.do(t, "paper.facts")
	said := read(c.papers.facts)
	for _, want := range []string{"Schutzvertrag", "Transfervermerk", "Fujitsu fi-7160", "feeder gray 300 dpi", "Bild und Papier stimmen überein", "unterschrieben und unverändert", "bis eine zweite Person"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in:\n%s", want, said)
		}
	}
	unread := c.document()
	unread.Unread = []int{2}
	if c.papers.fill(unread); !strings.Contains(read(c.papers.facts), "Seite 2") {
		t.Error("a page without words is not named")
	}
	// She who scanned may look again, but that is not the second person.
	c.do(t, "paper.check")
	if said := read(c.papers.facts); !strings.Contains(said, "nur geprüft, wer auch gescannt hat") {
		t.Error(said)
	}
	c.as("Klein")
	c.do(t, "paper.object")
	c.do(t, "casefile.save_note")
	if !c.papers.ask.open() {
		t.Error("an objection needs no reason")
	}
	c.papers.ask.field.SetText("Seite 2 ist schief")
	c.do(t, "casefile.save_note")
	if said := read(c.papers.facts); !strings.Contains(said, "hat etwas beanstandet") || !strings.Contains(said, "Seite 2 ist schief") {
		t.Error(said)
	}
	// A point of the check is a reason, too.
	c.do(t, "paper.object")
	c.papers.ask.points.Object().(*fyne.Container).Objects[0].(*control.Button).Tapped(nil)
	c.do(t, "casefile.save_note")
	if said := read(c.papers.facts); c.papers.ask.open() || !strings.Contains(said, "Nicht vollständig") {
		t.Error(said)
	}
	c.do(t, "paper.trash")
	if c.papers.ask.points.Object().Visible() {
		t.Error("throwing away asks for points of the check")
	}
	c.escape()
	c.do(t, "paper.check")
	if said := read(c.papers.facts); !strings.Contains(said, "Das Original darf vernichtet werden") || !strings.Contains(c.papers.match.Text(), "darf vernichtet werden") {
		t.Error(said)
	}
	c.escape()
	if c.papers.open || c.backs != 0 {
		t.Error("escape did not bring the paper back")
	}
	c.escape()
	if c.backs != 1 {
		t.Error("escape did not leave the case")
	}
}

func TestTrash(t *testing.T) {
	c := desk(t)
	c.file.Case.Groups["hund"].Values["hund/herkunft"] = "tierheim" // so that the contract is needed
	if n := len(c.file.Lacking("de", sample.Now)); n != 0 {
		t.Fatalf("%d proofs are missing", n)
	}
	c.do(t, "paper.trash")
	c.papers.ask.field.SetText("doppelt")
	c.do(t, "casefile.save_note")
	d := c.document()
	if d.Trashed == nil || d.Trashed.Reason != "doppelt" || c.can("paper.check") {
		t.Fatalf("%+v", d.Trashed)
	}
	if !strings.Contains(read(c.tabs), "(Papierkorb)") || !strings.Contains(c.papers.match.Text(), "Im Papierkorb") {
		t.Error(read(c.tabs), c.papers.match.Text())
	}
	if n := len(c.file.Lacking("de", sample.Now)); n != 1 {
		t.Errorf("%d proofs are missing, a thrown away one counts as there", n)
	}
	c.do(t, "paper.trash")
	if c.document().Trashed != nil || c.papers.ask.open() {
		t.Error("it is still in the trash")
	}
}

func TestRenditionsAreAskedFor(t *testing.T) {
	c := desk(t)
	for _, id := range []string{"paper.add", "paper.save", "paper.export", "paper.register"} {
		c.do(t, id)
	}
	c.papers.view().OnPrint()
	if want := []string{"add " + c.file.Case.Number, "save Schutzvertrag", "case", "register", "print Schutzvertrag"}; !slices.Equal(c.asked, want) {
		t.Errorf("%q", c.asked)
	}
	c.Renditions = nil
	for _, id := range []string{"paper.save", "paper.export", "paper.register", "paper.certify"} {
		if c.can(id) {
			t.Errorf("%s without anybody who does it", id)
		}
	}
}

func TestCertify(t *testing.T) {
	c := desk(t)
	c.do(t, "paper.certify")
	f := c.papers.form
	if !f.open || f.place.Text != "Musterstadt" || f.official.Text != "Weber" || f.original.Text != "Schutzvertrag" {
		t.Fatalf("%q %q %q", f.place.Text, f.official.Text, f.original.Text)
	}
	press := func(p *control.Picks, text string) {
		t.Helper()
		for _, o := range p.Object().(*fyne.Container).Objects {
			if b := o.(*control.Button); strings.HasSuffix(b.Text(), text) {
				b.Tapped(nil)
				return
			}
		}
		t.Fatalf("no %q", text)
	}
	c.do(t, "casefile.save_note")
	for _, want := range []string{"was vorliegt", "vorgelegt werden soll"} {
		if !strings.Contains(f.lacking.Text(), want) {
			t.Errorf("%q is not asked for: %s", want, f.lacking.Text())
		}
	}
	press(f.kind, "Elektronisch, qualifiziert signiert")
	press(f.issued, "Eine Behörde")
	press(f.doubts, "Radierspuren")
	press(f.remarks, "Nur ein Auszug")
	f.holder.SetText("Emre Yıldız")
	f.chain.SetText("D-TRUST CA 2-1")
	f.signed.SetText("gestern")
	c.do(t, "casefile.save_note")
	if len(c.made) > 0 || !strings.Contains(f.lacking.Text(), "Spuren einer Änderung") || !strings.Contains(f.lacking.Text(), "Zeitpunkt") {
		t.Fatalf("made %d: %s", len(c.made), f.lacking.Text())
	}
	press(f.doubts, "Radierspuren")
	f.signed.SetText("01.11.2026 08:30")
	c.fails = true
	c.do(t, "casefile.save_note")
	if len(c.made) != 1 || !f.open {
		t.Fatal("what was typed is gone although nothing was made")
	}
	c.fails = false
	c.do(t, "casefile.save_note")
	v := c.made[1]
	if f.open || !v.File || !v.Issued || v.Signature == nil || v.Signature.Time.Format(time.DateTime) != "2026-11-01 08:30:00" || !slices.Contains(v.Remarks, letter.RemarkExcerpt) || v.Case == "" || v.Number != "" || v.Authority == "" {
		t.Errorf("%+v", v)
	}
	c.do(t, "paper.certify")
	if f.signed.Text != "" || len(f.doubts.Picked()) > 0 {
		t.Error("the next copy begins with what was said of the last")
	}
	c.escape()
	if f.open || c.backs != 0 {
		t.Error("escape did not close the form")
	}
}

// An older version is looked at, and brought back as a version of its own; nothing of those between is lost.
func TestAnOlderVersionComesBack(t *testing.T) {
	c := desk(t)
	first := c.document()
	next := record.BlobRef{Hash: record.HashOf([]byte("next")), Size: 5}
	c.papers.record(record.KindVersion, record.DocumentVersion{Document: first.ID, Of: first.Shown.Hash, Why: record.WhyPages, Shown: next, MediaType: first.MediaType, Pages: 1})
	d := c.document()
	if d.Shown != next || len(d.Versions) != 1 || c.shown[len(c.shown)-1] != next.Hash {
		t.Fatalf("%+v", d)
	}
	c.papers.see(d, d.Versions[0])
	if c.shown[len(c.shown)-1] != first.Shown.Hash || !strings.Contains(c.papers.state.Text(), "Frühere Fassung") {
		t.Errorf("%q", c.papers.state.Text())
	}
	if c.do(t, "paper.stamp"); len(c.document().Marks) > 0 {
		t.Error("a stamp was put on what is not shown any more")
	}
	c.papers.restore(d, d.Versions[0])
	if d := c.document(); d.Shown != first.Shown || len(d.Versions) != 2 || d.Pages != first.Pages {
		t.Errorf("%+v", d)
	}
}

// What becomes of documents has keys of its own.
func TestKeysOfPapersAreDifferent(t *testing.T) {
	c := desk(t)
	seen := map[string]string{}
	for _, k := range c.Commands() {
		if k.Hidden {
			continue
		}
		for _, key := range k.Keys {
			name := key.Label(c.Texts)
			if other, ok := seen[name]; ok && other != k.ID && strings.HasPrefix(k.ID+other, "paper.") {
				t.Errorf("%s is the key of %s and %s", name, other, k.ID)
			}
			seen[name] = k.ID
		}
		if strings.HasPrefix(k.ID, "paper.") && (len(k.Keys) == 0 || !c.Texts.Has("command."+k.ID)) {
			t.Errorf("%s has no key or no name", k.ID)
		}
	}
}
