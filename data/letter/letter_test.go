package letter

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"
)

func example() Content {
	return Content{
		Lang: "de", Authority: "Stadt Musterstadt", Office: "Bürgerbüro",
		Contact:   []string{"Marktplatz 1", "36000 Musterstadt", "Telefon 06600 123-0", "buergerbuero@musterstadt.example"},
		Recipient: []string{"Frau", "Thị Hương Nguyễn-Öztürk", "Große Straße 12 a", "36000 Musterstadt"},
		Number:    "MS-1-26-00417-K", Service: "Hund zur Hundesteuer anmelden", Clerk: "S. Yıldız",
		Received: time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC), Provisional: true, QR: "MS-1-26-00417-K",
		Groups: []Group{
			{Title: "Halterin oder Halter", Rows: []Row{
				{Label: "Familienname", Value: "Nguyễn-Öztürk"},
				{Label: "Vornamen", Value: "Thị Hương"},
				{Label: "Geburtsdatum", Value: "04.07.1988"},
				{Label: "Anschrift", Value: "Große Straße 12 a\n36000 Musterstadt"},
				{Label: "Telefon", Value: "0151 23456789"},
			}},
			{Title: "Hund", Rows: []Row{
				{Label: "Name", Value: "Łajka"},
				{Label: "Rasse", Value: "Magyar Vizsla"},
				{Label: "Chipnummer", Value: "276 0981 0012 3456"},
				{Label: "Gehalten seit", Value: "01.11.2026"},
				{Label: "Aus dem Tierheim", Value: "Ja"},
			}},
			{Title: "SEPA-Lastschrift", Rows: []Row{
				{Label: "Kontoinhaber", Value: "Thị Hương Nguyễn-Öztürk"}, {Label: "IBAN", Value: "DE02 1203 0000 0000 2020 51"}, {Label: "Zahlweise", Value: "jährlich zum 01.07."},
			}},
			{Title: "Leer"},
		},
		Proofs: []Proof{
			{Label: "Haftpflichtversicherung für den Hund", State: ProofPresent, Note: "2 Seiten, gescannt"},
			{Label: "Abgabevertrag des Tierheims", State: ProofPresent, Note: "1 Seite, gescannt"},
			{Label: "Impfausweis", State: ProofMissing, Note: ""},
			{Label: "Sachkundenachweis", State: ProofWaived, Note: "Rasse steht nicht auf der Liste"},
		},
		Next: []string{"Das Steueramt setzt die Hundesteuer fest und schickt Ihnen einen Bescheid, in der Regel binnen zwei Wochen.", "Die Hundemarke liegt dem Bescheid bei."},
	}
}

func printed(t testing.TB, all ...Content) string {
	t.Helper()
	var b bytes.Buffer
	if err := Confirmation(&b, all...); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	exe, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	out, err := exec.Command(exe, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func text(t testing.TB, path string) string {
	return strings.Join(strings.Fields(run(t, "pdftotext", "-layout", path, "-")), " ")
}

func TestTheTextIsAllThere(t *testing.T) {
	c := example()
	got := text(t, printed(t, c))
	want := []string{
		c.Authority, c.Office, c.Number, c.Service, "Nguyễn-Öztürk", "S. Yıldız", "Łajka", "Große Straße 12 a", "VORLÄUFIG",
		"DE02 1203 0000 0000 2020 51", "bitte nachreichen", "nicht erforderlich", "Eingegangen am 23.11.2026 um 14:05 Uhr", "Seite 1 von 2", "Seite 2 von 2",
		"Wie es weitergeht", c.Next[0][:40],
	}
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%q is missing", w)
		}
	}
	if strings.Contains(got, "Leer") || strings.Contains(got, "letter.") || strings.Contains(got, "{") {
		t.Errorf("something is printed that must not be:\n%s", got)
	}
	c.Provisional, c.Lang = false, "en"
	got = text(t, printed(t, c))
	for _, w := range []string{"Confirmation of receipt", "Received on 23 November 2026 at 14:05", "Page 1 of 2", "please hand in"} {
		if !strings.Contains(got, w) {
			t.Errorf("English: %q is missing", w)
		}
	}
	if strings.Contains(strings.ToLower(got), "provisional") {
		t.Error("a final confirmation says that it is provisional")
	}
}

func TestFontsAreEmbedded(t *testing.T) {
	path := printed(t, example())
	fonts := run(t, "pdffonts", path)
	for i, l := range strings.Split(strings.TrimSpace(fonts), "\n") {
		if f := strings.Fields(l); i >= 2 && f[len(f)-5] != "yes" {
			t.Errorf("not embedded: %s", l)
		}
	}
	if st, err := os.Stat(path); err != nil || st.Size() > 150<<10 {
		t.Errorf("%d bytes, %v", st.Size(), err)
	}
	run(t, "qpdf", "--check", path)
}

