package look

import "image/color"

// Colors is the palette of one look, by meaning. The soft colours are the quiet grounds under text of the
// same name; On… is text on a filled ground of that name.
type Colors struct {
	Background, Surface, Surface2, Line color.NRGBA
	Ink, Ink2                           color.NRGBA
	Accent, AccentSoft, OnAccent        color.NRGBA
	Good, GoodSoft                      color.NRGBA
	Waiting, WaitingSoft                color.NRGBA
	Trouble, TroubleSoft                color.NRGBA
	Second, SecondSoft                  color.NRGBA
	Focus                               color.NRGBA // the ring around what has the keys
	FieldLine                           color.NRGBA // border of fields
	Mark                                color.NRGBA // behind words that were searched for
	Hover                               color.NRGBA // under the mouse, on Surface
	Shade                               color.NRGBA // over the window while a question is asked
	PaperDesk                           color.NRGBA // behind scanned pages
}

var palettes = map[Kind]*Colors{
	Light: {
		Background: hex(0xF3F5F8), Surface: hex(0xFFFFFF), Surface2: hex(0xF8FAFC), Line: hex(0xDDE3EA),
		Ink: hex(0x18222D), Ink2: hex(0x566474),
		Accent: hex(0x0B5CAD), AccentSoft: hex(0xE4EFFA), OnAccent: hex(0xFFFFFF),
		Good: hex(0x1B7A48), GoodSoft: hex(0xE3F4EA),
		Waiting: hex(0x9A5B00), WaitingSoft: hex(0xFDF1DC),
		Trouble: hex(0xB3261E), TroubleSoft: hex(0xFBE9E7),
		Second: hex(0x6B3FA0), SecondSoft: hex(0xF0E9F9),
		Focus: hex(0x0B5CAD), FieldLine: hex(0xDDE3EA), Mark: hex(0xFFF1A8), Hover: hex(0xF1F4F8),
		Shade: color.NRGBA{R: 0x18, G: 0x22, B: 0x2D, A: 0x59}, PaperDesk: hex(0xE9EDF2),
	},
	Dark: {
		Background: hex(0x11161C), Surface: hex(0x1A212A), Surface2: hex(0x202934), Line: hex(0x2E3945),
		Ink: hex(0xE6ECF2), Ink2: hex(0x9DABBA),
		Accent: hex(0x6FB4F5), AccentSoft: hex(0x1C3550), OnAccent: hex(0x0B1722),
		Good: hex(0x6FCF97), GoodSoft: hex(0x173626),
		Waiting: hex(0xF2B75C), WaitingSoft: hex(0x3B2D14),
		Trouble: hex(0xFF8A80), TroubleSoft: hex(0x44201D),
		Second: hex(0xC3A1F0), SecondSoft: hex(0x2E2342),
		Focus: hex(0x6FB4F5), FieldLine: hex(0x2E3945), Mark: hex(0x5C4A12), Hover: hex(0x222B36),
		Shade: color.NRGBA{A: 0x99}, PaperDesk: hex(0x0C1015),
	},
	Contrast: {
		Background: hex(0x000000), Surface: hex(0x000000), Surface2: hex(0x000000), Line: hex(0xFFFFFF),
		Ink: hex(0xFFFFFF), Ink2: hex(0xFFFFFF),
		Accent: hex(0xFFFFFF), AccentSoft: hex(0x000000), OnAccent: hex(0x000000),
		Good: hex(0xFFFFFF), GoodSoft: hex(0x000000),
		Waiting: hex(0xFFFFFF), WaitingSoft: hex(0x000000),
		Trouble: hex(0xFFFFFF), TroubleSoft: hex(0x000000),
		Second: hex(0xFFFFFF), SecondSoft: hex(0x000000),
		Focus: hex(0xFFE600), FieldLine: hex(0xFFFFFF), Mark: hex(0x6B6000), Hover: hex(0x2A2A2A),
		Shade: color.NRGBA{A: 0xCC}, PaperDesk: hex(0x000000),
	},
}

func hex(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF}
}
