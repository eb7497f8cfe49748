//go:build !linux && !windows

package store

// networkVolume knows no volumes on this system.
func networkVolume(string) (string, error) { return "", nil }
