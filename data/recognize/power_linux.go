package recognize

import (
	"os"
	"path/filepath"
	"strings"
)

// OnBattery reports whether the machine runs on its battery.
func OnBattery() bool { return onBattery("/sys/class/power_supply") }

// onBattery reads what the kernel says of power supplies: it is the battery that gives, and nothing else does.
// Batteries of mice and of the emergency supply under the table do not count.
func onBattery(dir string) bool {
	supplies, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return false
	}
	giving := false
	for _, s := range supplies {
		if fact(s, "scope") == "Device" {
			continue
		}
		switch fact(s, "type") {
		case "Mains", "USB":
			if fact(s, "online") == "1" {
				return false
			}
		case "Battery":
			giving = giving || fact(s, "status") == "Discharging"
		}
	}
	return giving
}

func fact(supply, name string) string {
	b, err := os.ReadFile(filepath.Join(supply, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
