package letter

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
)

// bareDog is a dog from a shelter whose contract and exemption were not brought.
func bareDog(t *testing.T) (record.Case, Missing) {
	t.Helper()
	c, f := dogCase(t)
	c.Groups["hund"] = record.Group{Values: record.Values{"hund/herkunft": "tierheim"}}
	c.Groups["gefahr"] = record.Group{Values: record.Values{"gefahr/gefaehrlich": "true"}}
	m := MissingOf(c, f, record.Identity{Authority: "Stadt Musterstadt"}, c.Created, "de", "en", "xx", "en")
	return c, m
}

func TestAMissingProofIsAskedForInBothLanguages(t *testing.T) {
	c, m := bareDog(t)
	if len(m.Parts) != 2 || m.Parts[0].Lang != "de" || m.Parts[1].Lang != "en" {
		t.Fatalf("parts %+v", m.Parts)
	}
	if len(m.Parts[0].Proofs) != 2 || len(m.Parts[1].Proofs) != 2 {
		t.Fatalf("asks for %+v", m.Parts)
	}
	text, err := m.Text()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "missing.pdf")
	var b bytes.Buffer
	if err := WriteMissing(&b, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	words := strings.Join(strings.Fields(run(t, "pdftotext", "-layout", path, "-")), " ")
	for _, want := range []string{
		c.Number, "23.11.2026", "23 November 2026", "Hund anmelden", "Register a dog", "Es gilt der deutsche Text",
		m.Parts[0].Proofs[0].Label, m.Parts[0].Proofs[1].Label, m.Parts[1].Proofs[0].Label, "Freundliche Grüße", "Kind regards",
	} {
		german := want == "Es gilt der deutsche Text"
		if strings.Contains(text, want) == german {
			t.Errorf("the text has %q: %v\n%s", want, german, text)
		}
		if strings.Contains(words, want) == german {
			t.Errorf("the paper has %q: %v\n%s", want, german, words)
		}
	}
}

func TestNothingIsAskedForThatIsThere(t *testing.T) {
	c, m := bareDog(t)
	_, f := dogCase(t)
	for _, p := range []string{"schutzvertrag", "haftpflicht"} {
		c.Documents = append(c.Documents, record.Document{ID: record.ID(p), Proof: p, Pages: 1})
	}
	m = MissingOf(c, f, record.Identity{}, m.Date, "de")
	if m.Open() || !errors.Is(WriteMissing(&bytes.Buffer{}, m), ErrNothingMissing) {
		t.Errorf("asks for %+v", m.Parts)
	}
	m.Number = ""
	if !errors.Is(WriteMissing(&bytes.Buffer{}, m), ErrNoNumber) {
		t.Error("a letter without a number")
	}
}

// What was written on paper counts from that day, in the letter and in the confirmation.
func TestThePaperDayIsTheDayOfReceipt(t *testing.T) {
	c, f := dogCase(t)
	c.Paper = "2026-11-09"
	content := Of(c, f, record.Identity{Authority: "Stadt Musterstadt"}, c.Created, "de")
	words := run(t, "pdftotext", "-layout", printed(t, content), "-")
	if !strings.Contains(words, "09.11.2026") || strings.Contains(words, "23.11.2026") {
		t.Errorf("the confirmation says\n%s", words)
	}
	m := MissingOf(c, f, record.Identity{}, c.Created.Add(24*time.Hour), "de")
	if text, err := m.Text(); err != nil || !strings.Contains(text, "am 09.11.2026") {
		t.Errorf("the letter says %v\n%s", err, text)
	}
}
