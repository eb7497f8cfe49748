// Package look is how the desk looks: the three looks (light, dark, high contrast), the four text sizes,
// the house's fonts, and the measures that every control keeps to.
//
// It promises that [Current] always returns a usable theme, that a change through [Apply] reaches every
// widget at once, and that no font of the machine is needed: Inter is carried along, and Fyne falls back
// to its own Noto Sans for letters that Inter lacks.
//
// It never stores what the clerk chose; the desk keeps that in its store.
package look

import (
	"image/color"
	"math"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"schalter/assets"
)

// Kind is one of the three looks.
type Kind string

// The looks.
const (
	Light    Kind = "light"
	Dark     Kind = "dark"
	Contrast Kind = "contrast"
)

// Kinds lists the looks in the order of the menu.
func Kinds() []Kind { return []Kind{Light, Dark, Contrast} }

// TextSize is a text size in per cent.
type TextSize int

// TextSizes lists the text sizes in the order of the menu.
func TextSizes() []TextSize { return []TextSize{100, 115, 130, 150} }

// The measures at 100 %, in Fyne's units. Heights and text grow with the text size ([Theme.Px]); gaps,
// radii and lines do not.
const (
	TextBody    = 14
	TextSmall   = 13 // labels, status line
	TextTiny    = 11 // key caps, headings of the rail
	TextH1      = 20
	TextH2      = 15
	FieldHeight = 36
	RowHeight   = 44
	RowDense    = 32
	Target      = 32 // the smallest thing a mouse must hit
	RadiusField = 8
	RadiusCard  = 12
	RingWidth   = 3
	GapSmall    = 8
	Gap         = 14
)

// Theme is a look with a text size. It is a fyne.Theme.
type Theme struct {
	kind   Kind
	size   TextSize
	colors *Colors
}

// New makes a theme; unknown values fall back to light and 100 %.
func New(kind Kind, size TextSize) *Theme {
	c, ok := palettes[kind]
	if !ok {
		kind, c = Light, palettes[Light]
	}
	known := false
	for _, s := range TextSizes() {
		known = known || s == size
	}
	if !known {
		size = 100
	}
	return &Theme{kind: kind, size: size, colors: c}
}

// Apply makes the look that of the whole program, at once. The look in force is left alone: with every theme that is
// set the fonts are read anew, and the toolkit keeps those of the last ones.
func Apply(app fyne.App, kind Kind, size TextSize) {
	next := New(kind, size)
	if now, ok := app.Settings().Theme().(*Theme); !ok || *now != *next {
		app.Settings().SetTheme(next)
	}
}

var fallback = New(Light, 100)

// Current returns the theme in force.
func Current() *Theme {
	if app := fyne.CurrentApp(); app != nil {
		if t, ok := app.Settings().Theme().(*Theme); ok {
			return t
		}
	}
	return fallback
}

// Palette returns the colours in force.
func Palette() *Colors { return Current().colors }

// Px scales a measure at 100 % to the text size in force.
func Px(v float32) float32 { return Current().Px(v) }

// Text scales a text size at 100 % to the text size in force, in whole units: between them letters are
// set too wide.
func Text(v float32) float32 { return Current().Text(v) }

// Text scales a text size at 100 % to the theme's, in whole units.
func (t *Theme) Text(v float32) float32 { return float32(math.Round(float64(t.Px(v)))) }

// Kind returns the look.
func (t *Theme) Kind() Kind { return t.kind }

// TextSize returns the text size in per cent.
func (t *Theme) TextSize() TextSize { return t.size }

// Colors returns the palette. It must not be written to.
func (t *Theme) Colors() *Colors { return t.colors }

// Px scales a measure at 100 % to the theme's text size.
func (t *Theme) Px(v float32) float32 { return v * float32(t.size) / 100 }

// HighContrast reports whether colour carries no meaning, so that borders must.
func (t *Theme) HighContrast() bool { return t.kind == Contrast }

