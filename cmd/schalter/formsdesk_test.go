package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/form/incoming"
	"schalter/data/form/published"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/forms"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// noDialogs are files by their path only.
type noDialogs struct{ formFiles }

func (noDialogs) Open(chosen func([]incoming.File, error)) { chosen(nil, nil) }

func (noDialogs) Save(_ string, chosen func(io.WriteCloser, error)) { chosen(nil, nil) }

// bureau is the administration of a real desk, in a window that is not painted.
type bureau struct {
	t      *testing.T
	house  *house
	keeper *published.Keeper
	screen *forms.Screen
	keys   *command.List
	win    fyne.Window
}

func newOffice(t *testing.T, h *house) *bureau {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	builtin, err := form.Load(assets.Files)
	if err != nil {
		t.Fatal(err)
	}
	k, err := published.New(context.Background(), builtin, h.store, h.blobs)
	if err != nil {
		t.Fatal(err)
	}
	desk := newFormsDesk(h, builtin, printer{h, k.Library()})
	desk.refresh = k.Refresh
	o := &bureau{t: t, house: h, keeper: k, keys: command.NewList(), win: test.NewWindow(nil)}
	o.win.Resize(fyne.NewSize(1200, 700))
	o.keys.Bind(o.win.Canvas())
	o.screen = forms.New(forms.Needs{
		Texts: texts, Clock: record.SystemClock, Run: control.Inline, Do: func(f func()) { f() }, Canvas: o.win.Canvas(), Keys: o.keys,
		Office: desk, Files: noDialogs{}, Rebind: func() { o.keys.Enter("forms.title", o.screen.Commands()) },
	})
	o.win.SetContent(o.screen.Object())
	o.keys.Enter("forms.title", o.screen.Commands())
	o.screen.Shown()
	t.Cleanup(func() { o.keys.Release(); o.win.Close() })
	return o
}

func (o *bureau) key(k fyne.KeyName, mod fyne.KeyModifier) {
	o.t.Helper()
	f := o.win.Canvas().Focused()
	if f == nil {
		o.t.Fatal("nothing has the keys")
	}
	if mod == 0 {
		f.TypedKey(&fyne.KeyEvent{Name: k})
		return
	}
	f.(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: mod})
}

// bring takes a file in by its path, as somebody types it.
func (o *bureau) bring(path string) {
	o.t.Helper()
	o.key(fyne.KeyO, fyne.KeyModifierControl)
	test.Type(o.win.Canvas().Focused(), path)
	o.key(fyne.KeyReturn, 0)
}

// words are all texts in the window.
func (o *bureau) words() string {
	var b strings.Builder
	for _, root := range append([]fyne.CanvasObject{o.win.Content()}, o.win.Canvas().Overlays().List()...) {
		for _, w := range test.LaidOutObjects(root) {
			if l, ok := w.(*control.Label); ok && l.Visible() {
				b.WriteString(l.Text() + "\n")
			}
			if l, ok := w.(*control.Pill); ok && l.Visible() {
				b.WriteString(l.Text() + "\n")
			}
			if l, ok := w.(*control.Banner); ok && l.Visible() {
				b.WriteString(l.Text() + "\n")
			}
		}
	}
	return b.String()
}

func (o *bureau) sees(texts ...string) {
	o.t.Helper()
	all := o.words()
	for _, x := range texts {
		if !strings.Contains(all, x) {
			o.t.Errorf("%q is not shown:\n%s", x, all)
		}
	}
}

// official unpacks the official schemata and gives the path of one.
func official(t *testing.T, name string) string {
	t.Helper()
	archive, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "fixtures", "forms", "fim", "xdf3-46.tar.xz"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(archive); err != nil {
		t.Skipf("no official schemata here: %v", err)
	}
	dir := t.TempDir()
	if out, err := exec.Command("tar", "-xJf", archive, "-C", dir, "--wildcards", "*"+name).CombinedOutput(); err != nil {
		t.Skipf("tar: %v %s", err, out)
	}
	found := ""
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, name) {
			found = path
		}
		return err
	})
	if err != nil || found == "" {
		t.Fatalf("%s is not among the schemata: %v", name, err)
	}
	return found
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h, err := create(context.Background(), filepath.Join(t.TempDir(), "desk"), "weber", "ein langer Satz")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if h.store != nil {
			_ = h.close()
		}
	})
	return h
}

