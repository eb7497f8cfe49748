package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/form/pack"
	"schalter/data/record"
	"schalter/sync/merge"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/filestore"
	"schalter/sync/server/litestore"
	"schalter/sync/server/tlsca"
)

// publisher makes the centre's own changes: publications of forms for one town hall. They stand in a chain of
// the centre's own device and take the same way through the journal as those of a desk.
type publisher struct {
	journal   *litestore.Store
	files     *filestore.Store
	clock     record.Clock
	authority server.Authority
	key       tlsca.Publisher
	ca        []byte
	own       server.Desk
	by        string
	builtin   *form.Library

	published map[string][]merge.Published // by form
	changes   map[record.ID]record.Change
}

// withPublisher runs f while no other command publishes.
func (d data) withPublisher(ctx context.Context, c *console, o office, f func(*publisher) error) error {
	return d.with(ctx, func(j *litestore.Store) (err error) {
		a, err := j.Authority(ctx, o.tenant())
		if err != nil {
			return o.explain(err)
		}
		lock := flock.New(filepath.Join(d.Data, "publish.lock"))
		if err := lock.Lock(); err != nil {
			return fmt.Errorf("publishing: %w", err)
		}
		defer func() { err = errors.Join(err, lock.Unlock()) }()
		keys, err := d.keys(c.clock)
		if err != nil {
			return err
		}
		files, err := d.files()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, files.Close()) }()
		p := &publisher{journal: j, files: files, clock: c.clock, authority: a, ca: keys.CA()}
		if p.builtin, err = form.Load(assets.Files); err != nil {
			return err
		}
		if p.key, err = keys.Publisher(a.Tenant, a.Name); err != nil {
			return err
		}
		if p.own, err = j.Own(ctx, a.Tenant, record.NewID(), p.public(), c.clock()); err != nil {
			return err
		}
		if !p.own.Key.Equal(p.public()) {
			return fmt.Errorf("the key in %s is not the one with which %s has published until now; restore it from the backup", keys.PublisherFile(a.Tenant), a.Name)
		}
		if err := p.gather(ctx); err != nil {
			return err
		}
		return f(p)
	})
}

// verifyPublishers holds the keys with which the centre has published against those that lie there.
func (v *verify) verifyPublishers(ctx context.Context, c *console, j *litestore.Store) (bad int, err error) {
	own, err := j.OwnKeys(ctx)
	if err != nil || len(own) == 0 {
		return 0, err
	}
	keys, err := v.keys(c.clock)
	if err != nil {
		return 0, err
	}
	for _, tenant := range slices.Sorted(maps.Keys(own)) {
		key, err := keys.PublisherKey(tenant)
		if err == nil && !key.Equal(own[tenant]) {
			err = errors.New("it is another key than the one with which the forms were published")
		}
		if err != nil {
			bad++
			fmt.Fprintf(c.out, "PROBLEM %s: %v; restore it from the backup\n", keys.PublisherFile(tenant), err)
		}
	}
	_, err = fmt.Fprintf(c.out, "publishers: %d keys, all compared\n", len(own))
	return bad, err
}

// gather folds what was published.
func (p *publisher) gather(ctx context.Context) error {
	p.changes = map[record.ID]record.Change{}
	by := map[record.ID][]record.Change{}
	err := p.journal.Forms(ctx, p.authority.Tenant, func(e server.Entry) error {
		l, err := protocol.ParseLine(bytes.Clone(e.Line))
		if err != nil {
			return err
		}
		p.changes[l.Change.ID] = l.Change
		by[l.Change.Case] = append(by[l.Change.Case], l.Change)
		return nil
	})
	p.published = map[string][]merge.Published{}
	for _, changes := range by {
		if all := merge.Forms(changes); len(all) > 0 {
			p.published[all[0].Form.ID] = all
		}
	}
	return err
}

func (p *publisher) ids() []string { return slices.Sorted(maps.Keys(p.published)) }

// check tells whether a form may be published now.
func (p *publisher) check(x pack.File) error {
	if err := p.builtin.Succeeds(x.Form); err != nil {
		return err
	}
	return merge.Publishable(p.published[x.Form.ID], x.Published())
}

