package desk

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"schalter/data/letter"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
)

// exporter notes what it has to write.
type exporter struct {
	said []string
	fail error
}

func (e *exporter) WriteDocument(context.Context, io.Writer, record.Case, record.Document) error {
	return e.fail
}

func (e *exporter) WriteCase(_ context.Context, w io.Writer, c record.Case, as string) error {
	e.said = append(e.said, as)
	_, err := io.WriteString(w, c.Number)
	return errors.Join(e.fail, err)
}

func (e *exporter) WriteFolder(_ context.Context, parent string, c record.Case) (string, error) {
	e.said = append(e.said, "folder "+parent)
	return parent + "/" + c.Number, e.fail
}

func (e *exporter) PrintDocument(context.Context, record.Case, record.Document) (record.Way, error) {
	return record.WayPrinted, nil
}

func (e *exporter) PrintRegister(context.Context) (record.Way, error) { return record.WayPrinted, nil }

func (e *exporter) Known(context.Context) (letter.Certificate, error) {
	return letter.Certificate{}, nil
}

func (e *exporter) PrintCopy(context.Context, record.Case, record.Certified) (record.Way, error) {
	return record.WayPrinted, nil
}

func (e *exporter) Certify(context.Context, record.Case, record.Document, letter.Certificate) (string, record.Way, error) {
	return "", "", nil
}

// draft is a file that can be let go of.
type draft struct {
	saved
	dropped bool
}

func (d *draft) Drop() error { d.dropped = true; return nil }

// A case leaves the house in one of three ways, asked for in one place, and what is not whole is not kept.
func TestACaseIsExported(t *testing.T) {
	f := town(t)
	out := &exporter{}
	f.door.svc.Renditions = out
	var files []*draft
	var asked []string
	dir := ""
	f.door.svc.Save = func(_ Host, name string, chosen func(io.WriteCloser, error)) {
		asked = append(asked, name)
		files = append(files, &draft{})
		chosen(files[len(files)-1], nil)
	}
	f.door.svc.Folder = func(_ Host, chosen func(string, error)) { chosen(dir, nil) }
	f.unlock()
	rows, _, _ := f.store.Cases(t.Context(), record.ViewToday, "", 0, 1)
	number := rows[0].Number
	f.openCase(rows[0].ID)
	export := func() {
		t.Helper()
		f.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyX, Modifier: command.CtrlShift(fyne.KeyX).Mod})
		if !f.overlay() {
			t.Fatal("nothing is asked")
		}
	}
	export()
	f.key(fyne.KeyEscape)
	if f.overlay() || len(out.said) > 0 {
		t.Errorf("the clerk thought better of it: %q", out.said)
	}
	export()
	f.key(fyne.KeyReturn)
	if f.overlay() || !slices.Equal(out.said, []string{"pdf"}) || asked[0] != number+".pdf" || !files[0].closed || files[0].String() != number {
		t.Errorf("%q %q", out.said, asked)
	}
	export()
	f.key(fyne.Key2)
	if len(out.said) != 1 {
		t.Error("no folder was chosen, and one was written")
	}
	dir = "/stick"
	export()
	f.key(fyne.KeyDown)
	f.key(fyne.KeyReturn)
	if out.said[1] != "folder /stick" || !strings.Contains(f.shell.notice.Text(), "/stick/"+number) {
		t.Errorf("%q, said %q", out.said, f.shell.notice.Text())
	}
	out.fail = record.E(record.CodeExportFull, nil, "dir", "/stick")
	want, _ := f.texts.Error(out.fail)
	export()
	f.key(fyne.Key2)
	if f.shell.notice.Text() != want {
		t.Errorf("said %q", f.shell.notice.Text())
	}
	export()
	f.key(fyne.Key3)
	if last := files[len(files)-1]; !last.dropped || last.closed || asked[len(asked)-1] != number+".zip" || f.shell.notice.Text() != want {
		t.Errorf("a half archive is kept: %+v, said %q", last, f.shell.notice.Text())
	}
}

func TestThePlaceForChecks(t *testing.T) {
	f := town(t)
	var made []*sorter
	f.door.svc.Checks = func(h Host) Screen {
		made = append(made, &sorter{host: h, entry: control.NewEntry()})
		return made[len(made)-1]
	}
	f.unlock()
	if it, ok := f.shell.rail.Item(placeChecks); !ok || it.Text != "Prüfen" {
		t.Errorf("the rail has no place for it: %+v", it)
	}
	f.Do("go.checks")
	if f.place != placeChecks || len(made) != 1 || f.screen != Screen(made[0]) {
		t.Fatalf("at %q, made %d", f.place, len(made))
	}
	rows, _, _ := f.store.Cases(t.Context(), record.ViewToday, "", 0, 1)
	made[0].host.OpenCase(rows[0].ID)
	f.key(fyne.KeyEscape)
	if f.place != placeChecks || f.screen != Screen(made[0]) {
		t.Error("from a case one does not come back")
	}
}
