package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"schalter/data/durable"
	"schalter/data/form/pack"
	"schalter/data/record"
	"schalter/sync/merge"
	"schalter/sync/server/litestore"
)

type formCmd struct {
	Publish formPublish `cmd:"" help:"Give forms to every desk of a town hall: files in the native format, or form packs."`
	List    formList    `cmd:"" help:"List the forms that a town hall has published."`
	Retire  formRetire  `cmd:"" help:"No longer offer a form for new cases, a built-in one too. Cases that have it keep it; publishing it again offers it again."`
	Pack    formPack    `cmd:"" help:"Put published forms into one signed file, for other town halls and for a stick."`
	Key     formKey     `cmd:"" help:"Print the fingerprint of the key that signs a town hall's form packs, to be confirmed on the telephone."`
}

// signer is the name under which the centre's own changes stand.
type signer struct {
	By string `default:"centre" placeholder:"NAME" help:"Who publishes; it stands in the record of the form."`
}

type formPublish struct {
	data
	office
	signer
	Trust string   `placeholder:"FINGERPRINT" help:"Fingerprint of a form pack's publisher, as confirmed on the telephone. Packs of this centre need none."`
	Files []string `arg:"" name:"file" type:"existingfile" help:"Forms or form packs."`
}

// Run publishes the files; when one of them cannot be, none is.
func (f *formPublish) Run(ctx context.Context, c *console) error {
	return f.withPublisher(ctx, c, f.office, func(p *publisher) error {
		p.by = f.By
		var all []pack.File
		for _, name := range f.Files {
			some, err := p.read(name, f.Trust)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			all = append(all, some...)
		}
		for _, x := range all {
			if err := p.check(x); err != nil {
				return fmt.Errorf("%s %s: %w", x.Form.ID, x.Form.Version, err)
			}
		}
		for _, x := range all {
			said, err := p.publish(ctx, x)
			if err != nil {
				return fmt.Errorf("%s %s: %w", x.Form.ID, x.Form.Version, err)
			}
			fmt.Fprintf(c.out, "%s %s %s (%s)\n", said, x.Form.ID, x.Form.Version, x.Title["de"])
		}
		return nil
	})
}

// maxInput bounds a file that is read to be published.
const maxInput = pack.MaxSize

