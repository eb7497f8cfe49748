package capture

import (
	"testing"

	"schalter/data/form"
)

const market = `{
  "format": "schalter-form/1", "id": "markt", "version": "1.0.0", "languages": ["de"], "title": {"de": "Markt"},
  "groups": [{"group": "stand", "label": {"de": "Stand"}, "repeat": {"min": 1, "max": 3}, "items": [
    {"field": "name", "type": "text", "label": {"de": "Name"}, "required": true},
    {"field": "plan", "type": "file", "label": {"de": "Lageplan"}}
  ]}]
}`

// Rows come, go and change places with all that is typed in them, and a mistaken removal is taken back.
func TestRowsKeepWhatIsTypedInThem(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	f, err := form.Parse([]byte(market))
	if err != nil {
		t.Fatal(err)
	}
	lib := library(t)
	if err := lib.Add(f); err != nil {
		t.Fatal(err)
	}
	w.m.w.Forms = lib
	tab, err := w.m.Start("markt")
	if err != nil {
		t.Fatal(err)
	}
	w.write(tab, "stand[1]/name", "Wurst")
	tab.AddRow("stand")
	w.write(tab, "stand[2]/name", "Käse")
	tab.MoveRow("stand", 2, 1)
	if tab.Text("stand[1]/name") != "Käse" || tab.Text("stand[2]/name") != "Wurst" {
		t.Errorf("moved: %q, %q", tab.Text("stand[1]/name"), tab.Text("stand[2]/name"))
	}
	tab.RemoveRow("stand", 1)
	if tab.Text("stand[1]/name") != "Wurst" || tab.Text("stand[2]/name") != "" {
		t.Errorf("removed: %q, %q", tab.Text("stand[1]/name"), tab.Text("stand[2]/name"))
	}
	w.said[len(w.said)-1].Undo()
	w.settle()
	if d := w.store.stored(t, tab.ID()).Values; d["stand[1]/name"] != "Käse" || d["stand[2]/name"] != "Wurst" {
		t.Errorf("stored %v", d)
	}
	tab.RemoveRow("stand", 1)
	removed := w.said[len(w.said)-1]
	if !removed.While() {
		t.Error("what was removed a moment ago is not brought back")
	}
	w.write(tab, "stand[1]/name", "Brot")
	if removed.While() {
		t.Error("bringing back the row would take back what was typed since")
	}
	w.write(tab, "stand[1]/name", "Käse")
	tab.AddRow("stand")
	tab.AddRow("stand")
	tab.AddRow("stand") // one too many is said and not made
	if w.said[len(w.said)-1].Key != "capture.row.limit" {
		t.Errorf("said %+v", w.said[len(w.said)-1])
	}
	if len(fields{tab}.Papers()) != 0 || tab.typable(place(tab, "stand[1]/plan")) {
		t.Error("a field for papers asks for them though there are none")
	}
	tab.Import("", []Source{textFile("plan.pdf", "PLAN")})
	w.settle()
	if p := (fields{tab}).Papers(); len(p) != 1 || p[0].Title != "plan" || !tab.typable(place(tab, "stand[1]/plan")) {
		t.Errorf("papers to name: %+v", p)
	}
}

func place(tab *Tab, path string) form.Place {
	for _, p := range tab.session.Places() {
		if p.Path == path {
			return p
		}
	}
	return form.Place{}
}
