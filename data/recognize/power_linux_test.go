package recognize

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOnBattery(t *testing.T) {
	type supply map[string]string
	mains := func(online string) supply { return supply{"type": "Mains\n", "online": online + "\n"} }
	battery := func(status string) supply { return supply{"type": "Battery\n", "status": status + "\n"} }
	for _, c := range []struct {
		name     string
		supplies []supply
		want     bool
	}{
		{"a desktop", nil, false},
		{"plugged in", []supply{mains("1"), battery("Charging")}, false},
		{"plugged in and full", []supply{mains("1"), battery("Full")}, false},
		{"plugged in, but it gives as well", []supply{mains("1"), battery("Discharging")}, false},
		{"unplugged", []supply{mains("0"), battery("Discharging")}, true},
		{"unplugged, two batteries", []supply{mains("0"), battery("Unknown"), battery("Discharging")}, true},
		{"without a plug that tells", []supply{battery("Discharging")}, true},
		{"a mouse", []supply{{"type": "Battery\n", "scope": "Device\n", "status": "Discharging\n"}}, false},
		{"by USB", []supply{{"type": "USB\n", "online": "1\n"}, battery("Discharging")}, false},
		{"it says nothing", []supply{{}}, false},
	} {
		dir := t.TempDir()
		for i, s := range c.supplies {
			d := filepath.Join(dir, string(rune('a'+i)))
			check(t, os.Mkdir(d, 0o700))
			for name, value := range s {
				check(t, os.WriteFile(filepath.Join(d, name), []byte(value), 0o600))
			}
		}
		if got := onBattery(dir); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if onBattery(filepath.Join(t.TempDir(), "none")) {
		t.Error("no such folder")
	}
}
