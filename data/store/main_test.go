package store_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets the test binary be its own victim (kill_test.go, index_test.go).
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		victim(dir)
		return
	}
	if dir := os.Getenv(hastyDir); dir != "" {
		hasty(dir)
		return
	}
	if dir := os.Getenv(trayDir); dir != "" {
		trayVictim(dir)
		return
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue && os.Getenv("SCHALTER_LONG") == "" {
		_ = f.Value.Set("30") // every check makes stores on disk
	}
	code := m.Run()
	atExit()
	os.Exit(code)
}
