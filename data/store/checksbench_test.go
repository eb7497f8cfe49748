package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/data/transfer"
)

// BenchmarkChecks lists and counts among 100,000 scans, each in a case of its own, of which 90,000 wait. Making them takes
// about two minutes.
func BenchmarkChecks(b *testing.B) {
	const scans = 100_000
	ctx := b.Context()
	s := desk(b, 1)
	at := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)
	var prev record.Change
	device, seq := record.NewID(), uint64(0)
	begun := time.Now()
	for done := 0; done < scans; done += 1000 {
		var batch []record.Sequenced
		add := func(e record.Edit) {
			ch, err := record.Seal(e, device, prev, at)
			check(b, err)
			prev = ch
			seq++
			batch = append(batch, record.Sequenced{Seq: seq, Change: ch})
		}
		for i := done; i < done+1000; i++ {
			id := record.NewID()
			at = at.Add(time.Minute)
			user := fmt.Sprint("user", i%12)
			for _, e := range dog(id, "Weber", "Ina", "Rex") {
				add(e)
			}
			e, d := noted(id, user, fmt.Sprint("Scan ", i), at)
			e.Payload = record.DocumentAdded{Document: transfer.Sign(d, record.Identity{Device: device, Key: make([]byte, 32)}, "Schalter 1")}
			add(e)
			if i%10 == 0 {
				add(record.Edit{Case: id, Kind: record.KindCheck, User: "klein", Payload: record.DocumentChecked{Document: d.ID, Of: d.Shown.Hash, OK: i%20 == 0}})
			}
		}
		_, err := s.Receive(ctx, batch, record.Cursor{History: "h", Seq: seq})
		check(b, err)
	}
	b.Logf("made in %s", time.Since(begun))
	measure := func(name string, f func(b *testing.B)) {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				f(b)
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-µs")
		})
	}
	for _, v := range []record.CheckView{record.CheckSample, record.CheckOpen, record.CheckBlocked, record.CheckFree} {
		for _, deep := range []int{0, 1 << 30} {
			_, total, err := s.Checks(ctx, v, 0, 1)
			check(b, err)
			offset := min(deep, total-50)
			measure(fmt.Sprintf("%s/%d", v, offset), func(b *testing.B) {
				rows, _, err := s.Checks(ctx, v, offset, 50)
				check(b, err)
				if len(rows) != 50 {
					b.Fatal(len(rows))
				}
			})
		}
	}
	measure("counts", func(b *testing.B) {
		_, err := s.Counts(ctx, "user3")
		check(b, err)
	})
	rows, _, err := s.Checks(ctx, record.CheckSample, 0, 2000)
	check(b, err)
	n := 0
	measure("check", func(b *testing.B) {
		check(b, s.CheckScan(ctx, rows[n].Case, "klein", rows[n].Document, record.DocumentChecked{OK: true}))
		n++
	})
}
