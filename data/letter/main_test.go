package letter

import (
	"flag"
	"testing"
)

// TestMain draws fewer cases than rapid does by itself: each is a whole PDF.
func TestMain(m *testing.M) {
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" })
	if !set {
		_ = flag.Set("rapid.checks", "40")
	}
	m.Run()
}
