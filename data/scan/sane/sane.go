// Package sane reaches scanners through SANE's scanimage program, on Linux and other Unix systems.
//
// It promises that vendor code runs only in a child process with a deadline of its own, that pages lie
// only in memory-backed folders while the child writes them, and that the child is gone when Scan returns.
//
// It never passes text through a shell and never links a backend.
package sane

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
)

// Driver runs scanimage. The zero Driver uses the one on PATH with the system's SANE configuration.
type Driver struct {
	Program string        // default "scanimage"
	Env     []string      // added to the environment, e.g. SANE_CONFIG_DIR=…
	Options []string      // further options for the device, as scanimage takes them
	Idle    time.Duration // longest silence of a running scan; default 90 s
	Grace   time.Duration // how long scanimage may take to end after it has told an error; default 5 s
	Spool   string        // folder for a page while it is written; default: one in memory

	gate scan.Gate
	free func(dir string) (bytes uint64, known bool) // nil: asks the system
}

const discoverLimit = 20 * time.Second

func (d *Driver) command(ctx context.Context, args ...string) (*exec.Cmd, error) {
	name := d.Program
	if name == "" {
		name = "scanimage"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, record.E(record.CodeScanNoSoftware, err)
	}
	c := exec.CommandContext(ctx, path, args...)
	c.Env = append(c.Environ(), append([]string{"LC_ALL=C"}, d.Env...)...)
	c.WaitDelay = 3 * time.Second
	return c, nil
}

// Discover asks every configured backend; a network backend may take seconds.
func (d *Driver) Discover(ctx context.Context) ([]scan.Device, error) {
	ctx, cancel := context.WithTimeout(ctx, discoverLimit)
	defer cancel()
	c, err := d.command(ctx, "-f", "%d|%v|%m|%t%n")
	if err != nil {
		return nil, err
	}
	out, err := c.Output()
	if ctx.Err() != nil {
		return nil, record.E(record.CodeScanTimeout, ctx.Err())
	}
	if err != nil {
		if _, ok := errors.AsType[*exec.ExitError](err); !ok {
			return nil, record.E(record.CodeScanNoSoftware, err)
		}
		return nil, nil // scanimage ends with an error where no backend is configured
	}
	var devices []scan.Device
	for line := range strings.Lines(string(out)) {
		f := strings.SplitN(strings.TrimSpace(line), "|", 4)
		if len(f) == 4 && f[0] != "" {
			devices = append(devices, scan.Device{ID: f[0], Vendor: f[1], Model: f[2], Kind: f[3], Address: f[0]})
		}
	}
	return devices, nil
}

// Open asks the device what it can do.
func (d *Driver) Open(ctx context.Context, id string) (scan.Session, error) {
	if strings.HasPrefix(id, "-") || id == "" || strings.ContainsAny(id, "\x00\n") {
		return nil, record.E(record.CodeScanNoDevice, nil, "device", id)
	}
	all, err := d.ask(ctx, id)
	if code := record.CodeOf(err); code == record.CodeScanBadData || code == record.CodeScanUnsupported {
		return nil, record.E(record.CodeScanNoDevice, err, "device", id)
	}
	if err != nil {
		return nil, err
	}
	return &session{driver: d, id: id, options: all, caps: capsOf(all)}, nil
}

// ask reads a device's options. They differ by source where args name one.
func (d *Driver) ask(ctx context.Context, id string, args ...string) (options, error) {
	ctx, cancel := context.WithTimeout(ctx, discoverLimit)
	defer cancel()
	c, err := d.command(ctx, append(append([]string{"-d", id}, args...), "-A")...)
	if err != nil {
		return nil, err
	}
	var out, trouble bytes.Buffer
	c.Stdout, c.Stderr = &out, &trouble
	err = c.Run()
	switch all := parseOptions(out.String()); {
	case errors.Is(ctx.Err(), context.DeadlineExceeded) && len(all) > 0:
		return all, nil // it has told everything and only never ends
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, record.E(record.CodeScanTimeout, ctx.Err(), "device", id)
	case ctx.Err() != nil:
		return nil, record.E(record.CodeScanCancelled, ctx.Err(), "device", id)
	case err != nil:
		return nil, record.E(codeOfExit(err), errors.New(strings.TrimSpace(trouble.String())), "device", id)
	}
	return parseOptions(out.String()), nil
}

// codeOfExit maps scanimage's exit status, which is a SANE_Status, to our words.
func codeOfExit(err error) record.Code {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return record.CodeScanNoSoftware
	}
	switch exit.ExitCode() {
	case 1, 4: // bad device or option, SANE_STATUS_INVAL
		return record.CodeScanUnsupported
	case 2:
		return record.CodeScanCancelled
	case 3:
		return record.CodeScanBusy
	case 6:
		return record.CodeScanJam
	case 7:
		return record.CodeScanNoPaper
	case 8:
		return record.CodeScanCoverOpen
	case 9:
		return record.CodeScanOffline
	case 10:
		return record.CodeDiskFull
	case 11:
		return record.CodeScanDenied
	}
	return record.CodeScanBadData
}

// What SANE says about its states, in the words of sane_strstatus. Where scanimage hangs after an error, they
// are all there is.
var statusWords = map[string]record.Code{
	"Operation not supported":            record.CodeScanUnsupported,
	"Operation was cancelled":            record.CodeScanCancelled,
	"Device busy":                        record.CodeScanBusy,
	"Invalid argument":                   record.CodeScanUnsupported,
	"Document feeder jammed":             record.CodeScanJam,
	"Document feeder out of documents":   record.CodeScanNoPaper,
	"Scanner cover is open":              record.CodeScanCoverOpen,
	"Error during device I/O":            record.CodeScanOffline,
	"Out of memory":                      record.CodeDiskFull,
	"Access to resource has been denied": record.CodeScanDenied,
}
