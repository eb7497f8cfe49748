package escl

import (
	"errors"
	"strings"
	"testing"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
)

func TestCertificates(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{TLS: true, Platen: escltest.Sheet(1, 75)})
	confirmed := pins{}
	d := New(Options{Browse: silence, Timer: newClock(retryAfter).timer, Trust: confirmed})

	// The first contact is asked about, and the device has heard nothing from us.
	_, err := d.Open(t.Context(), sim.URL())
	c, ok := CertificateOf(err)
	want := Fingerprint(sim.Certificate().Certificate[0])
	if !ok || record.CodeOf(err) != record.CodeScanCertNew || c != (Certificate{Device: sim.Host(), Host: sim.Host(), Fingerprint: want}) {
		t.Fatalf("%+v, %v", c, err)
	}
	if len(sim.Requests()) != 0 {
		t.Errorf("it heard %v", sim.Requests())
	}

	// What was confirmed is taken, in any spelling.
	for _, spelling := range []string{c.Fingerprint, strings.ToLower(strings.ReplaceAll(c.Fingerprint, ":", ""))} {
		confirmed[c.Device] = spelling
		if pages, _, err := scanAll(t, d, sim.URL(), gray(scan.Flatbed)); err != nil || len(pages) != 1 {
			t.Fatalf("%d pages, %v", len(pages), err)
		}
	}

	// Typed without its scheme it is the same device. Its ID carries its UUID from then on; the certificate
	// that was confirmed by the address holds.
	dev, err := d.Identify(t.Context(), sim.Host())
	if err != nil || dev.ID != sim.ID() || dev.Name() != "Schalter Simulator" || dev.Address != sim.Host() {
		t.Fatalf("%+v, %v", dev, err)
	}
	if _, err := d.Open(t.Context(), dev.ID); err != nil {
		t.Fatal(err)
	}

	// Another certificate is refused, and says what was known.
	heard := len(sim.Requests())
	other := Fingerprint([]byte("another"))
	for _, name := range []string{sim.Host(), "5c3f1d5e-0000-4000-8000-00005ca1e0e5"} {
		confirmed[name] = other
		_, err = d.Open(t.Context(), dev.ID)
		if c, ok := CertificateOf(err); !ok || record.CodeOf(err) != record.CodeScanCertChanged || c.Known != other || c.Fingerprint != want {
			t.Errorf("%+v, %v", c, err)
		}
	}
	if len(sim.Requests()) != heard {
		t.Error("it heard us in spite of its certificate")
	}
}

// Who changes its certificate between opening and scanning gets no request for a job.
func TestCertificateChangesAfterOpening(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{TLS: true, Platen: escltest.Sheet(1, 75)})
	confirmed := pins{sim.Host(): Fingerprint(sim.Certificate().Certificate[0])}
	s, err := New(Options{Browse: silence, Timer: newClock(retryAfter).timer, Trust: confirmed}).Open(t.Context(), sim.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sim.Close()
	escltest.Start(t, escltest.Options{TLS: true, Listen: sim.Host(), Platen: escltest.Sheet(2, 75)})
	err = s.Scan(t.Context(), gray(scan.Flatbed), func(scan.Event) error { return nil })
	if record.CodeOf(err) != record.CodeScanCertChanged {
		t.Error(err)
	}
}

// A device that was confirmed by its certificate is never spoken to without one.
func TestNoWayBackToPlain(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{})
	for _, name := range []string{sim.Host(), "5c3f1d5e-0000-4000-8000-00005ca1e0e5"} {
		d := New(Options{Browse: announcing(sim), Timer: newClock(retryAfter).timer, Trust: pins{name: Fingerprint([]byte("x"))}})
		for _, id := range []string{sim.Host(), sim.URL(), sim.ID()} {
			if name != sim.Host() && !strings.Contains(id, "#") {
				continue // who it is, is not known before it was asked
			}
			_, err := d.Open(t.Context(), id)
			if _, ask := CertificateOf(err); record.CodeOf(err) != record.CodeScanCertChanged || ask {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
}

// A device that sends plain requests to its encrypted door is followed there, and nowhere else.
func TestEncryptedDoor(t *testing.T) {
	secured := escltest.Start(t, escltest.Options{TLS: true, Platen: escltest.Sheet(1, 75)})
	plain := escltest.Start(t, escltest.Options{Redirect: secured.URL()})
	d := New(Options{Browse: silence, Timer: newClock(retryAfter).timer, Trust: trusting(secured)})
	dev, err := d.Identify(t.Context(), plain.URL())
	if err != nil || dev.ID != secured.ID() {
		t.Fatalf("%+v, %v", dev, err)
	}
	if pages, _, err := scanAll(t, d, plain.URL(), gray(scan.Flatbed)); err != nil || len(pages) != 1 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, r := range plain.Requests() {
		if r != "GET /eSCL/ScannerCapabilities" {
			t.Errorf("%s went unencrypted", r)
		}
	}
	elsewhere := escltest.Start(t, escltest.Options{Redirect: "http://192.0.2.1/eSCL"})
	if _, err := d.Open(t.Context(), elsewhere.URL()); record.CodeOf(err) != record.CodeScanBadAnswer {
		t.Error(err)
	}
}

// Another device at a known address is not the known device.
func TestAnotherDeviceAtTheAddress(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{UUID: "aaaa"})
	_, err := New(Options{Browse: silence, Timer: newClock(retryAfter).timer}).Open(t.Context(), sim.URL()+"#bbbb")
	if record.CodeOf(err) != record.CodeScanNoDevice || !strings.Contains(err.Error(), "aaaa answers instead") {
		t.Error(err)
	}
}

// A device whose address has changed is found again by its UUID.
func TestMovedDeviceIsFoundAgain(t *testing.T) {
	old := escltest.Start(t, escltest.Options{})
	id := old.ID()
	old.Close()
	sim := escltest.Start(t, escltest.Options{Platen: escltest.Sheet(1, 75)})
	other := escltest.Start(t, escltest.Options{UUID: "bbbb"})
	d := New(Options{Browse: announcing(other, sim), Timer: newClock(retryAfter).timer})
	if pages, _, err := scanAll(t, d, id, gray(scan.Flatbed)); err != nil || len(pages) != 1 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	if len(other.Requests()) != 0 {
		t.Error("the other one was asked")
	}
}

func TestCertificateOfOtherErrors(t *testing.T) {
	for _, err := range []error{nil, errors.New("x"), record.E(record.CodeScanJam, nil, "fingerprint", "AA")} {
		if _, ok := CertificateOf(err); ok {
			t.Errorf("%v", err)
		}
	}
}
