package form

import (
	"fmt"
	"strings"
	"testing"
)

func BenchmarkMatch8000(b *testing.B) {
	var choices []string
	for i := range 8000 {
		choices = append(choices, fmt.Sprintf(`{"code": "%05d", "label": {"de": "Gemeinde %d, Stadt Ährenfeld", "en": "Town %d"}}`, i, i*7919%8000, i))
	}
	f := one(b, TypeChoice, `, "choices": [`+strings.Join(choices, ",")+`]`)
	s := f.Begin(nil, monday)
	b.ResetTimer()
	for b.Loop() {
		if len(s.Match("g/f", "ahren", 20)) != 20 || len(s.Match("g/f", "nirgends", 20)) != 0 {
			b.Fatal("not found")
		}
	}
}
