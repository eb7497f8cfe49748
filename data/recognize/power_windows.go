package recognize

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var getSystemPowerStatus = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemPowerStatus")

// OnBattery reports whether the machine runs on its battery.
func OnBattery() bool {
	var status struct {
		ACLine, Battery, LifePercent, SystemStatus byte
		LifeTime, FullLifeTime                     uint32
	}
	ok, _, _ := getSystemPowerStatus.Call(uintptr(unsafe.Pointer(&status)))
	const offline, noBattery = 0, 128
	return ok != 0 && status.ACLine == offline && status.Battery&noBattery == 0
}