// Color answers Fyne's stock widgets out of the palette.
func (t *Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	c := t.colors
	switch name {
	case theme.ColorNameBackground:
		return c.Background
	case theme.ColorNameForeground, theme.ColorNameForegroundOnError, theme.ColorNameForegroundOnSuccess,
		theme.ColorNameForegroundOnWarning:
		return c.Ink
	case theme.ColorNameInputBackground, theme.ColorNameButton, theme.ColorNameMenuBackground,
		theme.ColorNameOverlayBackground, theme.ColorNameHeaderBackground:
		return c.Surface
	}
	return t.colorOfPart(name)
}

func (t *Theme) colorOfPart(name fyne.ThemeColorName) color.Color {
	c := t.colors
	switch name {
	case theme.ColorNamePlaceHolder, theme.ColorNameDisabled:
		return c.Ink2
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		return c.Accent
	case theme.ColorNameForegroundOnPrimary:
		return c.OnAccent
	case theme.ColorNameSelection:
		if t.HighContrast() {
			return c.Mark
		}
		return c.AccentSoft
	// These two are laid over a button's own colour, which has to be seen through them.
	case theme.ColorNameFocus:
		return veil(c.Ink, 0x40)
	case theme.ColorNameHover, theme.ColorNamePressed:
		return veil(c.Ink, 0x14)
	case theme.ColorNameDisabledButton:
		return c.Hover
	case theme.ColorNameInputBorder:
		return color.Transparent // control.Entry draws its own
	case theme.ColorNameSeparator:
		return c.Line
	}
	return t.colorOfState(name)
}

// veil is a colour that lets what is beneath through.
func veil(c color.Color, alpha uint8) color.Color {
	n, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = alpha
	return n
}

func (t *Theme) colorOfState(name fyne.ThemeColorName) color.Color {
	c := t.colors
	switch name {
	case theme.ColorNameError:
		return c.Trouble
	case theme.ColorNameSuccess:
		return c.Good
	case theme.ColorNameWarning:
		return c.Waiting
	case theme.ColorNameScrollBar:
		s := c.Ink2
		s.A = 0x99
		return s
	case theme.ColorNameScrollBarBackground:
		return color.Transparent
	case theme.ColorNameShadow:
		return color.NRGBA{A: 0x14}
	}
	variant := theme.VariantDark
	if t.kind == Light {
		variant = theme.VariantLight
	}
	return theme.DefaultTheme().Color(name, variant)
}

// Size answers Fyne's stock widgets. The inner padding makes an entry [FieldHeight] high.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return t.Text(TextBody)
	case theme.SizeNameCaptionText:
		return t.Text(TextSmall)
	case theme.SizeNameHeadingText:
		return t.Text(TextH1)
	case theme.SizeNameSubHeadingText:
		return t.Text(TextH2)
	case theme.SizeNameInnerPadding:
		return t.Px(9)
	case theme.SizeNameInputBorder:
		return 1
	case theme.SizeNameInlineIcon:
		return t.Px(18)
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius, theme.SizeNameMenuRadius, theme.SizeNamePopupRadius:
		return RadiusField
	case theme.SizeNameCardRadius, theme.SizeNameDialogRadius:
		return RadiusCard
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 5
	case theme.SizeNameModalBlurRadius:
		return 0 // remote desktops without a GPU pay dearly for blur
	}
	return theme.DefaultTheme().Size(name)
}

// Icon returns Fyne's icons.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Font returns Inter; bold is its semi-bold cut. Monospace and symbols stay Fyne's.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	if style.Monospace || style.Symbol {
		return theme.DefaultTheme().Font(style)
	}
	f := fonts()
	if style.Bold {
		return f.bold
	}
	return f.regular
}

type fontPair struct{ regular, bold fyne.Resource }

var fonts = sync.OnceValue(func() fontPair {
	return fontPair{regular: font("Inter-Regular.otf", fyne.TextStyle{}), bold: font("Inter-SemiBold.otf", fyne.TextStyle{Bold: true})}
})

func font(name string, style fyne.TextStyle) fyne.Resource {
	b, err := assets.Files.ReadFile("fonts/" + name)
	if err != nil { // embedded: only a broken build gets here, and it still must show text
		return theme.DefaultTheme().Font(style)
	}
	return fyne.NewStaticResource(name, b)
}

// Warm reads the fonts, which takes longer than anything else of ours before the first picture. It may run
// beside whatever measures no text.
func Warm() {
	for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
		fyne.MeasureText(" ", TextBody, style)
	}
}
