//go:build linux

package journey

import (
	"os"
	"testing"

	"schalter/data/scan/escl/escltest"
)

// TestMain lets this program be the network scanner that a journey needs beside it.
func TestMain(m *testing.M) {
	escltest.Child()
	os.Exit(m.Run())
}
