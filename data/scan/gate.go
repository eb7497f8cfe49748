package scan

import (
	"sync"

	"schalter/data/record"
)

// Gate lets one scan at a time into each device of a driver. The zero Gate is open.
type Gate struct {
	mu   sync.Mutex
	busy map[string]bool
}

// Enter takes a device until leave is called. A device that is taken is [record.CodeScanBusy].
func (g *Gate) Enter(device string) (leave func(), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy[device] {
		return nil, record.E(record.CodeScanBusy, nil, "device", device)
	}
	if g.busy == nil {
		g.busy = map[string]bool{}
	}
	g.busy[device] = true
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.busy, device)
	}, nil
}
