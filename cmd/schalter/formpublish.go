package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/form/pack"
	"schalter/data/record"
	"schalter/sync/merge"
)

// formPublishing are the commands about forms that every desk of the authority gets.
type formPublishing struct {
	Publish formPublishCmd `cmd:"" help:"Give forms to every desk of the authority: files in the native format, or form packs."`
	List    formListCmd    `cmd:"" help:"List the forms that the authority has published, as this desk knows them."`
	Retire  formRetireCmd  `cmd:"" help:"No longer offer a form for new cases, a built-in one too. Cases that have it keep it."`
}

type formPublishCmd struct {
	access
	Trust string   `placeholder:"FINGERPRINT" help:"Fingerprint of a form pack's publisher, as confirmed on the telephone; it is remembered. Packs of the desk's own centre need none."`
	Files []string `arg:"" name:"file" type:"existingfile" help:"Forms or form packs."`
}

// Run publishes the files; when one of them cannot be, none is. They go to the centre with the next exchange.
func (c formPublishCmd) Run(ctx context.Context, std streams) (err error) {
	h, err := c.open(ctx, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	p, err := h.press(ctx)
	if err != nil {
		return err
	}
	var all []pack.File
	for _, name := range c.Files {
		some, err := p.read(ctx, name, c.Trust)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		all = append(all, some...)
	}
	said, err := p.publish(ctx, all)
	for i, s := range said {
		fmt.Fprintf(std.out, "%s %s %s (%s)\n", s, all[i].Form.ID, all[i].Form.Version, all[i].Title["de"])
	}
	return err
}

// press publishes forms from this desk. Whether the desk may is the centre's to decide, which knows the
// administrators' desks; a right of single users would be asked for here.
type press struct {
	house   *house
	builtin *form.Library
	rows    []record.FormRow
}

func (h *house) press(ctx context.Context) (*press, error) {
	builtin, err := form.Load(assets.Files)
	if err != nil {
		return nil, err
	}
	rows, err := h.store.Forms(ctx)
	return &press{house: h, builtin: builtin, rows: rows}, err
}

// read reads what is to be published and decides about the publisher of a pack.
func (p *press) read(ctx context.Context, name, trust string) ([]pack.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	b, err := io.ReadAll(io.LimitReader(f, pack.MaxSize+1))
	if err != nil {
		return nil, err
	}
	return pack.Read(b, func(w pack.Publisher) error { return p.trusted(ctx, w, trust) })
}

// publishersSetting holds the keys of publishers that somebody confirmed on this desk, in hexadecimal.
const publishersSetting = "form.publishers"

// trusted tells whether a pack's publisher is known: by the authority that the desk pinned at its enrolment,
// by an earlier confirmation, or by the one given now, which is remembered.
func (p *press) trusted(ctx context.Context, w pack.Publisher, fingerprint string) error {
	id, err := p.house.store.Identity(ctx)
	if err != nil {
		return err
	}
	why := pack.Endorsed(w, id.CA)
	if why == nil {
		return nil
	}
	known, err := p.house.store.Setting(ctx, publishersSetting)
	if err != nil {
		return err
	}
	key := hex.EncodeToString(w.Key)
	switch {
	case slices.Contains(strings.Fields(known), key):
		return nil
	case fingerprint != "" && pack.SameFingerprint(fingerprint, w.Key):
		return p.house.store.SetSetting(ctx, publishersSetting, strings.TrimSpace(known+" "+key))
	}
	return record.E(record.CodePackUntrusted, why, "fingerprint", pack.Fingerprint(w.Key))
}

// fits tells whether a form may take its place behind what this desk knows of it; the store looks once more
// when it is recorded.
func (p *press) fits(x pack.File) error {
	if err := p.builtin.Succeeds(x.Form); err != nil {
		return err
	}
	var all []merge.Published
	for _, r := range p.rows {
		if r.Form.ID == x.Form.ID && r.Delivery != record.DeliveryRejected {
			all = append(all, merge.Published{FormPublished: r.FormPublished, Clash: r.Delivery == record.DeliveryConflict})
		}
	}
	return merge.Publishable(all, x.Published())
}

// publish stores the files and records the publications, all of them or none. What is there as it is needs
// no telling.
func (p *press) publish(ctx context.Context, all []pack.File) (said []string, err error) {
	var edits []record.Edit
	for _, x := range all {
		if err := p.fits(x); err != nil {
			return nil, err
		}
		pub := x.Published()
		if slices.ContainsFunc(p.rows, func(r record.FormRow) bool {
			return r.Form == pub.Form && r.File == pub.File && r.Offered()
		}) {
			said = append(said, "already published")
			continue
		}
		if _, err := p.house.blobs.Put(ctx, bytes.NewReader(x.Bytes)); err != nil {
			return nil, err
		}
		edits = append(edits, p.edit(pub))
		said = append(said, "published")
	}
	if _, err := p.house.store.Apply(ctx, edits...); err != nil {
		return nil, err
	}
	return said, nil
}

func (p *press) edit(pub record.FormPublished) record.Edit {
	return record.Edit{Case: record.FormCase(pub.Form.ID), Kind: record.KindForm, User: p.house.user, Payload: pub}
}

// newest is the newest version of a form that counts.
func (p *press) newest(id string) (r record.FormRow, ok bool) {
	for _, x := range p.rows {
		if x.Form.ID == id && x.Delivery != record.DeliveryRejected && x.Delivery != record.DeliveryConflict {
			r, ok = x, true
		}
	}
	return r, ok
}

// retire withdraws the newest version of a form, or the built-in one where none was published.
func (p *press) retire(ctx context.Context, id string) (done bool, err error) {
	r, ok := p.newest(id)
	pub := r.FormPublished
	if ok && pub.Retired {
		return false, nil
	}
	if !ok {
		unknown := record.E(record.CodeFormNotPublished, nil, "id", id)
		newest, err := p.builtin.Latest(id)
		if err != nil {
			return false, unknown
		}
		b, err := form.Source(assets.Files, newest.Ref())
		if err != nil {
			return false, unknown
		}
		x, err := pack.Of(b)
		if err != nil {
			return false, err
		}
		if _, err := p.house.blobs.Put(ctx, bytes.NewReader(b)); err != nil {
			return false, err
		}
		pub = x.Published()
	}
	pub.Retired = true
	_, err = p.house.store.Apply(ctx, p.edit(pub))
	return err == nil, err
}

type formRetireCmd struct {
	access
	ID []string `arg:"" help:"Forms, as 'form list' names them."`
}

// Run takes forms out of what is offered.
func (c formRetireCmd) Run(ctx context.Context, std streams) (err error) {
	h, err := c.open(ctx, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	p, err := h.press(ctx)
	if err != nil {
		return err
	}
	for _, id := range c.ID {
		done, err := p.retire(ctx, id)
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		if done {
			fmt.Fprintf(std.out, "retired %s\n", id)
		} else {
			fmt.Fprintf(std.out, "%s is retired already\n", id)
		}
	}
	return nil
}

type formListCmd struct {
	access
}

// Run lists every version, the oldest first.
func (c formListCmd) Run(ctx context.Context, std streams) (err error) {
	h, err := c.open(ctx, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	p, err := h.press(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "FORM\tVERSION\tSTATE\tFILE\tDELIVERY\tTITLE")
	for _, r := range p.rows {
		file := "here"
		if !r.Here {
			file = "missing"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Form.ID, r.Form.Version, p.state(r), file, r.Delivery, r.Title["de"])
	}
	return t.Flush()
}

// state says in a word how a version stands among those of its form.
func (p *press) state(r record.FormRow) string {
	newest, _ := p.newest(r.Form.ID)
	switch {
	case r.Delivery == record.DeliveryRejected:
		return "refused"
	case r.Delivery == record.DeliveryConflict:
		return "clash"
	case r.Form != newest.Form:
		return "older"
	case r.Retired:
		return "retired"
	case r.Pending:
		return "pending"
	}
	return "offered"
}
