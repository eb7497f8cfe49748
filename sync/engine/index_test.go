package engine

import (
	"context"
	"testing"
	"testing/synctest"

	"schalter/data/record"
)

// A clerk without a line, or without any centre, finds a word of what she imported a moment ago.
func TestTextIsIndexedWithoutALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newMemStore()
		e := New(Config{Store: s, Blobs: Files(s.blobs)})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			e.KeepIndexed(ctx)
			close(ended)
		}()
		synctest.Wait()
		d := record.Document{ID: record.NewID(), Text: s.blobs.put([]byte(`["Bescheid","Aktenwort"]`))}
		s.apply(record.NewID(), record.KindDocument, record.DocumentAdded{Document: d})
		synctest.Wait()
		s.mu.Lock()
		got := s.indexed[d.ID]
		s.mu.Unlock()
		if len(got) != 2 || got[1] != "Aktenwort" {
			t.Errorf("indexed %q", got)
		}
		stop()
		<-ended
	})
}