// An official form with rules nobody has decided about can be tried and not published; one without comes
// among the services as soon as it is published, and both are still there after a restart.
func TestOfficialFormsFromFileToService(t *testing.T) {
	ctx := context.Background()
	unclear, clear := official(t, "S05000001288.xdf.xml"), official(t, "S00000000366.xdf.xml")
	h := newHouse(t)
	o := newOffice(t, h)
	o.sees("Formulare", "Mitgeliefert")

	o.bring(unclear)
	o.sees("Ungeklärte Regeln (7)", "7 ungeklärt", "Die Codeliste") // three rules, four lists that were not given
	for _, w := range test.LaidOutObjects(o.win.Content()) {
		if x, ok := w.(*control.Tick); ok {
			x.Toggle()
			break
		}
	}
	o.sees("Ungeklärte Regeln (3)", "3 ungeklärt")
	o.key(fyne.KeyReturn, fyne.KeyModifierControl)
	o.sees("kann noch nicht veröffentlicht werden")
	o.key(fyne.KeyReturn, fyne.KeyModifierControl) // and no key does it all the same
	o.key(fyne.KeyEscape, 0)
	if rows, err := h.store.PublishedForms(ctx); err != nil || len(rows) != 0 {
		t.Fatalf("published: %v, %v", rows, err)
	}
	o.key(fyne.KeyReturn, 0)
	o.sees("Probe – wird nicht angenommen")
	o.key(fyne.KeyEscape, 0) // the trial
	o.key(fyne.KeyEscape, 0) // the import

	o.bring(clear)
	o.sees("Alles wurde übernommen.")
	o.key(fyne.KeyReturn, fyne.KeyModifierControl)
	o.sees("veröffentlichen?", "Das Formular ist neu.", "bei keiner Zentrale")
	o.key(fyne.KeyReturn, fyne.KeyModifierControl)
	o.sees("ist veröffentlicht.")
	rows, err := h.store.Forms(ctx)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%v, %v", rows, err)
	}
	if _, err := o.keeper.Library().Latest(rows[0].Form.ID); err != nil {
		t.Errorf("not among the services: %v", err)
	}
	if drafts, err := h.store.Drafts(ctx); err != nil || len(drafts) != 0 {
		t.Errorf("the trial has left %v, %v", drafts, err)
	}

	// After a restart the one is still to be tried, and the other one published.
	dir := h.dir
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	*h = house{}
	again, err := unlock(ctx, dir, "weber", "ein langer Satz")
	if err != nil {
		t.Fatal(err)
	}
	*h = *again
	v, err := newFormsDesk(h, &form.Library{}, printer{house: h}).Overview(ctx)
	if err != nil || len(v.Trials) != 1 || v.Trials[0].Rules.Unresolved == 0 || len(v.Published) != 1 {
		t.Fatalf("%+v, %v", v, err)
	}
	newOffice(t, h).sees("Zum Ausprobieren", "ungeklärt", "Veröffentlicht · Hier gespeichert")
}

