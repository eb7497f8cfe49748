package sane

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/scan"
)

// What devices of several makers say of themselves, shortened.
const (
	fujitsu = `
All options specific to device ` + "`fujitsu:fi-7260:1':" + `
  Standard:
    --source Flatbed|ADF Front|ADF Back|ADF Duplex|Card Front|Card Duplex [Flatbed]
        Selects the scan source (such as a document-feeder).
    --mode Lineart|Halftone|Gray|Color [Lineart]
    --resolution 50..600dpi (in steps of 1) [600]
  Geometry:
    --page-width 0..224.846mm (in steps of 0.0211639) [inactive]
    --page-height 0..2750.47mm (in steps of 0.0211639) [inactive]
    -l 0..227.809mm (in steps of 0.0211639) [0]
    -x 0..227.809mm (in steps of 0.0211639) [215.872]
    -y 0..279.364mm (in steps of 0.0211639) [279.364]
  Advanced:
    --df-action Default|Continue|Stop [Default] [advanced]
    --df-skew[=(yes|no)] [inactive]
    --df-thickness[=(yes|no)] [no] [advanced]
    --df-length[=(yes|no)] [no] [advanced]
  Sensors:
    --page-loaded[=(yes|no)] [yes] [hardware]
        Page loaded
    --omr-df[=(yes|no)] [no] [hardware]
    --cover-open[=(yes|no)] [no] [hardware]
    --scan[=(yes|no)] [yes] [hardware]
    --function <int> [0] [hardware]
`
	brother = `
  Mode:
    --mode Black & White|Gray[Error Diffusion]|True Gray|24bit Color|24bit Color[Fast] [24bit Color]
        Select the scan mode
    --resolution 100|150|200|300|400|600|1200|2400|4800|9600dpi [200]
    --source FlatBed|Automatic Document Feeder(left aligned)|Automatic Document Feeder(left aligned,Duplex)|Automatic Document Feeder(centrally aligned) [Automatic Document Feeder(left aligned)]
    --brightness -50..50% (in steps of 1) [inactive]
  Geometry:
    -x 0..211.9mm (in steps of 0.0999908) [211.9]
    -y 0..355.567mm (in steps of 0.0999908) [355.567]
`
	epson = `
    --mode Lineart|Gray|Color [Lineart]
    --depth 1|8|16bit [inactive]
    --resolution 75|300|600dpi [75]
    --source Document Table|Automatic Document Feeder|Transparency Unit [Document Table]
    --adf-mode Simplex|Duplex [inactive]
    --adf-status <string> [Ready] [read-only]
    -x 0..215.9mm [215.9]
    -y 0..297.18mm [297.18]
`
	utsushi = `
    --duplex[=(yes|no)] [no]
    --source Flachbett|Vorlageneinzug [Flachbett]
    --mode Schwarzweiß|Graustufen|Farbe [Farbe]
    --resolution 50..600dpi [300]
    -x 0..300mm [300]
    -y 0..420mm [420]
`
	genesys = `
    --mode Color|Gray [Gray]
    --source Flatbed|Transparency Adapter [Flatbed]
    --depth 8|16 [8]
    --resolution 4800|2400|1200|600|300|150|75dpi [75]
    -x 0..216.7mm [216.7]
    -y 0..297.5mm [297.5]
    --page-loaded[=(yes|no)] [no] [hardware]
    --file[=(yes|no)] [no] [hardware]
    --button-4 <int> [1] [hardware]
`
	hp5590 = `
    --mode Color (48 bits)|Color (24 bits)|Gray|Lineart [Color (24 bits)]
    --source Flatbed|ADF|ADF Duplex|TMA Slides [Flatbed]
    --resolution 100|200|300|600|1200|2400dpi [100]
    --wait-for-button[=(yes|no)] [no]
    --button-pressed none|power|scan|collect|file|email|copy [email] [hardware]
    -x 0..215.5mm [215.5]
    -y 0..297.7mm [297.7]
`
	pixma = `
    --source Flatbed [Flatbed]
    --mode Color|Gray [Color]
    --button-controlled[=(yes|no)] [no]
    --button-update
    --button-1 <int> [0] [read-only]
    --button-2 <int> [0] [read-only]
`
)

func TestCapsOfRealDevices(t *testing.T) {
	for _, c := range []struct {
		name, help       string
		flat, feed, both string
		bw, gray, color  string
		width, height    float64
		asked, got       int
		unknown          int
		twice            bool
		state            scan.State
	}{
		{"fujitsu", fujitsu, "Flatbed", "ADF Front", "ADF Duplex", "Lineart", "Gray", "Color", 227.809, 2750.47, 300, 300, 3, true, scan.State{Paper: scan.PaperReady, Buttons: []string{"scan"}}},
		{"brother", brother, "FlatBed", "Automatic Document Feeder(left aligned)", "Automatic Document Feeder(left aligned,Duplex)", "Black & White", "True Gray", "24bit Color", 211.9, 355.567, 350, 400, 0, false, scan.State{}},
		{"epson", epson, "Document Table", "Automatic Document Feeder", "Automatic Document Feeder", "Lineart", "Gray", "Color", 215.9, 297.18, 200, 300, 1, false, scan.State{Paper: scan.PaperNone}},
		{"utsushi", utsushi, "Flachbett", "Vorlageneinzug", "Vorlageneinzug", "Schwarzweiß", "Graustufen", "Farbe", 300, 420, 1200, 600, 0, false, scan.State{}},
		{"genesys", genesys, "Flatbed", "", "", "", "Gray", "Color", 216.7, 297.5, 300, 300, 1, false, scan.State{Paper: scan.PaperNone, Buttons: []string{"button-4"}}},
		{"hp5590", hp5590, "Flatbed", "ADF", "ADF Duplex", "Lineart", "Gray", "Color (24 bits)", 215.5, 297.7, 300, 300, 1, false, scan.State{Paper: scan.PaperUnknown, Buttons: []string{"email"}}},
	} {
		all := parseOptions(c.help)
		got := capsOf(all)
		if got.RawSource[scan.Flatbed] != c.flat || got.RawSource[scan.Feeder] != c.feed || got.RawSource[scan.Duplex] != c.both {
			t.Errorf("%s sources: %q", c.name, got.RawSource)
		}
		if got.RawMode[scan.Lineart] != c.bw || got.RawMode[scan.Gray] != c.gray || got.RawMode[scan.Color] != c.color {
			t.Errorf("%s modes: %q", c.name, got.RawMode)
		}
		if got.Width != c.width || got.Height != c.height || got.Resolution(c.asked) != c.got || len(got.Unknown) != c.unknown || got.DoubleFeed != c.twice {
			t.Errorf("%s: %+v, %d dpi", c.name, got, got.Resolution(c.asked))
		}
		if s := stateOf(all); s.Paper != c.state.Paper || !slices.Equal(s.Buttons, c.state.Buttons) {
			t.Errorf("%s is %+v, want %+v", c.name, s, c.state)
		}
	}
}

