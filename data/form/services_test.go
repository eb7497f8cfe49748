package form

import (
	"testing"

	"schalter/assets"
)

func library(t testing.TB) *Library {
	t.Helper()
	l, err := Load(assets.Files)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestServicesLoad(t *testing.T) {
	for _, f := range library(t).All() {
		t.Log(f.ID, f.Version, f.Hash, len(f.Fields()), len(f.Rules))
	}
}
