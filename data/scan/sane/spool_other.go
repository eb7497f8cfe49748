//go:build !linux

package sane

import "os"

func (d *Driver) spool() string {
	if d.Spool != "" {
		return d.Spool
	}
	return os.TempDir()
}
