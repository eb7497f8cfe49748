package main

import (
	"schalter/data/scan/fleet"
	"schalter/data/scan/wia"
)

// systemDrivers are those that belong to this system.
func systemDrivers() []fleet.Member {
	return []fleet.Member{{Name: "wia", Driver: &wia.Driver{}}}
}
