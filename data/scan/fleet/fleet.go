// Package fleet makes one scan driver of several: those of the system, of the network and of watched folders.
//
// It promises that looking for devices takes no longer than its limit, whatever a driver does; that one driver's
// trouble hides no other's devices; and that a device's id leads back to its driver.
//
// It never talks to a device itself.
package fleet

import (
	"context"
	"slices"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
)

// Member is a driver under the name that begins its devices' ids.
type Member struct {
	Name   string
	Driver scan.Driver
}

// Fleet is all of them, in the order in which their devices are offered.
type Fleet struct {
	Members []Member
	Limit   time.Duration // of looking; default 8 s
}

// Answer is what one driver found.
type Answer struct {
	Member  string
	Devices []scan.Device // with the fleet's ids
	Err     error
}

// ID is a device's id in the fleet.
func ID(member, id string) string { return member + ":" + id }

// Split takes an id of the fleet apart.
func Split(id string) (member, own string) {
	member, own, ok := strings.Cut(id, ":")
	if !ok {
		return "", id
	}
	return member, own
}

// Look asks all drivers at once and calls heard for each answer, one after another, as they come. A driver that
// does not answer in time has [record.CodeScanTimeout].
func (f *Fleet) Look(ctx context.Context, heard func(Answer)) {
	limit := f.Limit
	if limit == 0 {
		limit = 8 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	answers := make(chan Answer, len(f.Members)) // one that is late speaks into the void
	for _, m := range f.Members {
		go func() {
			devices, err := m.Driver.Discover(ctx)
			answers <- Answer{Member: m.Name, Devices: named(m.Name, devices), Err: err}
		}()
	}
	waiting := map[string]bool{}
	for _, m := range f.Members {
		waiting[m.Name] = true
	}
	for len(waiting) > 0 {
		select {
		case a := <-answers:
			delete(waiting, a.Member)
			heard(a)
		case <-ctx.Done():
			for _, m := range f.Members {
				if waiting[m.Name] {
					heard(Answer{Member: m.Name, Err: record.E(record.CodeScanTimeout, ctx.Err())})
				}
			}
			return
		}
	}
}

func named(member string, devices []scan.Device) []scan.Device {
	out := make([]scan.Device, len(devices))
	for i, d := range devices {
		d.ID = ID(member, d.ID)
		out[i] = d
	}
	return out
}

// Discover lists the devices of all drivers in the order of the members. It is an error only where no driver
// could look: what is missing on one way is no reason to say that there is no scanner.
func (f *Fleet) Discover(ctx context.Context) ([]scan.Device, error) {
	all := map[string]Answer{}
	f.Look(ctx, func(a Answer) { all[a.Member] = a })
	if ctx.Err() != nil {
		return nil, record.E(record.CodeScanCancelled, ctx.Err())
	}
	var devices []scan.Device
	var first error
	failed := 0
	for _, m := range f.Members {
		a := all[m.Name]
		devices = append(devices, a.Devices...)
		if a.Err != nil {
			failed++
			if first == nil {
				first = a.Err
			}
		}
	}
	if len(devices) == 0 && failed == len(f.Members) {
		return nil, first
	}
	return devices, nil
}

// Open takes a device.
func (f *Fleet) Open(ctx context.Context, id string) (scan.Session, error) {
	name, own := Split(id)
	i := slices.IndexFunc(f.Members, func(m Member) bool { return m.Name == name })
	if i < 0 {
		return nil, record.E(record.CodeScanNoDevice, nil, "device", id)
	}
	return f.Members[i].Driver.Open(ctx, own)
}
