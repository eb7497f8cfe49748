package look

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.NRGBA) float64 {
	l := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*l(c.R) + 0.7152*l(c.G) + 0.0722*l(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

func TestTextCanBeReadInEveryLook(t *testing.T) {
	for _, k := range Kinds() {
		c := New(k, 100).Colors()
		for name, pair := range map[string][2]color.NRGBA{
			"ink": {c.Ink, c.Surface}, "ink on ground": {c.Ink, c.Background}, "ink2": {c.Ink2, c.Surface},
			"ink2 on ground": {c.Ink2, c.Background}, "ink2 on surface2": {c.Ink2, c.Surface2},
			"ink on selection": {c.Ink, c.AccentSoft}, "ink2 on selection": {c.Ink2, c.AccentSoft},
			"accent": {c.Accent, c.Surface}, "accent soft": {c.Accent, c.AccentSoft}, "on accent": {c.OnAccent, c.Accent},
			"good": {c.Good, c.GoodSoft}, "waiting": {c.Waiting, c.WaitingSoft}, "trouble": {c.Trouble, c.TroubleSoft},
			"trouble on surface": {c.Trouble, c.Surface}, "second": {c.Second, c.SecondSoft}, "mark": {c.Ink, c.Mark},
			"ink on hover": {c.Ink, c.Hover},
		} {
			if r := contrast(pair[0], pair[1]); r < 4.5 {
				t.Errorf("%s, %s: contrast %.2f is below 4.5", k, name, r)
			}
		}
		if r := contrast(c.Focus, c.Surface); r < 3 {
			t.Errorf("%s: focus ring contrast %.2f is below 3", k, r)
		}
	}
}

func TestApplyReachesWidgetsAtOnce(t *testing.T) {
	app := test.NewApp()
	defer app.Quit()
	for _, k := range Kinds() {
		for _, s := range TextSizes() {
			Apply(app, k, s)
			if Current().Kind() != k || Current().TextSize() != s {
				t.Fatalf("%s %d not in force", k, s)
			}
			if got, want := theme.TextSize(), float32(math.Round(TextBody*float64(s)/100)); got != want {
				t.Errorf("%d %%: text %v, want %v", s, got, want)
			}
			if got := theme.Color(theme.ColorNameBackground); got != Palette().Background {
				t.Errorf("%s: background %v", k, got)
			}
		}
	}
}

func TestUnknownChoicesFallBack(t *testing.T) {
	th := New("purple", 77)
	if th.Kind() != Light || th.TextSize() != 100 {
		t.Errorf("got %s %d", th.Kind(), th.TextSize())
	}
}

func TestFontsAreTheHouses(t *testing.T) {
	th := New(Light, 100)
	if got := th.Font(fyne.TextStyle{}).Name(); got != "Inter-Regular.otf" {
		t.Error(got)
	}
	if got := th.Font(fyne.TextStyle{Bold: true}).Name(); got != "Inter-SemiBold.otf" {
		t.Error(got)
	}
}

// counted is a program that counts how often its theme is set.
type counted struct {
	fyne.App
	settings
}

type settings struct {
	fyne.Settings
	set *int
}

func (c counted) Settings() fyne.Settings { return c.settings }

func (s settings) SetTheme(th fyne.Theme) {
	*s.set++
	s.Settings.SetTheme(th)
}

// Who unlocks a desk applies what the store remembers, mostly what is in force: no fonts are read for it.
func TestTheLookInForceIsLeftAlone(t *testing.T) {
	app := test.NewApp()
	defer app.Quit()
	set := 0
	c := counted{app, settings{app.Settings(), &set}}
	for range 3 {
		Apply(c, Dark, 115)
	}
	if set != 1 {
		t.Errorf("set %d times", set)
	}
	Apply(c, Dark, 130)
	Apply(c, Contrast, 130)
	if set != 3 || Current().Kind() != Contrast || Current().TextSize() != 130 {
		t.Errorf("set %d times, %v", set, Current())
	}
}