// The names are those that the device is asked by; options that only sound like buttons are none.
func TestButtonsOfRealDevices(t *testing.T) {
	for _, c := range []struct {
		help string
		want []string
	}{
		{fujitsu, []string{"function", "scan"}},
		{brother, nil},
		{genesys, []string{"button-4", "file"}},
		{hp5590, []string{"collect", "copy", "email", "file", "power", "scan"}},
		{pixma, []string{"button-1", "button-2"}},
	} {
		if got := capsOf(parseOptions(c.help)).Buttons; !slices.Equal(got, c.want) {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}

func TestWhatADeviceIsTold(t *testing.T) {
	for _, c := range []struct {
		name, help string
		set        scan.Settings
		want, not  []string
	}{
		{
			"feeder that cuts to its own idea of a sheet", fujitsu,
			scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 300},
			[]string{"--source ADF Front", "--page-width 210.0 --page-height 297.0 -x 210.0 -y 297.0"},
			[]string{"--batch-count", "--df-action"},
		},
		{
			"double feed", fujitsu,
			scan.Settings{Source: scan.Duplex, Mode: scan.Lineart, DPI: 300, DoubleFeed: true},
			[]string{"--source ADF Duplex", "--df-action=Stop --df-thickness=yes", "--mode Lineart", "--format=png"},
			[]string{"--df-length"},
		},
		{
			"glass", fujitsu,
			scan.Settings{Source: scan.Flatbed, Mode: scan.Color, DPI: 300, DoubleFeed: true},
			[]string{"--batch-count=1", "--format=jpeg"},
			[]string{"--page-width", "--df-"},
		},
		{
			"both sides by another option", epson,
			scan.Settings{Source: scan.Duplex, Mode: scan.Gray, DPI: 300},
			[]string{"--source Automatic Document Feeder --adf-mode=Duplex"},
			[]string{"--depth"},
		},
		{
			"one side of the same feeder", epson,
			scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 300, Pages: 4},
			[]string{"--batch-count=4"},
			[]string{"--adf-mode"},
		},
		{
			"a switch for both sides", utsushi,
			scan.Settings{Source: scan.Duplex, Mode: scan.Color, DPI: 300, Paper: scan.A3},
			[]string{"--source Vorlageneinzug --duplex=yes", "-x 297.0 -y 420.0"},
			nil,
		},
		{
			"black and white it has not", genesys,
			scan.Settings{Source: scan.Flatbed, Mode: scan.Lineart, DPI: 300},
			[]string{"--mode Gray --depth 8", "--format=jpeg"},
			[]string{"png"},
		},
	} {
		all := parseOptions(c.help)
		s := &session{driver: &Driver{}, id: "x", options: all, caps: capsOf(all)}
		got := strings.Join(s.plan(c.set, "p%d").args, " ")
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is not in %s", c.name, w, got)
			}
		}
		for _, w := range c.not {
			if strings.Contains(got, w) {
				t.Errorf("%s: %q is in %s", c.name, w, got)
			}
		}
	}
}

func TestWishesADeviceCannotFulfilAreTold(t *testing.T) {
	all := parseOptions(genesys)
	s := &session{driver: &Driver{}, id: "x", options: all, caps: capsOf(all)}
	o := s.plan(scan.Settings{Source: scan.Flatbed, Mode: scan.Lineart, DPI: 200}, "p")
	if !slices.Contains(o.warnings, scan.WarnMode) || !slices.Contains(o.warnings, scan.WarnResolution) || o.dpi != 150 {
		t.Errorf("%+v", o)
	}
}

// Whatever a range of resolutions is, the nearest one in it is taken.
func TestResolutionLiesInTheRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.IntRange(1, 600).Draw(t, "low")
		c := scan.Caps{MinDPI: low, MaxDPI: low + rapid.IntRange(0, 2400).Draw(t, "more"), StepDPI: rapid.IntRange(0, 100).Draw(t, "step")}
		want := rapid.IntRange(0, 5000).Draw(t, "want")
		got := c.Resolution(want)
		if got < c.MinDPI || got > c.MaxDPI || c.StepDPI > 1 && (got-c.MinDPI)%c.StepDPI != 0 {
			t.Fatalf("%d of %+v", got, c)
		}
	})
}

func FuzzParseOptions(f *testing.F) {
	for _, s := range []string{fujitsu, brother, epson, utsushi, genesys, hp5590, pixma} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		all := parseOptions(s)
		capsOf(all)
		stateOf(all)
	})
}
