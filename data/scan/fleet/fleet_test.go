package fleet

import (
	"context"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/scripted"
)

// broken is a driver that fails, or hangs and hears nothing.
type broken struct {
	err  error
	hang chan struct{}
}

func (b broken) Discover(context.Context) ([]scan.Device, error) {
	if b.hang != nil {
		<-b.hang
	}
	return nil, b.err
}

func (b broken) Open(context.Context, string) (scan.Session, error) { return nil, b.err }

func device(id string) *scripted.Driver {
	return &scripted.Driver{Device: scan.Device{ID: id, Vendor: "Muster", Model: "S 1"}}
}

func TestDevicesOfAllDriversInTheirOrder(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	f := &Fleet{Limit: 50 * time.Millisecond, Members: []Member{
		{"slow", broken{hang: hang}}, {"sane", device("test:0")}, {"gone", broken{err: record.E(record.CodeScanNoSoftware, nil)}}, {"escl", device("http://10.0.0.9/eSCL")},
	}}
	list, err := f.Discover(t.Context())
	if err != nil || len(list) != 2 || list[0].ID != "sane:test:0" || list[1].ID != "escl:http://10.0.0.9/eSCL" {
		t.Fatalf("%v %v", list, err)
	}
	for _, d := range list {
		if s, err := f.Open(t.Context(), d.ID); err != nil || s.Close() != nil {
			t.Errorf("%s: %v", d.ID, err)
		}
	}
	heard := map[string]record.Code{}
	f.Look(t.Context(), func(a Answer) { heard[a.Member] = record.CodeOf(a.Err) })
	if len(heard) != 4 || heard["slow"] != record.CodeScanTimeout || heard["gone"] != record.CodeScanNoSoftware || heard["sane"] != "" {
		t.Errorf("%v", heard)
	}
}

func TestNoDriverCouldLook(t *testing.T) {
	f := &Fleet{Members: []Member{{"sane", broken{err: record.E(record.CodeScanNoSoftware, nil)}}}}
	if _, err := f.Discover(t.Context()); record.CodeOf(err) != record.CodeScanNoSoftware {
		t.Error(err)
	}
	f.Members = append(f.Members, Member{"folder", broken{}})
	if list, err := f.Discover(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Discover(ctx); record.CodeOf(err) != record.CodeScanCancelled {
		t.Error(err)
	}
}

func TestUnknownIDs(t *testing.T) {
	f := &Fleet{Members: []Member{{"sane", device("test:0")}}}
	for _, id := range []string{"", "sane", "sane:other", "wia:x", ":"} {
		if _, err := f.Open(t.Context(), id); record.CodeOf(err) != record.CodeScanNoDevice {
			t.Errorf("%q: %v", id, err)
		}
	}
}
