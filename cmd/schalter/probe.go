//go:build probe && unix

package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"syscall"
)

// The program that is measured, and no other, tells what it holds: at each SIGUSR2 it writes the figures of its
// heap and then a profile of it into the folder SCHALTER_PROBE.
func init() {
	dir := os.Getenv("SCHALTER_PROBE")
	if dir == "" {
		return
	}
	runtime.MemProfileRate = 64 << 10
	asked := make(chan os.Signal, 8)
	signal.Notify(asked, syscall.SIGUSR2)
	go func() {
		for n := 1; ; n++ {
			<-asked
			if err := tell(filepath.Join(dir, fmt.Sprintf("%d-%02d", os.Getpid(), n))); err != nil {
				fmt.Fprintln(os.Stderr, "schalter: probe:", err)
			}
		}
	}()
}

func tell(path string) error {
	var samples []metrics.Sample
	for _, d := range metrics.All() {
		if d.Kind == metrics.KindUint64 {
			samples = append(samples, metrics.Sample{Name: d.Name})
		}
	}
	metrics.Read(samples)
	text := []byte{}
	for _, s := range samples {
		text = fmt.Appendf(text, "%s\t%d\n", s.Name, s.Value.Uint64())
	}
	if os.Getenv("SCHALTER_PROBE_FREE") != "" {
		debug.FreeOSMemory()
	} else {
		runtime.GC()
	}
	heap, err := os.Create(path + ".heap")
	if err != nil {
		return err
	}
	if err := pprof.Lookup("heap").WriteTo(heap, 0); err != nil {
		return err
	}
	if err := heap.Close(); err != nil {
		return err
	}
	part := path + ".part" // the figures come last and whole: whoever waits for them has the profile too
	if err := os.WriteFile(part, text, 0o600); err != nil {
		return err
	}
	return os.Rename(part, path+".tsv")
}
