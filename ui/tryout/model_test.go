package tryout

import (
	"slices"
	"testing"
	"time"

	"schalter/data/form"
	"schalter/ui/formview"
)

var _ formview.Mover = (*Model)(nil)

func model(t *testing.T) *Model {
	t.Helper()
	f, err := form.Parse([]byte(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [{"group": "a", "label": {"de": "A"}, "items": [
		{"field": "day", "type": "date", "label": {"de": "Tag"}, "required": true},
		{"field": "more", "type": "boolean", "label": {"de": "Mehr"}},
		{"field": "what", "type": "text", "label": {"de": "Was"}, "required": true},
		{"field": "names", "type": "text", "label": {"de": "Namen"}, "repeat": {"min": 0, "max": 3}}]}],
		"rules": [{"rule": "r1", "do": "show", "on": ["a/what"], "when": {"field": "a/more"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return New(f, "de", time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
}

func TestRulesWorkAsAtTheCounter(t *testing.T) {
	m := model(t)
	var told []string
	m.Changed = func(paths []string) { told = append(told, paths...) }
	if m.Field("a/what").Visible {
		t.Error("shown before it applies")
	}
	m.Enter("a/more")
	m.Type("a/more", "true")
	if !m.Field("a/what").Visible || !slices.Contains(told, "a/what") {
		t.Errorf("not shown, told %v", told)
	}
	m.Enter("a/day")
	m.Type("a/day", "1.2.26")
	m.Enter("a/what")
	if f := m.Field("a/day"); f.Text != "01.02.2026" || f.Value != "2026-02-01" {
		t.Errorf("%+v", f)
	}
	if m.Field("a/what").Error != "" {
		t.Error("complained before anything was typed")
	}
	m.Leave("a/what")
	if open := m.Check(); len(open) != 1 || open[0].Path != "a/what" || m.Field("a/what").Error == "" {
		t.Errorf("%v", open)
	}
	if m.FirstEmpty() != "a/what" {
		t.Error(m.FirstEmpty())
	}
}

func TestRowsKeepTheirAnswers(t *testing.T) {
	m := model(t)
	m.AddRow("a/names")
	m.AddRow("a/names")
	m.Type("a/names[1]", "Emre")
	m.Type("a/names[2]", "Anna")
	m.MoveRow("a/names", 2, 1)
	if m.Field("a/names[1]").Text != "Anna" || m.Field("a/names[2]").Text != "Emre" {
		t.Errorf("%q %q", m.Field("a/names[1]").Text, m.Field("a/names[2]").Text)
	}
	m.RemoveRow("a/names", 1)
	if m.Field("a/names[1]").Text != "Emre" {
		t.Error(m.Field("a/names[1]").Text)
	}
}
