package letter

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"time"

	"schalter/data/mail"
)

// What a message says stands on the paper, over as many pages as it takes, and equal messages give equal papers.
func TestMailBecomesAPaper(t *testing.T) {
	m := &mail.Message{
		From: "Jörg Müller <j.mueller@example.org>", To: "Stadt Musterstadt", Subject: "Hundesteuer für Balu", Date: time.Date(2026, 11, 23, 10, 15, 0, 0, time.FixedZone("", 3600)),
		Text:  "Guten Tag,\n\n" + strings.Repeat("anbei der Schutzvertrag für Balu.\n", 120) + "Letzte Zeile: Größe 12 €",
		Parts: []mail.Part{{Name: "Schutzvertrag.pdf"}, {}},
	}
	write := func() []byte {
		var b bytes.Buffer
		if err := WriteMail(&b, m, "de"); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	pdf := write()
	if !bytes.Equal(pdf, write()) {
		t.Error("the same message gives another paper")
	}
	out := wordsOf(t, pdf)
	for _, want := range []string{"Hundesteuer für Balu", "Jörg Müller <j.mueller@example.org>", "Stadt Musterstadt", "23.11.2026", "10:15 +0100", "Letzte Zeile: Größe 12 €", "1. Schutzvertrag.pdf", "2. (ohne Namen)", "Seite 3 von 3"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestMailWithoutAnythingSaysSo(t *testing.T) {
	for lang, want := range map[string]string{"de": "(ohne Betreff)", "en": "(no subject)"} {
		var b bytes.Buffer
		if err := WriteMail(&b, &mail.Message{}, lang); err != nil {
			t.Fatal(err)
		}
		if out := wordsOf(t, b.Bytes()); !strings.Contains(out, want) {
			t.Errorf("%s: %q is missing in %q", lang, want, out)
		}
	}
}

// wordsOf reads a paper with another program.
func wordsOf(t *testing.T, pdf []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	if cmd.Err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
