package transfer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/data/transfer"
)

var at = time.Date(2026, 11, 23, 9, 30, 15, 123456789, time.FixedZone("CET", 3600))

func desk() record.Identity {
	return record.Identity{Device: "0199d7a0-0000-7000-8000-000000000001", Key: bytes.Repeat([]byte{7}, 32)}
}

func files(names ...string) (out []record.Original) {
	for _, n := range names {
		out = append(out, record.Original{Name: n, Blob: record.BlobRef{Hash: record.HashOf([]byte(n)), Size: int64(len(n))}})
	}
	return out
}

func scan() record.Document {
	return record.Document{
		ID: "doc", Title: "Ausweis", Source: record.SourceScan, Shown: files("shown")[0].Blob, Originals: files("p1", "p2"), User: "filer",
		Transfer: &record.Transfer{
			Time: at, User: "weber", Device: "fujitsu fi-7160", Settings: "feeder gray 300 dpi", Pages: 3, Out: 1, Blank: []int{3},
			Anomalies: []string{"scan.same_page:2"}, Match: true,
		},
	}
}

func signed(t interface{ Fatal(...any) }) record.Document {
	d := transfer.Sign(scan(), desk(), "Schalter 1.2")
	if err := transfer.Verify(d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSignFillsTheNote(t *testing.T) {
	before := scan()
	d := transfer.Sign(before, desk(), "Schalter 1.2")
	if n := d.Transfer; n.Desk != desk().Device || n.Software != "Schalter 1.2" || len(n.Originals) != 2 || n.User != "weber" {
		t.Errorf("%+v", n)
	}
	if before.Transfer.Sig != nil || before.Transfer.Originals != nil {
		t.Error("the note of the draft was altered")
	}
	if again := transfer.Sign(d, record.Identity{Device: "other", Key: bytes.Repeat([]byte{8}, 32)}, "x"); !reflect.DeepEqual(again, d) {
		t.Error("a note that stands was signed anew")
	}
	if plain := transfer.Sign(record.Document{ID: "x"}, desk(), "s"); plain.Transfer != nil || transfer.Verify(plain) != nil {
		t.Error("an import got a note")
	}
	if keyless := transfer.Sign(scan(), record.Identity{}, "s"); !errors.Is(transfer.Verify(keyless), transfer.ErrUnsigned) {
		t.Error("signed without a key")
	}
	// It comes back from the journal.
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back record.Document
	if err := json.Unmarshal(b, &back); err != nil || transfer.Verify(back) != nil {
		t.Errorf("%v, %v", err, transfer.Verify(back))
	}
}

// Every field of the note is under the signature, also one that is added some day.
func TestNoFieldCanBeChanged(t *testing.T) {
	base := signed(t)
	typ := reflect.TypeFor[record.Transfer]()
	for i := range typ.NumField() {
		n := *base.Transfer
		f := reflect.ValueOf(&n).Elem().Field(i)
		switch v := f.Interface().(type) {
		case string:
			f.SetString(v + "x")
		case record.ID:
			f.SetString(string(v) + "x")
		case int:
			f.SetInt(int64(v) + 1)
		case bool:
			f.SetBool(!v)
		case time.Time:
			f.Set(reflect.ValueOf(v.Add(time.Nanosecond)))
		case []int:
			f.Set(reflect.ValueOf(append(slices.Clone(v), 1)))
		case []string:
			f.Set(reflect.ValueOf(append(slices.Clone(v), "")))
		case []record.Hash:
			f.Set(reflect.ValueOf([]record.Hash{v[1], v[0]}))
		case []byte:
			w := slices.Clone(v)
			w[len(w)/2] ^= 1
			f.SetBytes(w)
		default:
			t.Fatalf("field %s: no idea how to change a %T", typ.Field(i).Name, v)
		}
		d := base
		d.Transfer = &n
		if transfer.Verify(d) == nil {
			t.Errorf("%s was changed and nobody noticed", typ.Field(i).Name)
		}
	}
}

// Any other byte of the note as it is stored, or of an original, is found.
func TestEveryByteCounts(t *testing.T) {
	base := signed(t)
	note, err := json.Marshal(base.Transfer)
	if err != nil {
		t.Fatal(err)
	}
	for at := range note {
		for _, bit := range []byte{1, 2, 32} {
			b := slices.Clone(note)
			b[at] ^= bit
			d := base
			d.Transfer = nil
			if json.Unmarshal(b, &d.Transfer) != nil || d.Transfer == nil {
				continue // that is found too
			}
			said, err := json.Marshal(d.Transfer)
			if err != nil {
				t.Fatal(err)
			}
			if transfer.Verify(d) == nil && !bytes.Equal(said, note) { // "Time" is read as "time"
				t.Fatalf("byte %d: %s", at, b)
			}
		}
	}
	stored := map[record.Hash][]byte{}
	for _, o := range base.Originals {
		stored[o.Blob.Hash] = []byte(o.Name)
	}
	open := func(h record.Hash) (io.ReadCloser, error) {
		b, ok := stored[h]
		if !ok {
			return nil, fmt.Errorf("no file %s", h)
		}
		return io.NopCloser(bytes.NewReader(b)), nil
	}
	if err := transfer.VerifyFiles(base, open); err != nil {
		t.Fatal(err)
	}
	for h, b := range stored {
		for i := range b {
			b[i] ^= 4
			if err := transfer.VerifyFiles(base, open); !errors.Is(err, transfer.ErrFile) {
				t.Errorf("byte %d of %s: %v", i, h, err)
			}
			b[i] ^= 4
		}
	}
	delete(stored, base.Originals[1].Blob.Hash)
	if transfer.VerifyFiles(base, open) == nil {
		t.Error("a lost original was not missed")
	}
}

func TestOriginalsOfTheNote(t *testing.T) {
	for name, x := range map[string]struct {
		now []record.Original
		ok  bool
	}{
		"as filed":       {files("p1", "p2"), true},
		"a page more":    {files("p1", "p2", "p3"), true},
		"a page less":    {files("p1"), false},
		"another page":   {files("p1", "p3"), false},
		"swapped":        {files("p2", "p1"), false},
		"put in between": {files("p1", "p3", "p2"), false},
		"none":           {nil, false},
	} {
		d := signed(t)
		d.Originals = x.now
		if err := transfer.Verify(d); (err == nil) != x.ok || err != nil && !errors.Is(err, transfer.ErrOriginals) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
