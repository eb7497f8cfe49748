//go:build !windows

package main

import (
	"runtime"

	"schalter/data/scan/fleet"
	"schalter/data/scan/sane"
)

// systemDrivers are those that belong to this system.
func systemDrivers() []fleet.Member {
	if runtime.GOOS == "darwin" {
		return nil // network scanners and folders only
	}
	return []fleet.Member{{Name: "sane", Driver: &sane.Driver{}}}
}
