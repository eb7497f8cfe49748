package form

import (
	"errors"
	"strings"
	"testing"

	"schalter/data/record"
)

func TestDecisionsAreRead(t *testing.T) {
	f, err := Parse([]byte(base(`, "decided": [
		{"rule": "r7", "on": ["g/text", "weg"], "text": {"de": "Nur werktags."}, "reason": "steht in der Satzung nicht mehr"},
		{"rule": "r8", "on": ["g"], "text": {"de": "Nur mit Antrag."}, "by": "antrag"}]`, "", "")))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Decided) != 2 || f.Decided[0].Text["de"] != "Nur werktags." || f.Decided[0].On[1] != "weg" || f.Decided[1].By != "antrag" {
		t.Errorf("read %+v", f.Decided)
	}
	if err := Publishable(f); err != nil {
		t.Errorf("what was decided is no longer open: %v", err)
	}
}

func TestDecisionsAreRefused(t *testing.T) {
	for decided, reason := range map[string]string{
		`[{"rule": "r", "text": {"de": "X"}}]`:                                 "or a reason",
		`[{"rule": "r", "reason": "weil"}]`:                                    `the key "text" is missing`,
		`[{"rule": "r", "text": {"de": "X"}, "reason": "weil", "wer": "ich"}]`: `unknown key "wer"`,
		`[{"rule": "r r", "text": {"de": "X"}, "reason": "weil"}]`:             "is not a name",
		`[{"rule": "r", "text": {"de": "X", "en": "X"}, "reason": "weil"}]`:    `does not name the language`,
	} {
		_, err := Parse([]byte(base(`, "decided": `+decided, "", "")))
		e, ok := errors.AsType[*record.Error](err)
		if !ok || !strings.Contains(e.Error(), reason) || !strings.HasPrefix(e.Args["path"].(string), "/decided/0") {
			t.Errorf("%s: %v", decided, err)
		}
	}
}
