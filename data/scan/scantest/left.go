package scantest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// watch remembers what runs and returns a check that nothing of the driver's runs any more.
func watch(t *testing.T) (left func()) {
	t.Helper()
	before := children()
	return func() {
		t.Helper()
		var rest []string
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end); runtime.Gosched() {
			rest = goroutines()
			for pid, name := range children() {
				if _, old := before[pid]; !old {
					rest = append(rest, fmt.Sprintf("child %s %s", pid, name))
				}
			}
			if len(rest) == 0 {
				return
			}
		}
		t.Errorf("still running: %s", strings.Join(rest, "\n\n"))
	}
}

// goroutines lists those that run in a scan driver. The tests' own, and servers they started, do not count.
func goroutines() (rest []string) {
	buf := make([]byte, 4<<20)
	for g := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "schalter/data/scan/") && !strings.Contains(g, "testing.tRunner") && !strings.Contains(g, "test.") {
			rest = append(rest, g)
		}
	}
	return rest
}

// children lists the processes that this one has started, where the system tells.
func children() map[string]string {
	out := map[string]string{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, p := range stats {
		b, err := os.ReadFile(p)
		if err != nil {
			continue
		}
		name, rest, ok := strings.Cut(string(b), ") ")
		if f := strings.Fields(rest); ok && len(f) > 1 && f[1] == fmt.Sprint(os.Getpid()) {
			out[filepath.Base(filepath.Dir(p))] = name
		}
	}
	return out
}
