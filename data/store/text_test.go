package store

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"schalter/assets"
	"schalter/data/record"
)

// Every error of this room has a sentence and a hint in both languages, with the same placeholders.
func TestErrorsHaveSentences(t *testing.T) {
	holes := regexp.MustCompile(`\{\w+\}`)
	texts := map[string]map[string]string{}
	for _, lang := range []string{"de", "en"} {
		b, err := assets.Files.ReadFile("translations/" + lang + "/store.json")
		check(t, err)
		m := map[string]string{}
		check(t, json.Unmarshal(b, &m))
		texts[lang] = m
	}
	if len(texts["de"]) != len(texts["en"]) {
		t.Errorf("%d texts in German, %d in English", len(texts["de"]), len(texts["en"]))
	}
	for _, c := range []record.Code{
		record.CodeInternal, record.CodeBadID, record.CodeStoreMissing, record.CodeStoreExists, record.CodeStoreForeign, record.CodeStoreDamaged,
		record.CodeStoreInUse, record.CodeStoreNewer, record.CodeStoreNetwork, record.CodeDiskFull, record.CodeReadOnly, record.CodeDiskError,
		record.CodeNotFound, record.CodeNotEnrolled, record.CodeNumberBad, record.CodeChainBroken,
	} {
		for _, key := range []string{"error." + string(c), "error." + string(c) + ".hint"} {
			de, en := texts["de"][key], texts["en"][key]
			if de == "" || en == "" {
				t.Errorf("%s is missing", key)
			}
			a, b := holes.FindAllString(de, -1), holes.FindAllString(en, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s: placeholders %v and %v", key, a, b)
			}
		}
	}
}
