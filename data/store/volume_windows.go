package store

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// networkVolume names the kind of network volume that dir lies on, "" if it is local.
func networkVolume(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(abs) + `\`)
	if err != nil {
		return "", err
	}
	if windows.GetDriveType(root) == windows.DRIVE_REMOTE {
		return "Windows", nil
	}
	return "", nil
}
