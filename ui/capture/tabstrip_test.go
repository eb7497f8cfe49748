package capture

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// However many visitors are waiting, the one in front is on the strip with a name that can be read, and the
// others can be reached with the mouse.
func TestManyTabsStayReachable(t *testing.T) {
	look.Apply(test.NewApp(), look.Light, 100)
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 24; n++ {
		x := &tabStrip{s: &Screen{texts: texts}}
		for i := range n {
			x.labels = append(x.labels, tabLabel{full: fmt.Sprintf("Hund anmelden · Besucherin %d", i), short: fmt.Sprintf("Besucherin %d", i)})
		}
		for x.active = range n {
			left, shown, beyond := float32(0), 0, 0
			front := false
			for _, s := range x.spots(1130) {
				if s.left != left || s.left+s.w > 1131 && n > 1 {
					t.Fatalf("%d tabs, %d in front: %+v lies over the edge or apart", n, x.active, s)
				}
				left += s.w
				switch {
				case s.beyond:
					beyond++
				default:
					shown++
					front = front || s.tab == x.active
					if s.w < tabLeast {
						t.Fatalf("%d tabs: %+v cannot be read", n, s)
					}
				}
			}
			if !front || shown < n && beyond == 0 || shown == n && beyond > 0 {
				t.Fatalf("%d tabs, %d in front: %d shown, %d signs, front %v", n, x.active, shown, beyond, front)
			}
		}
	}
	x := &tabStrip{s: &Screen{texts: texts}, active: 12, labels: make([]tabLabel, 24)}
	x.Resize(fyne.NewSize(1130, 34))
	if first, last := x.at(fyne.NewPos(5, 5)), x.at(fyne.NewPos(1, 5)); first != last || first < 0 || first >= 12 {
		t.Errorf("a click on the sign at the left leads to tab %d", first)
	}
}

// A tab says whom it is about, and that its draft is not stored.
func TestATabSaysItsTrouble(t *testing.T) {
	for _, c := range []struct {
		l    tabLabel
		want string
	}{
		{tabLabel{full: "Hund anmelden · Yıldız", short: "Yıldız"}, "Yıldız"},
		{tabLabel{full: "Hund anmelden · Yıldız", short: "Yıldız", sign: "!", trouble: true}, "! Yıldız"},
	} {
		if got := c.l.text(true); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
