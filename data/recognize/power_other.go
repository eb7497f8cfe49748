//go:build !linux && !windows

package recognize

// OnBattery reports whether the machine runs on its battery; it is not known here.
func OnBattery() bool { return false }
