package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/litestore"
)

type authority struct {
	Add  authorityAdd  `cmd:"" help:"Add a town hall."`
	List authorityList `cmd:"" help:"List the town halls."`
}

type authorityAdd struct {
	data
	Name   string `arg:"" help:"Name as printed on letters, such as Musterstadt."`
	Office string `required:"" placeholder:"MS" help:"1 to 4 letters that begin every case number; for good."`
}

// Run adds an authority.
func (a *authorityAdd) Run(ctx context.Context, c *console) error {
	office := strings.ToUpper(a.Office)
	if n := (record.Number{Office: office, Desk: 1, Seq: 1}); !parses(n) {
		return fmt.Errorf("--office %q: need 1 to 4 letters A to Z", a.Office)
	}
	name := strings.TrimSpace(a.Name)
	if name == "" || len(name) > 200 {
		return errors.New("the authority needs a name of at most 200 characters")
	}
	town := server.Authority{Tenant: strings.ToLower(office), Name: name, Office: office, History: record.NewID(), Created: c.clock()}
	return a.with(ctx, func(j *litestore.Store) error {
		err := j.AddAuthority(ctx, town)
		if errors.Is(err, server.ErrExists) {
			return fmt.Errorf("there is an authority with the letters %s already; case numbers would clash", office)
		}
		if err == nil {
			_, err = fmt.Fprintf(c.out, "added %s (%s)\n", name, office)
		}
		return err
	})
}

func parses(n record.Number) bool {
	got, err := record.ParseNumber(n.String())
	return err == nil && got == n
}

type authorityList struct{ data }

// Run lists the authorities.
func (a *authorityList) Run(ctx context.Context, c *console) error {
	return a.with(ctx, func(j *litestore.Store) error {
		all, err := j.Authorities(ctx)
		if err != nil {
			return err
		}
		t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "OFFICE\tNAME\tDESKS\tSINCE")
		for _, x := range all {
			desks, err := j.Desks(ctx, x.Tenant)
			if err != nil {
				return err
			}
			fmt.Fprintf(t, "%s\t%s\t%d\t%s\n", x.Office, x.Name, len(desks), day(x.Created))
		}
		return t.Flush()
	})
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func minute(t time.Time) string { return t.Format("2006-01-02 15:04Z") }

type desk struct {
	Enrol  deskEnrol  `cmd:"" help:"Make a one-time code for a new desk. Standard output is the code and nothing else; it is valid for 7 days."`
	List   deskList   `cmd:"" help:"List a town hall's desks."`
	Admin  deskAdmin  `cmd:"" help:"Let a desk publish forms to all others, or take that right away."`
	Revoke deskRevoke `cmd:"" help:"Shut a desk out for good. What it has sent stays."`
}

// office is how commands name a town hall.
type office struct {
	Authority string `required:"" placeholder:"MS" help:"The town hall's letters."`
}

func (o office) tenant() string { return strings.ToLower(o.Authority) }

func (o office) explain(err error) error {
	if record.CodeOf(err) == record.CodeNotFound {
		return fmt.Errorf("there is no authority %s; 'schalterd authority list' shows them", strings.ToUpper(o.Authority))
	}
	return err
}

type deskEnrol struct {
	data
	office
	Desk  int    `required:"" placeholder:"1" help:"The desk's number, 1 to 999. It becomes part of its case numbers and is never given again."`
	Admin bool   `help:"The desk may publish forms to all others."`
	URL   string `name:"url" placeholder:"URL" help:"https address for the code, if it is not the one that serve uses."`
}

// Run makes an invitation and prints its code.
func (d *deskEnrol) Run(ctx context.Context, c *console) error {
	if d.Desk < 1 || d.Desk > 999 {
		return fmt.Errorf("--desk %d: need a number from 1 to 999", d.Desk)
	}
	keys, err := d.keys(c.clock)
	if err != nil {
		return err
	}
	return d.with(ctx, func(j *litestore.Store) error {
		address := d.URL
		if address == "" {
			if address, err = j.Setting(ctx, urlSetting); err != nil {
				return err
			}
		}
		if address == "" {
			return errors.New("the centre's address is not known yet: start 'schalterd serve' once, or give --url")
		}
		code, err := protocol.NewEnrolCode(address, d.tenant(), keys.CA())
		if err != nil {
			return err
		}
		now := c.clock()
		err = j.Invite(ctx, server.Invitation{
			Tenant: d.tenant(), Number: d.Desk, Secret: record.HashOf([]byte(code.SecretText())), Centre: code.URL,
			Created: now, Expires: now.Add(server.InvitationLife), Admin: d.Admin,
		})
		if errors.Is(err, server.ErrExists) {
			return fmt.Errorf("desk %d of %s is enrolled already and its number stands in case numbers; give the new desk another number", d.Desk, strings.ToUpper(d.Authority))
		}
		if err != nil {
			return d.explain(err)
		}
		_, err = fmt.Fprintln(c.out, code)
		return err
	})
}

type deskList struct {
	data
	office
}

// Run lists an authority's desks.
func (d *deskList) Run(ctx context.Context, c *console) error {
	return d.with(ctx, func(j *litestore.Store) error {
		if _, err := j.Authority(ctx, d.tenant()); err != nil {
			return d.explain(err)
		}
		desks, err := j.Desks(ctx, d.tenant())
		if err != nil {
			return err
		}
		t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "DESK\tSTATE\tENROLLED\tLAST SEEN\tCHANGES\tDEVICE\tPROGRAM")
		for _, x := range desks {
			state := "active"
			if x.Admin {
				state = "admin"
			}
			if !x.Revoked.IsZero() {
				state = "revoked " + day(x.Revoked)
			}
			fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%d\t%s\t%s\n", x.Number, state, minute(x.Enrolled), minute(x.Seen), x.N, x.Device, printable(x.Program))
		}
		return t.Flush()
	})
}

// printable keeps what a desk says about itself from steering the administrator's terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '?'
		}
		return r
	}, s)
}

type deskRevoke struct {
	data
	office
	Desk int `required:"" placeholder:"1" help:"The desk's number."`
}

// Run revokes a desk.
func (d *deskRevoke) Run(ctx context.Context, c *console) error {
	return d.with(ctx, func(j *litestore.Store) error {
		if _, err := j.Authority(ctx, d.tenant()); err != nil {
			return d.explain(err)
		}
		err := j.Revoke(ctx, d.tenant(), d.Desk, c.clock())
		if record.CodeOf(err) == record.CodeNotFound {
			return fmt.Errorf("there is no desk %d at %s", d.Desk, strings.ToUpper(d.Authority))
		}
		if err == nil {
			_, err = fmt.Fprintf(c.out, "desk %d of %s is shut out\n", d.Desk, strings.ToUpper(d.Authority))
		}
		return err
	})
}