// publish puts the file to the others and then tells the desks. What is there as it is needs no telling.
func (p *publisher) publish(ctx context.Context, x pack.File) (said string, err error) {
	if err := p.check(x); err != nil {
		return "", err
	}
	pub := x.Published()
	if err := p.keep(ctx, pub.File, x.Bytes); err != nil {
		return "", err
	}
	for _, o := range p.published[x.Form.ID] {
		if o.Form == pub.Form && o.File == pub.File && !o.Retired {
			return "already published", nil
		}
	}
	return "published", p.record(ctx, pub)
}

// keep stores a form's file; one that is there stays as it is.
func (p *publisher) keep(ctx context.Context, ref record.BlobRef, b []byte) error {
	for range 3 {
		st, err := p.files.State(ctx, p.authority.Tenant, ref.Hash)
		switch {
		case err != nil:
			return err
		case st.Complete:
			return p.journal.KeepFiles(ctx, p.authority.Tenant, ref.Hash)
		}
		from := min(st.Offset, int64(len(b)))
		_, err = p.files.Append(ctx, p.authority.Tenant, ref.Hash, from, ref.Size, bytes.NewReader(b[from:]))
		if err != nil && !errors.Is(err, server.ErrOffset) && record.CodeOf(err) != record.CodeHashMismatch {
			return err
		}
	}
	return record.E(record.CodeCentreBusy, fmt.Errorf("file %s cannot be stored", ref.Hash))
}

// record adds a publication to the history.
func (p *publisher) record(ctx context.Context, pub record.FormPublished) error {
	last, err := p.journal.Last(ctx, p.own.Device)
	if err != nil {
		return err
	}
	edit := record.Edit{Case: record.FormCase(pub.Form.ID), Kind: record.KindForm, User: p.by, Payload: pub}
	ch, err := record.Seal(edit, p.own.Device, last, p.clock())
	if err == nil {
		err = merge.Check(ch)
	}
	if err != nil {
		return err
	}
	b, err := protocol.AppendChange(nil, ch)
	if err != nil {
		return err
	}
	l, err := protocol.ParseLine(b)
	if err != nil {
		return err
	}
	a, err := p.journal.Push(ctx, p.own.Device, []protocol.Line{l})
	switch {
	case err != nil:
		return err
	case len(a.Results) != 1:
		return fmt.Errorf("the journal expects change %d of the centre's own device, not %d", a.Expect, ch.N)
	case a.Results[0].Code != "":
		return record.E(a.Results[0].Code, errors.New(a.Results[0].Detail), "reason", a.Results[0].Detail)
	}
	return p.gather(ctx)
}

// retire withdraws the newest version of a form, or the built-in one where none was published.
func (p *publisher) retire(ctx context.Context, id string) (done bool, err error) {
	var pub record.FormPublished
	newest, ok := merge.Newest(p.published[id])
	switch {
	case ok && newest.Retired:
		return false, nil
	case ok:
		pub = newest.FormPublished
	default:
		x, err := p.builtinFile(id)
		if err != nil {
			return false, err
		}
		pub = x.Published()
		if err := p.keep(ctx, pub.File, x.Bytes); err != nil {
			return false, err
		}
	}
	pub.Retired = true
	return true, p.record(ctx, pub)
}

// builtinFile finds the newest built-in version of a form.
func (p *publisher) builtinFile(id string) (pack.File, error) {
	unknown := record.E(record.CodeFormNotPublished, nil, "id", id)
	newest, err := p.builtin.Latest(id)
	if err != nil {
		return pack.File{}, unknown
	}
	b, err := form.Source(assets.Files, newest.Ref())
	if err != nil {
		return pack.File{}, unknown
	}
	return pack.Of(b)
}

// newest reads the file of the newest published version, or of the built-in one where none was published.
func (p *publisher) newest(ctx context.Context, id string) (b []byte, err error) {
	n, ok := merge.Newest(p.published[id])
	if !ok {
		x, err := p.builtinFile(id)
		return x.Bytes, err
	}
	f, size, err := p.files.Open(ctx, p.authority.Tenant, n.File.Hash)
	if record.CodeOf(err) == record.CodeBlobMissing {
		return nil, fmt.Errorf("its file has not come from the desk that published it: %w", err)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b = make([]byte, size)
	_, err = io.ReadFull(f, b)
	return b, err
}
