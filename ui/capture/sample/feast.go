package sample

import (
	"context"
	"strconv"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/capture"
)

// calendar is what is booked already.
type calendar []record.Booking

// Bookings lists what of it lies on the days.
func (c calendar) Bookings(_ context.Context, resource, from, to string) (out []record.Booking, _ error) {
	for _, b := range c {
		if b.Resource == resource && from <= b.Day && b.Day <= to {
			out = append(out, b)
		}
	}
	return out, nil
}

func halls() calendar {
	var out calendar
	for i, b := range []record.Booking{
		{Party: "TSV Musterstadt", Subject: "Sommerball", Day: "2027-06-12", From: "18:00", To: "23:00"},
		{Party: "VdK Ortsverband", Subject: "Kaffeenachmittag", Day: "2027-06-12", From: "14:00", To: "16:30"},
		{Party: "Stadt Musterstadt", Subject: "Blutspende", Day: "2027-06-10", From: "15:30", To: "20:00"},
		{Party: "Gesangverein 1882", Subject: "Chorprobe", Day: "2027-06-08", From: "19:30", To: "22:00"},
		{Party: "Gesangverein 1882", Subject: "Chorprobe", Day: "2027-06-15", From: "19:30", To: "22:00"},
		{Party: "Familie Öztürk", Subject: "Hochzeit", Day: "2027-06-19", From: "12:00", To: "03:00"},
		{Party: "Kita Regenbogen", Subject: "Flohmarkt", Day: "2027-06-20", From: "09:00", To: "14:00"},
		{Party: "Feuerwehr", Subject: "Jahreshauptversammlung", Day: "2027-06-25", From: "19:00", To: "23:30"},
		{Party: "Musikschule", Subject: "Vorspiel", Day: "2027-06-26", From: "10:00", To: "12:00"},
		{Party: "Karnevalverein", Subject: "Sommerfest", Day: "2027-06-26", From: "13:00", To: "17:00"},
		{Party: "Tanzclub", Subject: "Turnier", Day: "2027-06-26", From: "18:00", To: "23:00"},
	} {
		b.Case, b.Resource, b.Service = record.NewID(), "gross", "saal-buchen"
		b.Number = record.Number{Office: "MS", Desk: 2, Year: 26, Seq: 31 + i}.String()
		out = append(out, b)
	}
	return out
}

// feast opens a draft of the services around a feast, where the state is about one.
func (d *Desk) feast(forms capture.Forms, state State) bool {
	service := map[State]string{Hall: "saal-buchen", Month: "saal-buchen", Bundle: "vereinsfest"}[state]
	f, err := forms.Latest(service)
	if service == "" || err != nil {
		return false
	}
	v := record.Values{}
	for role, answer := range map[record.Role]string{
		record.RoleOrg: "Musikzug Musterstadt e. V.", record.RoleFamily: "Schäfer", record.RoleGiven: "Nele", record.RoleStreet: "Ludwigstraße",
		record.RoleHouse: "3", record.RolePostcode: "65428", record.RoleTown: "Musterstadt", record.RoleSubject: "Sommernachtsfest",
		record.RoleResource: "gross", record.RoleDay: "2027-06-12",
	} {
		v[f.Roles[role]] = answer
	}
	if state == Bundle {
		d.accept(f.ID, v)
		return true
	}
	t, err := d.Model().Resume(record.Draft{ID: record.NewID(), Service: f.ID, Form: f.Ref(), Values: v, User: "M. Weber", Created: now, Updated: now, Channel: "counter"})
	if err != nil {
		return false
	}
	for _, path := range []string{"saal/von", "saal/bis"} {
		t.Enter(path)
		t.Type(path, map[string]string{"saal/von": "19", "saal/bis": "1"}[path])
		t.Leave(path)
	}
	t.Enter("saal/tag")
	d.Settle()
	if state == Month {
		d.then = func() { d.press("capture.calendar") }
	}
	return true
}

// accept fills a bundle with whatever fits and submits it.
func (d *Desk) accept(service string, v record.Values) {
	t, err := d.Model().Start(service)
	if err != nil {
		return
	}
	for path, answer := range v {
		t.Type(path, answer)
	}
	for _, p := range t.Form().Parts {
		if p.When != "" {
			t.Type(p.When, "ja")
		}
	}
	for round := range 12 { // answers ask for further ones, and later times come after earlier ones
		for _, f := range t.Findings() {
			switch x := t.Form().Field(f.Path); {
			case !f.Open():
			case f.Kind != capture.FindingError:
				t.Override(f.Rule, "wird nachgereicht")
			case x != nil:
				t.Type(f.Path, fitting(x, round))
			}
		}
	}
	d.Settle()
	d.press("capture.submit")
}

// fitting is an answer that a field takes.
func fitting(f *form.Field, round int) string {
	switch f.Type {
	case form.TypeChoice, form.TypeMulti:
		return f.Choices()[0].Code
	case form.TypeBoolean:
		return "ja"
	case form.TypeDate:
		return "12.6.2027"
	case form.TypeTime:
		return strconv.Itoa(18 + min(round, 5))
	case form.TypeInteger, form.TypeDecimal, form.TypeMoney:
		return "10"
	case form.TypePhone:
		return "0171 2345678"
	}
	if f.Example != "" {
		return f.Example
	}
	return "12"
}
