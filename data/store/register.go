package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"schalter/data/record"
)

// copySeries is the series of certified copies of this desk and year, such as "B-MS-1-26".
func (t *tx) copySeries() (string, error) {
	id := t.identity()
	n := record.Number{Office: id.Office, Desk: id.Desk, Year: t.now.Year() % 100, Seq: 1}
	if _, err := record.ParseNumber(n.String()); id.Desk == 0 || err != nil {
		return "", record.E(record.CodeNotEnrolled, err)
	}
	return fmt.Sprintf("B-%s-%d-%02d", n.Office, n.Desk, n.Year), nil
}

// nextCopy is the number that the next certified copy gets. One that stands in the register already, because
// this desk was set up anew, is passed over.
func (t *tx) nextCopy(ctx context.Context) (series string, seq int, err error) {
	if series, err = t.copySeries(); err != nil {
		return "", 0, err
	}
	if _, err := t.one(ctx, `SELECT last FROM number WHERE series = ?`, args(series), &seq); err != nil {
		return "", 0, err
	}
	err = t.each(ctx, `SELECT json_extract(payload, '$.number') FROM journal WHERE kind = 'certify' AND payload IS NOT NULL AND json_valid(payload)`, nil, func(scan func(...any) error) error {
		var number any
		if err := scan(&number); err != nil {
			return err
		}
		if text, ok := number.(string); ok {
			var n int
			if rest, of := strings.CutPrefix(text, series+"/"); of {
				if _, err := fmt.Sscanf(rest, "%d", &n); err == nil {
					seq = max(seq, min(n, 9_999_999))
				}
			}
		}
		return nil
	})
	return series, seq + 1, err
}

func copyNumber(series string, seq int) string { return fmt.Sprintf("%s/%05d", series, seq) }

// NextCopy is the number that the next certified copy of this desk gets; it is given away only by [Store.Certify].
func (s *Store) NextCopy(ctx context.Context) (number string, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		series, seq, err := t.nextCopy(ctx)
		number = copyNumber(series, seq)
		return err
	})
	if err != nil {
		return "", err
	}
	return number, nil
}

// Certify enters a certified copy into the register, in one transaction with giving away its number. A number
// that is not the next one is [record.CodeCopyNumber]: so the register of a desk has no gap and nothing twice.
func (s *Store) Certify(ctx context.Context, id record.ID, user string, c record.DocumentCertified) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		series, seq, err := t.nextCopy(ctx)
		if err != nil {
			return err
		}
		if c.Number != copyNumber(series, seq) {
			return record.E(record.CodeCopyNumber, nil, "number", c.Number)
		}
		if err := t.exec(ctx, `INSERT INTO number (series, last) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET last = ?2`, series, seq); err != nil {
			return err
		}
		b := t.batch()
		b.later = true
		if _, err := b.apply(ctx, []record.Edit{{Case: id, Kind: record.KindCertify, User: user, Payload: c}}); err != nil {
			return err
		}
		return b.save(ctx)
	})
}

// sides is how many pages a rendition of a document has; 0 where it is not known.
func sides(d record.Document, of record.Hash) int {
	if d.Shown.Hash == of {
		return d.Pages
	}
	for _, v := range d.Versions {
		if v.Shown.Hash == of {
			return v.Pages
		}
	}
	return 0
}

// Register lists the certified copies of this desk that were made in a time, in the order of their numbers as
// they were given.
func (s *Store) Register(ctx context.Context, from, to time.Time) (out []record.Registered, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		var found []entry
		if err := t.entries(ctx, ` WHERE j.kind = 'certify' AND d.own = 1 ORDER BY j.key`, nil, func(e entry) error {
			if believed(e) && e.fault == "" && !e.Time.Before(from) && e.Time.Before(to) {
				found = append(found, e)
			}
			return nil
		}); err != nil {
			return err
		}
		for _, e := range found {
			c, err := t.caseAt(ctx, e.matter)
			if err != nil {
				return err
			}
			r := record.Registered{Case: c.ID, CaseNumber: c.Number, Party: c.Party().Name(), Certified: record.Certified{Change: e.ID, Time: e.Time, User: e.User}}
			told(e.Change, func(p record.DocumentCertified) { r.DocumentCertified = p })
			for _, d := range c.Documents {
				if d.ID == r.Document {
					r.Title, r.Sides = d.Title, sides(d, r.Of)
				}
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}
