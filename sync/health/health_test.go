package health

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"schalter/data/record"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestCheck(t *testing.T) {
	link := func(online bool, since time.Duration, code record.Code, pairs ...any) record.Link {
		l := record.Link{Configured: true, Online: online, Since: now.Add(-since)}
		if code != "" {
			l.Trouble = record.E(code, nil, pairs...)
		}
		return l
	}
	const plenty = 100 << 30
	tests := []struct {
		name string
		f    Facts
		want []string
		sev  Severity // of the first
	}{
		{"all is well", Facts{Link: link(true, time.Hour, ""), Free: plenty}, nil, 0},
		{"no centre", Facts{Free: plenty, Counts: record.Counts{Outbox: 9, Oldest: now.AddDate(0, -1, 0)}}, nil, 0},
		{"a short gap", Facts{Link: link(false, 5*time.Second, record.CodeOffline), Free: plenty}, nil, 0},
		{"offline", Facts{Link: link(false, time.Hour, record.CodeOffline), Free: plenty}, []string{Offline}, Notice},
		{"untrusted", Facts{Link: link(false, 0, record.CodeCentreUntrusted), Free: plenty}, []string{Untrusted}, Danger},
		{"portal", Facts{Link: link(false, 0, record.CodeCaptivePortal), Free: plenty}, []string{Portal}, Warning},
		{"clock", Facts{Link: link(true, 0, record.CodeClockWrong, "difference", "2:00 h"), Free: plenty}, []string{Clock}, Warning},
		{"revoked", Facts{Link: link(false, 0, record.CodeDeskRevoked), Free: plenty}, []string{Revoked}, Danger},
		{"forked", Facts{Link: link(false, 0, record.CodeForked), Free: plenty}, []string{Forked}, Danger},
		{"a form that is not the published one", Facts{Link: link(true, 0, record.CodeFormRefused, "id", "hund", "version", "2"), Free: plenty}, []string{Form}, Warning},
		{"a form for a newer program", Facts{Link: link(false, time.Hour, record.CodeFormTooNew, "id", "hund", "version", "2"), Free: plenty}, []string{FormNew}, Notice},
		{"old centre", Facts{Link: link(false, 0, record.CodeCentreOld), Free: plenty}, []string{Version}, Warning},
		{"centre in trouble", Facts{Link: link(false, 0, record.CodeCentreTrouble), Free: plenty}, []string{Trouble}, Warning},
		{"disk low", Facts{Link: link(true, 0, ""), Free: 1 << 30}, []string{DiskLow}, Warning},
		{"disk full", Facts{Link: link(true, 0, ""), Free: 0}, []string{DiskFull}, Danger},
		{"disk unknown", Facts{Link: link(true, 0, ""), Free: -1}, nil, 0},
		{"rejected", Facts{Link: link(true, 0, ""), Free: plenty, Counts: record.Counts{Rejected: 2}}, []string{Rejected}, Warning},
		{"damaged", Facts{Link: link(true, 0, ""), Free: plenty, Problems: 1}, []string{Damaged}, Danger},
		{"old outbox", Facts{Link: link(true, 0, ""), Free: plenty, Counts: record.Counts{Outbox: 3, Oldest: now.AddDate(0, 0, -4)}}, []string{Stale}, Warning},
		{"very old outbox", Facts{Link: link(true, 0, ""), Free: plenty, Counts: record.Counts{Outbox: 3, Oldest: now.AddDate(0, 0, -11)}}, []string{Stale}, Danger},
		{
			"the worst first",
			Facts{Link: link(false, time.Hour, record.CodeOffline), Free: 1 << 20, Counts: record.Counts{Rejected: 1, Outbox: 1, Oldest: now.AddDate(0, 0, -5)}},
			[]string{DiskFull, Rejected, Stale, Offline},
			Danger,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.f.Now = now
			var keys []string
			got := Check(tt.f)
			for _, w := range got {
				keys = append(keys, w.Key)
			}
			if !slices.Equal(keys, tt.want) {
				t.Fatalf("got %v, want %v", keys, tt.want)
			}
			if len(got) > 0 && got[0].Severity != tt.sev {
				t.Errorf("severity %d, want %d", got[0].Severity, tt.sev)
			}
		})
	}
}

// TestEveryWarningHasItsTexts reads the translations that screens read.
func TestEveryWarningHasItsTexts(t *testing.T) {
	keys := []string{Offline, Untrusted, Portal, Clock, Stale, DiskLow, DiskFull, Rejected, Damaged, Revoked, Forked, Version, Trouble}
	codes := []record.Code{
		record.CodeOffline, record.CodeCentreUntrusted, record.CodeCaptivePortal, record.CodeClockWrong, record.CodeEnrolCode,
		record.CodeEnrolFinger, record.CodeDeskRevoked, record.CodeDeskUnknown, record.CodeSignatureBad, record.CodeHistoryChanged,
		record.CodeForked, record.CodeRejected, record.CodeCentreBusy, record.CodeCentreTrouble, record.CodeCentreOld,
		record.CodeHashMismatch, record.CodeAddressBad,
	}
	var sizes []int
	for _, lang := range []string{"de", "en"} {
		b, err := os.ReadFile(filepath.Join("..", "..", "assets", "translations", lang, "sync.json"))
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			for _, s := range []string{"health." + k, "health." + k + ".hint"} {
				if texts[s] == "" {
					t.Errorf("%s lacks %s", lang, s)
				}
			}
		}
		for _, c := range codes {
			for _, s := range []string{"error." + string(c), "error." + string(c) + ".hint"} {
				if texts[s] == "" {
					t.Errorf("%s lacks %s", lang, s)
				}
			}
		}
		sizes = append(sizes, len(texts))
	}
	if sizes[0] != sizes[1] {
		t.Errorf("German has %d texts, English %d", sizes[0], sizes[1])
	}
}
