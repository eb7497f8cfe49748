package profile

import "slices"

// Button is a button of a device that starts a profile.
type Button struct {
	Device  string `json:"device"`
	Called  string `json:"called,omitempty"` // what Device is called by people
	Name    string `json:"name"`             // as the device calls it
	Profile string `json:"profile"`          // its id
}

// Fits reports whether a button of a device can start the profile: one that is for no device in particular takes
// the device whose button it was.
func (p Profile) Fits(device string) bool { return p.Device == "" || p.Device == device }

// Bind has a button start its profile; one without a profile is let go of.
func (b *Book) Bind(x Button) {
	b.Buttons = slices.DeleteFunc(b.Buttons, func(y Button) bool { return y.Device == x.Device && y.Name == x.Name })
	if x.Profile != "" {
		b.Buttons = append(b.Buttons, x)
	}
}

// Bound is the profile that a button of a device starts.
func (b Book) Bound(device, button string) (Profile, bool) {
	i := slices.IndexFunc(b.Buttons, func(x Button) bool { return x.Device == device && x.Name == button })
	if i < 0 {
		return Profile{}, false
	}
	p := b.Profile(b.Buttons[i].Profile)
	return p, p.ID == b.Buttons[i].Profile
}

// maxButtons is more than any desk has.
const maxButtons = 64

// loosen lets go of buttons whose profile is gone or belongs to another device now, and of what makes no sense.
func (b *Book) loosen() {
	type button struct{ device, name string }
	seen := map[button]bool{}
	b.Buttons = slices.DeleteFunc(b.Buttons, func(x Button) bool {
		p := b.Profile(x.Profile)
		at := button{x.Device, x.Name}
		bad := x.Device == "" || x.Name == "" || p.ID != x.Profile || !p.Fits(x.Device) || seen[at]
		seen[at] = true
		return bad
	})
	b.Buttons = b.Buttons[:min(len(b.Buttons), maxButtons)]
}
