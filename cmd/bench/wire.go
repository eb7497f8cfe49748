package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

// told is what the engine's own test says about each edit it has sent.
var told = regexp.MustCompile(`edit \d+: (\d+) bytes up, (\d+) down, (\d+) requests`)

// wire reads what one edit costs from the test that holds it to its budget: it counts the bytes of the
// connection, TLS included, between a real desk and a real centre.
func (b *bench) wire() error {
	out, err := exec.CommandContext(b.ctx, "go", "test", "-count=1", "-v", "-run", "^TestOneEditIsCheap$", "schalter/sync/engine").CombinedOutput()
	found := told.FindAllSubmatch(out, -1)
	if len(found) == 0 {
		return fmt.Errorf("the engine's test said nothing: %w\n%s", err, out)
	}
	var bytes, requests []float64
	for _, f := range found {
		n := [3]float64{}
		for i := range n {
			if n[i], err = strconv.ParseFloat(string(f[i+1]), 64); err != nil {
				return err
			}
		}
		bytes, requests = append(bytes, n[0]+n[1]), append(requests, n[2])
	}
	b.table.add(figure{
		name: "wire.edit.bytes", value: median(bytes), unit: "B", limit: atMost(1500, "B"),
		note: fmt.Sprintf("both directions with TLS, of %d edits of a case that has a scan (TestOneEditIsCheap in sync/engine)", len(found)),
	})
	b.table.add(figure{name: "wire.edit.requests", value: median(requests), unit: "requests", limit: atMost(4, "requests")})
	return nil
}
