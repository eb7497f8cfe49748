// Package wia reaches scanners through Windows Image Acquisition, by its automation interface.
//
// It is written from Microsoft's documentation and has never been run on a device: the checks compile it for
// Windows and test what is not bound to it (which properties are set, what error numbers mean). Its way to COM and
// back was run where there is no scanner and no WIA, and says so; everything behind the list of devices was not.
// Whoever tries it first should expect surprises.
//
// It promises that the devices' own code runs in Windows' service for them and not in this process, that all
// calls come from one thread of their own, and that trouble has the same names as with every other driver.
//
// It never shows a dialog of Windows and never changes what a device is set to for others. A call that hangs in
// a device's code cannot be ended from outside: the scan is given up and its thread left behind.
package wia

import (
	"math"

	"schalter/data/record"
	"schalter/data/scan"
)

// Numbers of properties, as Windows knows them.
const (
	propHandling     = 3088 // which source
	propHandlingCaps = 3086
	propStatus       = 3087
	propPages        = 3096 // 0: all
	propIntent       = 6146 // colour, gray or text
	propXRes         = 6147
	propYRes         = 6148
	propXPos         = 6149
	propYPos         = 6150
	propXExtent      = 6151
	propYExtent      = 6152
	propBedWidth     = 3074 // thousandths of an inch
	propBedHeight    = 3075
	propFeedWidth    = 3076
	propFeedHeight   = 3077
)

// Values of propHandling and propHandlingCaps, and of propStatus.
const (
	feeder    = 1
	flatbed   = 2
	duplex    = 4
	feedReady = 1
)

// property is one thing that is set before a page is transferred.
type property struct {
	id    int
	value int
	must  bool // without it the scan would be another one than was asked for
}

// capsOf reads a device's properties; those it has not are 0.
func capsOf(get func(id int) int, name string) scan.Caps {
	c := scan.Caps{Name: name, Modes: []scan.Mode{scan.Lineart, scan.Gray, scan.Color}, MinDPI: 75, MaxDPI: 1200}
	has := get(propHandlingCaps)
	if has&flatbed != 0 || has == 0 {
		c.Sources = append(c.Sources, scan.Flatbed)
	}
	if has&feeder != 0 {
		c.Sources = append(c.Sources, scan.Feeder)
	}
	if has&duplex != 0 {
		c.Sources = append(c.Sources, scan.Duplex)
	}
	inch := func(ids ...int) float64 {
		most := 0
		for _, id := range ids {
			most = max(most, get(id))
		}
		return float64(most) * 0.0254
	}
	c.Width, c.Height = inch(propBedWidth, propFeedWidth), inch(propBedHeight, propFeedHeight)
	return c
}

// ofDevice and ofItem are what is set at the device and at its item, in this order.
func ofDevice(set scan.Settings) []property {
	handling := map[scan.Source]int{scan.Flatbed: flatbed, scan.Feeder: feeder, scan.Duplex: feeder | duplex}[set.Source]
	out := []property{{propHandling, handling, set.Source != scan.Flatbed}}
	if set.Source != scan.Flatbed {
		out = append(out, property{propPages, 1, false}) // one transfer is one side; the next asks again
	}
	return out
}

func ofItem(set scan.Settings, caps scan.Caps) []property {
	intent := map[scan.Mode]int{scan.Color: 1, scan.Gray: 2, scan.Lineart: 4}[set.Mode]
	w, h := set.Size()
	if caps.Width > 0 && caps.Height > 0 {
		w, h = min(w, caps.Width), min(h, caps.Height)
	}
	pixels := func(mm float64) int { return int(math.Round(mm / 25.4 * float64(set.DPI))) }
	return []property{
		{propIntent, intent, true},
		{propXRes, set.DPI, true},
		{propYRes, set.DPI, true},
		{propXPos, 0, false},
		{propYPos, 0, false},
		{propXExtent, pixels(w), false},
		{propYExtent, pixels(h), false},
	}
}

// codeOf maps an error number of Windows to our words.
func codeOf(hresult uint32) record.Code {
	switch hresult {
	case 0x80210002, 0x80210004: // jam; trouble with the paper
		return record.CodeScanJam
	case 0x80210003:
		return record.CodeScanNoPaper
	case 0x80210005, 0x8021000A: // off; communication
		return record.CodeScanOffline
	case 0x80210006, 0x80210007, 0x8021000D: // busy; warming up; locked by another program
		return record.CodeScanBusy
	case 0x80210009, 0x80210015: // its item is gone; there is no device
		return record.CodeScanOffline
	case 0x80210016:
		return record.CodeScanCoverOpen
	case 0x80210020:
		return record.CodeScanDoubleFeed
	case 0x80210064:
		return record.CodeScanCancelled
	case 0x80070005:
		return record.CodeScanDenied
	case 0x80070057, 0x8021000B, 0x8021006B: // a value, a command or a format that the device has not
		return record.CodeScanUnsupported
	case 0x8007000E, 0x80070070: // memory; disk
		return record.CodeDiskFull
	}
	return record.CodeScanBadData
}
