package control_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/ui/control"
)

func TestPicksAreChosenAndLeftOut(t *testing.T) {
	test.NewApp()
	all := []control.Pick{{ID: "en", Text: "Englisch"}, {ID: "tr", Text: "Türkisch"}}
	for _, c := range []struct {
		limit int
		press []int
		want  []string
	}{
		{0, []int{1, 0}, []string{"tr", "en"}},
		{0, []int{1, 0, 1}, []string{"en"}},
		{1, []int{1, 0}, []string{"en"}},
		{1, []int{0, 0}, nil},
	} {
		p := control.NewPicks(c.limit)
		if p.Offer(all); len(p.Picked()) != 0 {
			t.Error("something is chosen at the beginning")
		}
		row := p.Object().(*fyne.Container)
		for _, i := range c.press {
			test.Tap(row.Objects[i].(*control.Button))
		}
		if !slices.Equal(p.Picked(), c.want) {
			t.Errorf("limit %d, pressed %v: %v, want %v", c.limit, c.press, p.Picked(), c.want)
		}
		for i, o := range all {
			if signed := row.Objects[i].(*control.Button).Text() != o.Text; signed != slices.Contains(c.want, o.ID) {
				t.Errorf("the sign of %s is %v", o.ID, signed)
			}
		}
		p.Offer(all)
		if !slices.Equal(p.Picked(), c.want) {
			t.Error("offering the same has taken the choice away")
		}
		if p.Clear(); len(p.Picked()) != 0 || row.Hidden {
			t.Error("not cleared")
		}
	}
	p := control.NewPicks(0)
	if p.Offer(nil); p.Object().Visible() && len(p.Object().(*fyne.Container).Objects) > 0 {
		t.Error("an empty row takes room")
	}
}
