package desk

import (
	"testing"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

func TestTheStatusLineSaysHowFarTheWordsAre(t *testing.T) {
	x, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		state record.Recognition
		want  StatusItem
	}{
		{record.Recognition{Engine: "tesseract 5.3.0"}, StatusItem{}},
		{record.Recognition{Pause: record.PauseMissing, Trouble: record.E(record.CodeOCRMissing, nil)}, StatusItem{}},
		{record.Recognition{Done: 3, Total: 48}, StatusItem{Text: "Texterkennung: 3 von 48 Seiten"}},
		{record.Recognition{Done: 12, Total: 48, Pause: record.PauseScan}, StatusItem{Text: "Texterkennung: 12 von 48 Seiten, Pause: es wird gescannt"}},
		{record.Recognition{Total: 2, Pause: record.PauseBattery}, StatusItem{Text: "Texterkennung: 0 von 2 Seiten, Pause: Akkubetrieb"}},
		{record.Recognition{Total: 2, Pause: record.PauseClerk}, StatusItem{Text: "Texterkennung: 0 von 2 Seiten, Pause: angehalten"}},
		{
			record.Recognition{Total: 2, Pause: record.PauseTrouble, Trouble: record.E(record.CodeOCRFailed, nil)},
			StatusItem{Text: "Texterkennung: 0 von 2 Seiten, Pause: es gelingt nicht", Kind: control.KindTrouble},
		},
	} {
		if got := ReadingItem(x, c.state); got != c.want {
			t.Errorf("%+v: %+v", c.state, got)
		}
	}
	text, hint := readingText(x, record.Recognition{Pause: record.PauseMissing, Trouble: record.E(record.CodeOCRMissing, nil)})
	if text != "Texterkennung ist nicht eingerichtet." || hint == "" {
		t.Error(text, hint)
	}
}