func picture(t testing.TB, path string, dpi int) []string {
	dir := t.TempDir()
	if keep := os.Getenv("LETTER_PICTURES"); keep != "" {
		dir = keep
	}
	run(t, "mutool", "draw", "-q", "-r", fmt.Sprint(dpi), "-o", filepath.Join(dir, "p%d.png"), path)
	pictures, err := filepath.Glob(filepath.Join(dir, "p*.png"))
	if err != nil || len(pictures) == 0 {
		t.Fatal("no picture", err)
	}
	return pictures
}

func TestTheCodeCanBeRead(t *testing.T) {
	c := example()
	c.QR = "https://musterstadt.example/v/MS-1-26-00417-K"
	f, err := os.Open(picture(t, printed(t, c), 150)[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	res, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil || res.GetText() != c.QR {
		t.Errorf("code says %v, %v", res, err)
	}
}

func TestSameContentSameBytes(t *testing.T) {
	a, errA := os.ReadFile(printed(t, example()))
	b, errB := os.ReadFile(printed(t, example()))
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Error("two letters of one content differ")
	}
}

func TestNothingWithoutANumber(t *testing.T) {
	var b bytes.Buffer
	if err := Confirmation(&b, Content{}); !errors.Is(err, ErrNoNumber) || b.Len() != 0 {
		t.Errorf("%v, %d bytes", err, b.Len())
	}
	if err := Confirmation(&b, Content{Number: "X", QR: strings.Repeat("x", 10_000)}); err == nil || b.Len() != 0 {
		t.Errorf("a code that holds nothing more: %v, %d bytes", err, b.Len())
	}
}

// TestAnyContentFits holds that no text, however odd, breaks the letter or leaves the paper.
func TestAnyContentFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.Rune(), 0, 300, -1)
		words := rapid.SliceOfN(word, 0, 4)
		c := Content{
			Lang: rapid.SampledFrom([]string{"de", "en", "xx"}).Draw(t, "lang"), Number: "MS-1-26-00417-K", QR: "x",
			Authority: word.Draw(t, "authority"), Office: word.Draw(t, "office"), Contact: words.Draw(t, "contact"), Recipient: words.Draw(t, "recipient"),
			Service: word.Draw(t, "service"), Clerk: word.Draw(t, "clerk"), Provisional: rapid.Bool().Draw(t, "provisional"), Next: words.Draw(t, "next"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "groups") {
			c.Groups = append(c.Groups, Group{Title: word.Draw(t, "title"), Rows: []Row{{Label: word.Draw(t, "label"), Value: word.Draw(t, "value")}}})
		}
		c.Proofs = []Proof{{Label: word.Draw(t, "proof"), State: ProofState(rapid.IntRange(0, 2).Draw(t, "state")), Note: word.Draw(t, "note")}}
		if err := Confirmation(&bytes.Buffer{}, c); err != nil {
			t.Fatal(err)
		}
	})
}

func TestALongAnswerGoesOnOverPages(t *testing.T) {
	c := example()
	words := make([]string, 3000)
	for i := range words {
		words[i] = fmt.Sprintf("wort%d", i)
	}
	c.Groups = append(c.Groups, Group{Title: "Bemerkung", Rows: []Row{{Label: "Text", Value: strings.Join(words, " ")}, {Label: "Ohne Lücke", Value: strings.Repeat("x", 5000)}}})
	got := text(t, printed(t, c))
	for _, w := range words {
		if !strings.Contains(got, w) {
			t.Fatalf("%s is lost", w)
		}
	}
	if n := strings.Count(got, "x"); n < 5000 {
		t.Errorf("%d of 5000 letters", n)
	}
}

// Several confirmations in one PDF: each has its own number, head, code and count of pages.
func TestSeveralConfirmationsFollowOneAnother(t *testing.T) {
	a, b := example(), example()
	b.Number, b.QR, b.Service, b.Provisional = "MS-1-26-00418-X", "MS-1-26-00418-X", "Saal buchen", false
	b.Groups = append(b.Groups, Group{Title: "Lang", Rows: []Row{{Label: "Anmerkung", Value: strings.Repeat("Sehr viel Text. ", 200)}}})
	one, other, both := text(t, printed(t, a)), text(t, printed(t, b)), text(t, printed(t, a, b))
	if both != one+" "+other || !strings.Contains(both, "Seite 1 von 2") {
		t.Error("together they say something else than alone")
	}
	if err := Confirmation(&bytes.Buffer{}); !errors.Is(err, ErrNoNumber) {
		t.Errorf("nothing to confirm: %v", err)
	}
}

func TestUnprintableLettersAreMarked(t *testing.T) {
	f, err := fonts()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"Nguye\u0302\u0303n": "Nguyễn", "a\tb\u00adc\u200d": "a bc", "\u0000x\u0007": "x", "名": "\uFFFD", "😀": "\uFFFD", "Ǆ ẞ Ș Ż ı İ Ơ": "Ǆ ẞ Ș Ż ı İ Ơ",
	} {
		if got := printable(f.glyphs, in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}

func BenchmarkConfirmation(b *testing.B) {
	c := example()
	for b.Loop() {
		if err := Confirmation(&bytes.Buffer{}, c); err != nil {
			b.Fatal(err)
		}
	}
}
