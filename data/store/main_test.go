package store_test

import (
	"os"
	"testing"
)

// TestMain lets the test binary be its own victim (kill_test.go).
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		victim(dir)
		return
	}
	code := m.Run()
	atExit()
	os.Exit(code)
}
