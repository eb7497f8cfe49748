package letter

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
)

func certificate() Certificate {
	return Certificate{
		Authority: "Stadt Musterstadt", Office: "Bürgerbüro", Place: "Musterstadt", Day: time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC),
		Official: "Weber, Verwaltungsfachangestellte", Number: "B-MS-1-26/00012", Case: "MS-1-26-00417-K",
		Original: "Zeugnis der allgemeinen Hochschulreife der Goethe-Schule Musterstadt vom 12.06.2009 für Emre Yıldız",
		Issued:   true, Pages: 3, Percent: 94, Remarks: []Remark{RemarkBacks, RemarkNoSeal}, Remark: "Der Rand links ist gelocht.",
	}
}

func TestWhatACertificationMustHave(t *testing.T) {
	signed := &Signature{Holder: "Emre Yıldız", Time: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC), Certificates: "D-TRUST CA 2-1"}
	for name, x := range map[string]struct {
		change func(*Certificate)
		want   []Lack
	}{
		"whole":                     {func(*Certificate) {}, nil},
		"printout":                  {func(c *Certificate) { c.File = true }, nil},
		"no description":            {func(c *Certificate) { c.Original = " \n " }, []Lack{LackOriginal}},
		"hardly a description":      {func(c *Certificate) { c.Original = "Pass" }, []Lack{LackOriginal}},
		"private, for nobody":       {func(c *Certificate) { c.Issued = false }, []Lack{LackFor}},
		"private, for somebody":     {func(c *Certificate) { c.Issued, c.For = false, "Finanzamt Musterstadt" }, nil},
		"looks altered":             {func(c *Certificate) { c.Doubts = []Doubt{DoubtErased} }, []Lack{LackTrust}},
		"signed":                    {func(c *Certificate) { c.File, c.Signature = true, signed }, nil},
		"signed paper":              {func(c *Certificate) { c.Signature = signed }, []Lack{LackSignature}},
		"signed, not verified":      {func(c *Certificate) { c.File, c.Signature = true, &Signature{} }, []Lack{LackSignature}},
		"no page":                   {func(c *Certificate) { c.Pages = 0 }, []Lack{LackPages}},
		"nobody, nowhere, no time":  {func(c *Certificate) { c.Authority, c.Place, c.Official, c.Day = "", "", "", time.Time{} }, []Lack{LackOffice, LackPlace, LackDay, LackOfficial}},
		"altered and not described": {func(c *Certificate) { c.Doubts, c.Original = Doubts(), "" }, []Lack{LackTrust, LackOriginal}},
	} {
		c := certificate()
		x.change(&c)
		if got := c.Check(); !slices.Equal(got, x.want) {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
		var b bytes.Buffer
		if err := WriteCertificate(&b, c); (err == nil) != (len(x.want) == 0) || err != nil && (!errors.Is(err, ErrNotCertified) || b.Len() > 0) {
			t.Errorf("%s: %v, %d bytes", name, err, b.Len())
		}
	}
	c := certificate()
	c.Number = ""
	if WriteCertificate(&bytes.Buffer{}, c) == nil || WriteCopyFoot(&bytes.Buffer{}, 595, 842, c, 1, 1) == nil {
		t.Error("a copy without a number was certified")
	}
}

