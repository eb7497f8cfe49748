package capture

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

func the(t testing.TB, canonical string) day {
	t.Helper()
	d, ok := dayOf(canonical)
	if !ok {
		t.Fatalf("%q is no day", canonical)
	}
	return d
}

func booked(day, from, to string) record.Booking {
	return record.Booking{Case: record.NewID(), Number: "MS-2-26-00031-K", Party: "TSV Musterstadt", Resource: "gross", Day: day, From: from, To: to}
}

func TestDaysStandAsTheBookingsSay(t *testing.T) {
	all := []record.Booking{
		booked("2027-06-12", "18:00", "23:00"), booked("2027-06-12", "09:00", "12:00"), booked("2027-06-13", "20:00", "02:00"), booked("2027-06-20", "", ""),
		booked("kein Tag", "", ""),
	}
	for _, c := range []struct {
		day, from, to string
		timed         bool
		want          occupancy
	}{
		{"2027-06-12", "18:00", "20:00", true, dayTaken},
		{"2027-06-12", "22:59", "23:30", true, dayTaken},
		{"2027-06-12", "23:00", "23:30", true, dayPart}, // one ends when the other begins
		{"2027-06-12", "12:00", "18:00", true, dayPart},
		{"2027-06-12", "12:00", "18:01", true, dayTaken},
		{"2027-06-12", "", "", true, dayTaken},
		{"2027-06-12", "", "", false, dayPart},
		{"2027-06-11", "18:00", "23:00", true, dayFree},
		{"2027-06-11", "18:00", "09:00", true, dayFree},
		{"2027-06-11", "18:00", "10:00", true, dayTaken}, // goes on after midnight
		{"2027-06-14", "01:00", "03:00", true, dayTaken}, // the evening before goes on
		{"2027-06-14", "02:00", "03:00", true, dayPart},
		{"2027-06-14", "", "", false, dayPart},
		{"2027-06-15", "", "", true, dayFree},
		{"2027-06-20", "03:00", "04:00", true, dayTaken},
	} {
		if got := stands(the(t, c.day), stretchOf(c.from, c.to), c.timed, all); got != c.want {
			t.Errorf("%s %s-%s (%v): %d, want %d", c.day, c.from, c.to, c.timed, got, c.want)
		}
	}
	if s := on(the(t, "2027-06-12"), all); len(s) != 2 || s[0].from != 9*60 || s[1].from != 18*60 {
		t.Errorf("%+v", s)
	}
}

func TestWeeksAndMonths(t *testing.T) {
	for _, c := range []struct{ day, from, month string }{
		{"2027-06-12", "2027-06-07", "2027-05-31"}, // Saturday: this week and the next
		{"2027-06-10", "2027-06-07", "2027-05-31"}, // Thursday
		{"2027-06-09", "2027-05-31", "2027-05-31"}, // Wednesday: the week before and this one
		{"2027-03-28", "2027-03-22", "2027-03-01"}, // the clocks are put forward
		{"2028-02-29", "2028-02-21", "2028-01-31"},
	} {
		d := the(t, c.day)
		f, m := fortnight(d), monthWeeks(d)
		if f[0].String() != c.from || f[13] != f[0].plus(13) || m[0].String() != c.month || m[41] != m[0].plus(41) {
			t.Errorf("%s: %s to %s, month from %s", c.day, f[0], f[13], m[0])
		}
		if !slices.Contains(f[:], d) || !slices.Contains(m[:], d) {
			t.Errorf("%s is not shown", c.day)
		}
	}
	for _, c := range []struct {
		day  string
		by   int
		want string
	}{{"2027-01-31", 1, "2027-02-28"}, {"2027-12-15", 1, "2028-01-15"}, {"2027-03-31", -1, "2027-02-28"}, {"2027-01-01", -13, "2025-12-01"}} {
		if got := the(t, c.day).nextMonth(c.by); got.String() != c.want {
			t.Errorf("%s %+d: %s, want %s", c.day, c.by, got, c.want)
		}
	}
}

func TestBarsKeepToTheirHours(t *testing.T) {
	for _, c := range []struct {
		from, to string
		a, b     float32
	}{
		{"08:00", "", 0, 1}, {"16:00", "20:00", 0.5, 0.75}, {"06:00", "09:00", 0, 0.0625}, {"05:00", "08:00", 0, 0}, {"22:00", "03:00", 0.875, 1},
	} {
		if a, b := stretchOf(c.from, c.to).shares(); a != c.a || b != c.b {
			t.Errorf("%s-%s: %v to %v", c.from, c.to, a, b)
		}
	}
}

func TestLanesNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var slots []slot
		for range rapid.IntRange(0, 8).Draw(t, "bookings") {
			from := rapid.IntRange(0, 23).Draw(t, "from")
			slots = append(slots, slot{stretch: stretch{from * 60, (from + rapid.IntRange(1, 6).Draw(t, "hours")) * 60}})
		}
		slices.SortFunc(slots, func(a, b slot) int { return a.from - b.from })
		lane, n := lanes(slots)
		for i := range slots {
			if lane[i] >= n {
				t.Fatalf("lane %d of %d", lane[i], n)
			}
			for k := range i {
				if lane[i] == lane[k] && slots[i].meets(slots[k].stretch) {
					t.Fatalf("%v and %v share lane %d", slots[k].stretch, slots[i].stretch, lane[i])
				}
			}
		}
	})
}

// A stretch meets another one exactly when some minute belongs to both.
func TestStretchesMeetWhereTheyShareAMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (record.Booking, map[int]bool) {
			d := rapid.IntRange(10, 12).Draw(t, name+" day")
			from, to := rapid.IntRange(0, 23).Draw(t, name+" from"), rapid.IntRange(0, 23).Draw(t, name+" to")
			minutes := map[int]bool{}
			end := to
			if end <= from {
				end += 24
			}
			for h := from; h < end; h++ {
				minutes[d*24+h] = true
			}
			return booked(fmt.Sprintf("2027-06-%d", d), fmt.Sprintf("%02d:00", from), fmt.Sprintf("%02d:00", to)), minutes
		}
		a, mine := draw("wish")
		b, theirs := draw("booking")
		share := false
		for m := range mine {
			share = share || theirs[m]
		}
		d, _ := dayOf(a.Day)
		if got := len(clashing(d, stretchOf(a.From, a.To), []record.Booking{b})) > 0; got != share {
			t.Fatalf("%s %s-%s and %s %s-%s: %v", a.Day, a.From, a.To, b.Day, b.From, b.To, got)
		}
	})
}
