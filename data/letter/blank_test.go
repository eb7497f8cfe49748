package letter

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/form/formtest"
)

func printedBlank(t testing.TB, f *form.Form, lang string, o BlankOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Blank(&b, f, lang, o); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "blank.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func marketForm(t testing.TB) *form.Form {
	t.Helper()
	f, err := form.Parse([]byte(market))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestBlankAsksEverything(t *testing.T) {
	path := printedBlank(t, marketForm(t), "de", BlankOptions{Authority: "Stadt Musterstadt"})
	run(t, "qpdf", "--check", path)
	got := text(t, path)
	for _, want := range []string{
		"Stadt Musterstadt", "Standplatz beantragen", "Name *", "Anschrift", "Telefon (1)", "Telefon (3)", "Gewerblich", "Ja", "Nein", "Länge in m",
		"1.", "3.", "Hilfskraft 3", "Samstag", "Sonntag", "(mehrere möglich)", "liegt bei", "Datum und Unterschrift", "(falls zutreffend)", "Haftpflichtversicherung *",
		"Fassung 1.2", "Seite 1 von 2", "Seite 2 von 2", "Weitere bitte auf einem Beiblatt.", "Eingegangen am",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "blank.") || strings.Contains(got, "{") {
		t.Errorf("something is printed that must not be:\n%s", got)
	}
	if got := text(t, printedBlank(t, marketForm(t), "en", BlankOptions{Rows: 5})); !strings.Contains(got, "Apply for a market stall") || !strings.Contains(got, "5.") || !strings.Contains(got, "Helper 5") {
		t.Errorf("English, five rows:\n%s", got)
	}
}

func TestBlankIsTheSameTwice(t *testing.T) {
	var a, b bytes.Buffer
	_, _ = Blank(&a, marketForm(t), "de", BlankOptions{}), Blank(&b, marketForm(t), "de", BlankOptions{})
	if a.Len() == 0 || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("not the same bytes twice")
	}
}

func TestBrief(t *testing.T) {
	for in, want := range map[string]string{
		"Kurz.": "Kurz.",
		"Geben Sie die Straße an. Ohne Hausnummer, die folgt später.":    "Geben Sie die Straße an.",
		"Geben Sie die Vorwahl bzw. Ländervorwahl in Klammern an, bitte": "Geben Sie die Vorwahl bzw. Ländervorwahl in …",
		"Geben Sie z.B. Max, die Anschrift und das Geburtsdatum an":      "Geben Sie z.B. Max, die Anschrift und das …",
	} {
		if got := brief(in, 45); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestBlankHasNoRoomForWhatIsCalculated(t *testing.T) {
	f := formtest.Sample(15)
	if got := text(t, printedBlank(t, f, "de", BlankOptions{})); strings.Count(got, "Summe") != 1 { // the group's name
		t.Errorf("%s", got)
	}
}

func TestEveryServiceHasABlank(t *testing.T) {
	l, err := form.Load(assets.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.All() {
		for _, lang := range []string{"de", "en"} {
			got := text(t, printedBlank(t, f, lang, BlankOptions{}))
			for _, x := range f.Fields() {
				if label := brief(x.Label.In(lang), 300); !x.Calculated() && !x.Internal && x.Type != form.TypeNote && !strings.Contains(strings.ReplaceAll(got, " ", ""), strings.ReplaceAll(label, " ", "")) {
					if len(strings.Fields(label)) == 1 { // others are broken over lines beside other labels
						t.Errorf("%s %s: %q is missing", f.ID, lang, label)
					}
				}
			}
		}
	}
}

// Nothing leaves the paper or runs into the foot, and every page has its code.
func TestBlankStaysOnItsPages(t *testing.T) {
	for _, f := range []*form.Form{formtest.Official(25), marketForm(t)} {
		path := printedBlank(t, f, "de", BlankOptions{Authority: strings.Repeat("Sehr lange Gemeinde ", 9)})
		page := 0
		word := regexp.MustCompile(`<word xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)" yMax="([0-9.]+)">(.*)</word>`)
		for l := range strings.Lines(run(t, "pdftotext", "-bbox", path, "-")) {
			if strings.Contains(l, "<page ") {
				page++
			}
			m := word.FindStringSubmatch(l)
			if m == nil {
				continue
			}
			mm := func(s string) float64 { v, _ := strconv.ParseFloat(s, 64); return v * 25.4 / 72 }
			// the foot begins at pageHeight-bottom
			if y := mm(m[4]); mm(m[1]) < left-1 || mm(m[3]) > left+width+1 || y > pageHeight-bottom+1 && mm(m[2]) < pageHeight-bottom {
				t.Errorf("page %d: %q lies at %s,%s to %s,%s", page, m[5], m[1], m[2], m[3], m[4])
			}
		}
		files := picture(t, path, 200)
		slices.SortFunc(files, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) }) // page 10 behind page 9
		for i, file := range files {
			if got := decoded(t, file); got != BlankCode(f, i+1) {
				t.Errorf("page %d: the code says %q", i+1, got)
			}
			if i == 2 {
				break // the others are made the same way
			}
		}
	}
}

func decoded(t testing.TB, file string) string {
	t.Helper()
	r, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	img, _, err := image.Decode(r)
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	res, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return err.Error()
	}
	return res.GetText()
}

// No form, however odd its words, breaks the paper.
func TestAnyFormCanBePrinted(t *testing.T) {
	types := []string{"text", "multiline", "integer", "money", "date", "month", "time", "boolean", "choice", "multichoice", "file", "signature", "note", "iban", "chip", "plate"}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.StringMatching(`[A-Za-zäöüß,.]{1,90}`), 1, 30).Draw(t, "words"), " ")
		})
		var items []string
		for i := range rapid.IntRange(1, 8).Draw(t, "fields") {
			typ := rapid.SampledFrom(types).Draw(t, "type")
			more := fmt.Sprintf(`, "width": %d`, rapid.IntRange(1, 12).Draw(t, "width"))
			if typ == "choice" || typ == "multichoice" {
				var list []string
				for k := range rapid.IntRange(1, 40).Draw(t, "choices") {
					list = append(list, fmt.Sprintf(`{"code": "c%d", "label": {"de": %q}}`, k, word.Draw(t, "choice")))
				}
				more += `, "choices": [` + strings.Join(list, ",") + `]`
			}
			if typ != "note" && rapid.Bool().Draw(t, "repeat") {
				more += `, "repeat": {}`
			}
			items = append(items, fmt.Sprintf(`{"field": "f%d", "type": %q, "label": {"de": %q}, "help": {"de": %q}%s}`, i, typ, word.Draw(t, "label"), word.Draw(t, "help"), more))
		}
		repeat := rapid.SampledFrom([]string{"", `, "repeat": {"min": 2}`}).Draw(t, "rows")
		f, err := form.Parse([]byte(fmt.Sprintf(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": %q}, "groups": [{"group": "g", "label": {"de": %q}%s, "items": [%s]}]}`,
			word.Draw(t, "title"), word.Draw(t, "group"), repeat, strings.Join(items, ","))))
		if err != nil {
			t.Fatal(err)
		}
		if err := Blank(&bytes.Buffer{}, f, "de", BlankOptions{Rows: rapid.IntRange(0, 4).Draw(t, "n")}); err != nil {
			t.Fatal(err)
		}
	})
}