// Some rules hold in one Land only: which that is, is asked once and kept.
func TestRulesOfTheOfficesLand(t *testing.T) {
	path := official(t, "S05000001382.xdf.xml")
	h := newHouse(t)
	o := newOffice(t, h)
	open := func() int {
		v, err := newFormsDesk(h, &form.Library{}, printer{house: h}).Overview(t.Context())
		if err != nil || len(v.Trials) != 1 {
			t.Fatalf("%+v, %v", v.Trials, err)
		}
		return v.Trials[0].Rules.Unresolved
	}
	o.bring(path)
	before := open()
	o.key(fyne.KeyL, fyne.KeyModifierAlt)
	o.sees("In welchem Land liegt die Behörde?", "Hessen")
	test.Type(o.win.Canvas().Focused(), "hess")
	o.key(fyne.KeyReturn, 0)
	if open() >= before {
		t.Errorf("%d rules open before and %d after", before, open())
	}
	o.key(fyne.KeyEscape, 0)
	o.bring(path)
	if open() >= before {
		t.Error("the Land was forgotten")
	}
}

// A form is held against what was published before it is asked about, and a withdrawn one comes back.
func TestVersionsAndWithdrawal(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t)
	o := newOffice(t, h)
	desk := newFormsDesk(h, &form.Library{}, printer{house: h})
	file := func(version, label string) []byte {
		return []byte(`{"format": "schalter-form/1", "id": "umfrage", "version": "` + version + `", "title": {"de": "Umfrage"}, "groups": [{"group": "a", "label": {"de": "` + label + `"}, "items": [{"field": "b", "type": "text", "label": {"de": "B"}}]}]}`)
	}
	if err := desk.Publish(ctx, file("1.0", "A")); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		b    []byte
		want record.Code
	}{{file("1.0", "B"), record.CodeFormVersionTaken}, {file("0.9", "A"), record.CodeFormNotNewer}, {file("1.0", "A"), ""}, {file("1.1", "A"), ""}, {[]byte("{"), record.CodeFormInvalid}} {
		if err := desk.Check(ctx, x.b); record.CodeOf(err) != x.want {
			t.Errorf("check: %v, want %q", err, x.want)
		}
	}
	if err := desk.Publish(ctx, file("1.0", "B")); record.CodeOf(err) != record.CodeFormVersionTaken {
		t.Errorf("publish: %v", err)
	}
	o.screen.Shown()
	test.Type(o.win.Canvas().Focused(), "umfrage")
	o.key(fyne.KeyDelete, fyne.KeyModifierControl|fyne.KeyModifierShift)
	o.sees("„Umfrage“ zurückziehen?")
	o.key(fyne.KeyTab, 0)
	o.win.Canvas().FocusPrevious()
	for range 3 { // the safe answer has the keys; the other one lies beside it
		if b, ok := o.win.Canvas().Focused().(*control.Button); ok && b.Text() == "Zurückziehen" {
			b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			break
		}
		o.win.Canvas().FocusNext()
	}
	o.sees("ist zurückgezogen.", "Zurückgezogen")
	if _, err := o.keeper.Library().Latest("umfrage"); record.CodeOf(err) != record.CodeFormRetired {
		t.Errorf("still offered: %v", err)
	}
	if err := desk.Publish(ctx, file("1.0", "A")); err != nil {
		t.Fatal(err)
	}
	if err := o.keeper.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := o.keeper.Library().Latest("umfrage"); err != nil {
		t.Errorf("not offered again: %v", err)
	}
}

// Broken files say why with their place, and harm no other.
func TestBrokenFilesAreReported(t *testing.T) {
	h := newHouse(t)
	o := newOffice(t, h)
	dir := t.TempDir()
	for name, content := range map[string]string{"a.xml": "<a><b></a>", "b.json": `{"format": "schalter-form/1"}`, "c.txt": "hallo"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.bring(dir)
	o.sees("3 Dateien wurden nicht übernommen.", "Nicht übernommen")
	o.key(fyne.KeyEscape, 0)
	o.bring(filepath.Join(dir, "nirgends.xml"))
	o.sees("nirgends.xml")
	if items, err := newFormsDesk(h, &form.Library{}, printer{house: h}).trials.Items(context.Background()); err != nil || len(items) != 0 {
		t.Errorf("%v, %v", items, err)
	}
	if _, err := (formFiles{}).Path(t.TempDir()); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
}
