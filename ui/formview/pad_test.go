package formview

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"schalter/data/form"
)

func signForm(t testing.TB) *form.Form {
	t.Helper()
	f, err := form.Parse([]byte(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [
		{"group": "a", "label": {"de": "A"}, "items": [
			{"field": "sign", "type": "signature", "label": {"de": "Unterschrift"}, "required": true},
			{"field": "beleg", "type": "file", "label": {"de": "Beleg"}},
			{"field": "lang", "type": "multichoice", "label": {"de": "Anlass"}, "choices": [
				{"code": "a", "label": {"de": "ja, und zwar für die gesamte Dauer des beantragten Vorhabens einschließlich der Vorbereitung und Nachbereitung"}},
				{"code": "b", "label": {"de": "nein"}}]},
			{"field": "name", "type": "text", "label": {"de": "Name"}}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// stroke draws from the left to the right with one wave.
func stroke(s *sheetOfPaper, from, to float32) {
	at := func(part float32) fyne.Position {
		return fyne.NewPos(s.Size().Width*part, s.Size().Height*(0.5+0.3*float32(math.Sin(float64(part)*12))))
	}
	s.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(from)}})
	for k := range 40 {
		s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(from + (to-from)*float32(k)/39)}})
	}
	s.MouseUp(nil)
	s.DragEnd()
}

func TestSignatureIsDrawn(t *testing.T) {
	m, v, w := show(t, signForm(t), fyne.NewSize(604, 500))
	v.Focus("a/sign")
	s := v.cells["a/sign"].input.(*pad).sheet
	if w.Canvas().Focused() != fyne.Focusable(s) {
		t.Fatal("the pad does not take the keys")
	}
	stroke(s, 0.1, 0.5)
	stroke(s, 0.6, 0.8)
	sig, ok := form.ParseSignature(m.s.State("a/sign").Value)
	if !ok || len(sig) != 2 || len(sig[0]) < 20 {
		t.Fatalf("%v %v", sig, ok)
	}
	if x := sig[0][0].X; x < 110 || x > 130 {
		t.Errorf("begins at %d of %d, want a tenth", x, form.SignatureWidth)
	}
	press(t, w, fyne.KeyBackspace)
	if sig, _ := form.ParseSignature(m.s.State("a/sign").Value); len(sig) != 1 {
		t.Errorf("after Backspace %d strokes", len(sig))
	}
	w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutUndo{})
	if sig, _ := form.ParseSignature(m.s.State("a/sign").Value); len(sig) != 2 || len(s.drawn) != 2 {
		t.Errorf("after undo %d strokes, shown %d", len(sig), len(s.drawn))
	}
	press(t, w, fyne.KeyDelete)
	if m.s.State("a/sign").Value != "" || !s.p.clear.Hidden {
		t.Errorf("after Del %q", m.s.State("a/sign").Value)
	}
	press(t, w, fyne.KeyReturn)
	if v.Focused() != "a/lang" {
		t.Errorf("Enter goes to %q", v.Focused())
	}
}

// The pen outside of the paper stays on its edge, and a scribble never becomes more than the form takes.
func TestSignatureStaysWithinItsLimits(t *testing.T) {
	m, v, _ := show(t, signForm(t), fyne.NewSize(604, 500))
	v.Focus("a/sign")
	s := v.cells["a/sign"].input.(*pad).sheet
	for range form.MaxStrokes + 5 {
		s.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(-20, 9999)}})
		for k := range 30 {
			s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(k%2)*3000, -50)}})
		}
		s.MouseUp(nil)
	}
	sig, ok := form.ParseSignature(m.s.State("a/sign").Value)
	if !ok || len(sig) > form.MaxStrokes || len(m.s.State("a/sign").Problems) > 0 {
		t.Errorf("%d strokes, %v, %v", len(sig), ok, m.s.State("a/sign").Problems)
	}
}

