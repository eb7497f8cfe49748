package code_test

import (
	"flag"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue && os.Getenv("SCHALTER_LONG") == "" {
		_ = f.Value.Set("12") // every check draws a page
	}
	os.Exit(m.Run())
}