func TestWhatACertificationSays(t *testing.T) {
	write := func(c Certificate) []byte {
		var b bytes.Buffer
		if err := WriteCertificate(&b, c); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	paper := said(t, write(certificate()))
	for _, want := range []string{
		"Beglaubigungsvermerk", "B-MS-1-26/00012", "stimmt mit dem vorgelegten Schriftstück überein", "3 Seiten", "Goethe-Schule", "Emre Yıldız",
		"Leere Rückseiten", "kein Siegel", "94 %", "gelocht", "Musterstadt, 23.11.2026", "Unterschrift: Weber", "Dienstsiegel",
		"Gültig nur mit Unterschrift und Dienstsiegel", "Blatt 4 von 4",
	} {
		if !strings.Contains(paper, want) {
			t.Errorf("%q is not on the sheet:\n%s", want, paper)
		}
	}
	if strings.Contains(paper, "nur zur Vorlage") || strings.Contains(paper, "Ausdruck") {
		t.Errorf("the sheet says too much:\n%s", paper)
	}
	c := certificate()
	c.File, c.Issued, c.For, c.Percent = true, false, "Finanzamt Musterstadt", 100
	c.Signature = &Signature{Holder: "Dr. Ayşe Çelik", Time: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC), Certificates: "D-TRUST CA 2-1, Nummer 4711"}
	file := said(t, write(c))
	for _, want := range []string{"Der vorstehende Ausdruck", "elektronischen Dokument", "Dr. Ayşe Çelik", "01.11.2026, 08:00:00 UTC", "4711", "nur zur Vorlage", "Finanzamt Musterstadt"} {
		if !strings.Contains(file, want) {
			t.Errorf("%q is not on the sheet:\n%s", want, file)
		}
	}
	if strings.Contains(file, "verkleinert") {
		t.Error("what is as large as the original is said to be smaller")
	}
	var foot bytes.Buffer
	if err := WriteCopyFoot(&foot, 595, 842, certificate(), 2, 1); err != nil {
		t.Fatal(err)
	}
	if s := said(t, foot.Bytes()); !strings.Contains(s, "B-MS-1-26/00012") || !strings.Contains(s, "Blatt 2 von 4") || !strings.Contains(s, "Dienstsiegel") {
		t.Errorf("foot: %s", s)
	}
	if !bytes.Equal(write(c), write(c)) {
		t.Error("twice the same is not the same")
	}
}

func TestMarksAndAccounts(t *testing.T) {
	var b bytes.Buffer
	box := func(x0, y0, x1, y1 float64) []record.Box { return []record.Box{{X0: x0, Y0: y0, X1: x1, Y1: y1}} }
	err := WriteMarks(&b, 595, 842, []record.Mark{
		{Kind: record.MarkStamp, Boxes: box(.6, .05, .95, .1), Text: "Eingegangen am 23.11.2026"},
		{Kind: record.MarkNote, Boxes: box(.1, .5, .4, .6), Text: "Bitte bei der Kasse nachfragen, ob die Gebühr schon bezahlt ist."},
		{Kind: record.MarkHighlight, Boxes: append(box(.1, .2, .5, .22), box(.1, .23, .3, .25)...)},
		{Kind: record.MarkBlack, Boxes: box(.1, .3, .5, .32), Text: "GEHEIM"},
		{Kind: "seal", Boxes: box(0, 0, .0001, .0001), Text: "winzig \U0001F600"},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := said(t, b.Bytes())
	if !strings.Contains(s, "Eingegangen am") || !strings.Contains(s, "Gebühr") || strings.Contains(s, "GEHEIM") {
		t.Error(s)
	}
	b.Reset()
	a := Account{Lang: "de", Authority: "Stadt Musterstadt", Title: "Vermerke und Verlauf", Subject: "MS-1-26-00417-K"}
	for range 60 {
		a.Parts = append(a.Parts, AccountPart{Title: "Verlauf", Rows: []AccountRow{{"23.11.2026 09:30", "abgelegt: Ausweis"}, {Text: strings.Repeat("lang ", 60)}}})
	}
	if err := WriteAccount(&b, a); err != nil {
		t.Fatal(err)
	}
	if s := said(t, b.Bytes()); !strings.Contains(s, "abgelegt: Ausweis") || !strings.Contains(s, "Seite 2 von") {
		t.Error(s)
	}
}

// said is what a paper says, in one line.
func said(t *testing.T, pdf []byte) string { return strings.Join(strings.Fields(wordsOf(t, pdf)), " ") }

// A proof that was thrown away is not there any more.
func TestWhatLiesInTheTrashIsNotThere(t *testing.T) {
	c, f := dogCase(t)
	c.Documents = []record.Document{{ID: "d", Proof: f.Proofs[0].ID, Pages: 2}}
	count := func() (n int) {
		for _, p := range Of(c, f, record.Identity{}, time.Now(), "de").Proofs {
			if p.State == ProofPresent {
				n++
			}
		}
		return n
	}
	before, missing := count(), MissingOf(c, f, record.Identity{}, time.Now(), "de")
	for i := range c.Documents {
		c.Documents[i].Trashed = &record.Trashed{}
	}
	after := MissingOf(c, f, record.Identity{}, time.Now(), "de")
	if before == 0 || count() != 0 || len(after.Parts[0].Proofs) < len(missing.Parts[0].Proofs) {
		t.Errorf("%d proofs are said to be there, %d were", count(), before)
	}
}