// A signature looks the same at every size.
func TestSignatureAtAnySize(t *testing.T) {
	s := form.Signature{{{X: 0, Y: 200}, {X: 1200, Y: 200}}, {{X: 600, Y: 50}}}
	for _, w := range []int{60, 300, 1200} {
		img := inked(s, w, w/3)
		dark := func(x, y int) bool {
			for k := range 9 { // or beside it: a thin line falls between two pixels
				if _, _, _, a := img.At(x+k%3-1, y+k/3-1).RGBA(); a > 0x3fff {
					return true
				}
			}
			return false
		}
		if !dark(w/2, w/6) || dark(w/2, w/3-2) || dark(w/4, w/24) || !dark(w/2, int(math.Round(float64(w)/24))) {
			t.Errorf("%d: the line is not where it was drawn", w)
		}
	}
	if inked(nil, 0, 0).At(0, 0) != (color.NRGBA{}) {
		t.Error("nothing drawn is not nothing")
	}
}

func TestFilesAreChosenAmongThePapers(t *testing.T) {
	m, v, w := show(t, signForm(t), fyne.NewSize(604, 700))
	if v.cells["a/beleg"].kind() != kindWords {
		t.Error("without papers there is nothing to choose")
	}
	m.papers = []Paper{{"d1", "Mietvertrag, 3 Seiten"}, {"d2", "Ausweis"}}
	v.Update(nil)
	v.Focus("a/beleg")
	press(t, w, fyne.KeyDown, fyne.KeySpace)
	if got := m.s.State("a/beleg").Value; got != "d2" {
		t.Fatalf("%q", got)
	}
	m.papers = m.papers[:1]
	v.Update(nil)
	if o := v.cells["a/beleg"].input.(*toggle).options; len(o) != 2 || !o[1].on || o[1].text != v.texts.T("formview.file.gone") {
		t.Errorf("a paper that is gone: %+v", o)
	}
	press(t, w, fyne.KeySpace) // the ring is on it still
	if got := m.s.State("a/beleg").Value; got != "" {
		t.Errorf("%q", got)
	}
}

func TestLongAnswersAreBroken(t *testing.T) {
	_, v, _ := show(t, signForm(t), fyne.NewSize(604, 700))
	c := v.cells["a/lang"]
	in := c.input.(*toggle)
	if len(in.options[0].lines) < 2 || len(in.options[1].lines) != 1 {
		t.Fatalf("%+v", in.options)
	}
	for _, l := range in.options[0].lines {
		if m := fyne.MeasureText(l, 14, fyne.TextStyle{}); m.Width > c.w {
			t.Errorf("%q is wider than the page", l)
		}
	}
	if next := v.cells["a/name"]; next.y < c.bottom() {
		t.Error("the next field lies on the answers")
	}
	if p, _ := in.box(1, in.Size()); p.Y < 2*lineOfCheck() {
		t.Errorf("the second answer lies at %v", p.Y)
	}
}

func TestHitsAreShortenedAndKeepTheirCode(t *testing.T) {
	long := "Gesellschaft mit beschränkter Haftung und Compagnie Kommanditgesellschaft  ·  270"
	if got := shortened(long, 14, 200); fyne.MeasureText(got, 14, fyne.TextStyle{Bold: true}).Width > 200 || got[len(got)-3:] != "270" {
		t.Errorf("%q", got)
	}
	if got := shortened("kurz", 14, 200); got != "kurz" {
		t.Errorf("%q", got)
	}
}

// The buttons are never over the place that is written on, and lie within their line, however narrow the column is.
func TestThePadsButtonsLeaveThePaperFree(t *testing.T) {
	for _, width := range []float32{320, 420, 480, 604, 1200} {
		_, v, _ := show(t, signForm(t), fyne.NewSize(width, 500))
		p := v.cells["a/sign"].input.(*pad)
		inner := p.box.Size()
		paper := p.sheet.Size()
		for _, b := range []fyne.CanvasObject{p.undo, p.clear} {
			at, size := b.Position(), b.Size()
			if at.X < paper.Width && at.Y < paper.Height {
				t.Errorf("%v wide: a button at %v lies on the paper of %v", width, at, paper)
			}
			if bottom := at.Y + size.Height; bottom > p.height(inner.Width)+0.5 {
				t.Errorf("%v wide: a button ends at %v, the line at %v", width, bottom, p.height(inner.Width))
			}
		}
	}
}
