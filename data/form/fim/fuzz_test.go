package fim

import (
	"strings"
	"testing"

	"schalter/data/form"
)

// FuzzImport: whatever the bytes are, the answer is an error or a form that loads.
func FuzzImport(f *testing.F) {
	f.Add([]byte(schemaOf([]string{translations[17].prose}, stand(translations[1].prose, translations[13].prose)...)))
	f.Add([]byte(head + tail))
	f.Add([]byte(strings.ReplaceAll(head+"<x:bezug>§ 1</x:bezug>"+tail, spaceXDF3, spaceXDF2)))
	f.Add([]byte(colours))
	f.Fuzz(func(t *testing.T, b []byte) {
		l := &Lists{}
		_ = l.Add(strings.NewReader(string(b)), "a.xml")
		Sniff(strings.NewReader(string(b)))
		r, err := Import(strings.NewReader(string(b)), "a.xml", Options{Lists: l, Land: "he"})
		if err != nil {
			return
		}
		if _, err := form.Parse(r.JSON); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzProse: whatever a rule says, the form loads.
func FuzzProse(f *testing.F) {
	for _, c := range translations {
		f.Add(c.prose)
	}
	f.Fuzz(func(t *testing.T, prose string) {
		if _, err := Import(strings.NewReader(schemaOf([]string{prose}, stand(prose)...)), "a.xml", Options{Land: "he"}); err != nil && !strings.Contains(err.Error(), "form.fim_") {
			t.Fatalf("%q: %v", prose, err)
		}
	})
}