func (p *publisher) read(name, trust string) ([]pack.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	b, err := io.ReadAll(io.LimitReader(f, maxInput+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxInput {
		return nil, fmt.Errorf("larger than %d MB", maxInput>>20)
	}
	return pack.Read(b, func(w pack.Publisher) error {
		if trust != "" && pack.SameFingerprint(trust, w.Key) {
			return nil
		}
		if err := pack.Endorsed(w, p.ca); err != nil {
			return record.E(record.CodePackUntrusted, err, "fingerprint", pack.Fingerprint(w.Key))
		}
		return nil
	})
}

type formList struct {
	data
	office
}

// Run lists every version, the oldest first.
func (f *formList) Run(ctx context.Context, c *console) error {
	return f.withPublisher(ctx, c, f.office, func(p *publisher) error {
		t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "FORM\tVERSION\tSTATE\tTITLE\tPUBLISHED\tBY")
		for _, id := range p.ids() {
			all := p.published[id]
			newest, _ := merge.Newest(all)
			for _, x := range all {
				ch := p.changes[x.Last]
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", x.Form.ID, x.Form.Version, state(x, newest), printable(x.Title["de"]), ch.Time.Format(time.DateOnly), printable(ch.User))
			}
		}
		return t.Flush()
	})
}

// state says in a word how a version stands among those of its form.
func state(x, newest merge.Published) string {
	switch {
	case x.Clash:
		return "clash"
	case x.Form != newest.Form:
		return "older"
	case x.Retired:
		return "retired"
	}
	return "offered"
}

type formRetire struct {
	data
	office
	signer
	ID []string `arg:"" help:"Forms, as 'form list' names them."`
}

// Run takes forms out of what is offered.
func (f *formRetire) Run(ctx context.Context, c *console) error {
	return f.withPublisher(ctx, c, f.office, func(p *publisher) error {
		p.by = f.By
		for _, id := range f.ID {
			done, err := p.retire(ctx, id)
			if err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			if done {
				fmt.Fprintf(c.out, "retired %s\n", id)
			} else {
				fmt.Fprintf(c.out, "%s is retired already\n", id)
			}
		}
		return nil
	})
}

type formPack struct {
	data
	office
	Out     string   `required:"" type:"path" placeholder:"FILE" help:"File to write."`
	Name    string   `placeholder:"NAME" help:"Name of the pack; the town hall's if left out."`
	Version string   `placeholder:"VERSION" help:"Version of the pack, numbers and dots; the day if left out."`
	ID      []string `arg:"" optional:"" help:"Forms, as 'form list' names them; all that are offered if left out."`
}

// Run writes a pack with the newest version of each form.
func (f *formPack) Run(ctx context.Context, c *console) error {
	return f.withPublisher(ctx, c, f.office, func(p *publisher) error {
		if len(f.ID) == 0 {
			for _, id := range p.ids() {
				if n, ok := merge.Newest(p.published[id]); ok && !n.Retired {
					f.ID = append(f.ID, id)
				}
			}
		}
		x := pack.Pack{Name: f.Name, Version: f.Version}
		if x.Name == "" {
			x.Name = p.authority.Name
		}
		if x.Version == "" {
			x.Version = c.clock().UTC().Format("2006.01.02")
		}
		for _, id := range slices.Compact(slices.Sorted(slices.Values(f.ID))) {
			b, err := p.newest(ctx, id)
			if err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			x.Forms = append(x.Forms, pack.File{Bytes: b})
		}
		b, err := pack.Seal(x, p.key.Key, p.key.Certificate)
		if err != nil {
			return err
		}
		if err := durable.WriteFile(f.Out, b); err != nil {
			return fmt.Errorf("write the pack: %w", err)
		}
		_, err = fmt.Fprintf(c.out, "%d forms in %s, signed by %s\n", len(x.Forms), f.Out, pack.Fingerprint(p.public()))
		return err
	})
}

type formKey struct {
	data
	office
}

// Run prints the fingerprint and nothing else.
func (f *formKey) Run(ctx context.Context, c *console) error {
	return f.withPublisher(ctx, c, f.office, func(p *publisher) error {
		_, err := fmt.Fprintln(c.out, pack.Fingerprint(p.public()))
		return err
	})
}

func (p *publisher) public() ed25519.PublicKey { return p.key.Key.Public().(ed25519.PublicKey) }

// explainForm says in a sentence what an error about a form means to an administrator; ok is false for all
// other errors.
func explainForm(err error) (sentence string, ok bool) {
	var e *record.Error
	if !errors.As(err, &e) {
		return "", false
	}
	form := fmt.Sprintf("%v %v", e.Args["id"], e.Args["version"])
	switch e.Code {
	case record.CodeFormInvalid:
		sentence = fmt.Sprintf("not a form in order: %v: %v", e.Args["path"], e.Args["reason"])
	case record.CodeFormUnresolved:
		sentence = fmt.Sprintf("%s has %v rules that nobody has decided about; decide them first", form, e.Args["count"])
	case record.CodeFormNotNewer:
		sentence = fmt.Sprintf("%s is not newer than version %v; give it a higher version", form, e.Args["newest"])
	case record.CodeFormVersionTaken:
		sentence = form + " is taken by another content; a published version is never changed, give it a higher version"
	case record.CodeFormNotPublished:
		sentence = fmt.Sprintf("no form %v is published; 'schalterd form list' shows them", e.Args["id"])
	case record.CodePackDamaged:
		sentence = fmt.Sprintf("the form pack is damaged or was altered (%v); nothing of it was published", e.Args["reason"])
	case record.CodePackUntrusted:
		sentence = fmt.Sprintf("the publisher of the form pack is not known here; its key is\n  %v\nHave the publisher confirm it on the telephone and give it with --trust", e.Args["fingerprint"])
	default:
		return "", false
	}
	if before, _, found := strings.Cut(err.Error(), e.Error()); found {
		sentence = before + sentence
	}
	return sentence, true
}

type deskAdmin struct {
	data
	office
	Desk int  `required:"" placeholder:"1" help:"The desk's number."`
	Off  bool `help:"Take the right away. What the desk has published stays."`
}

// Run gives or takes the right to publish forms.
func (d *deskAdmin) Run(ctx context.Context, c *console) error {
	return d.with(ctx, func(j *litestore.Store) error {
		if _, err := j.Authority(ctx, d.tenant()); err != nil {
			return d.explain(err)
		}
		name := strings.ToUpper(d.Authority)
		err := j.Grant(ctx, d.tenant(), d.Desk, !d.Off)
		switch {
		case record.CodeOf(err) == record.CodeNotFound:
			return fmt.Errorf("there is no desk %d at %s", d.Desk, name)
		case err != nil:
			return err
		case d.Off:
			_, err = fmt.Fprintf(c.out, "desk %d of %s may no longer publish forms\n", d.Desk, name)
		default:
			_, err = fmt.Fprintf(c.out, "desk %d of %s may publish forms\n", d.Desk, name)
		}
		return err
	})
}
