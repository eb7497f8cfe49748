//go:build !linux

package sane

import "os"

func (d *Driver) spool() string {
	if d.Spool != "" {
		return d.Spool
	}
	return os.TempDir()
}

// room is not asked for here.
func room(string) (bytes uint64, known bool) { return 0, false }
