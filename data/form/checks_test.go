package form

import (
	"strings"
	"testing"
)

// one makes a form with a single field of the type, with more keys if wanted.
func one(t testing.TB, typ Type, more string) *Form {
	t.Helper()
	if typ.Listed() && more == "" {
		more = `, "choices": [{"code": "r", "label": {"de": "Rot", "en": "red"}}, {"code": "h", "label": {"de": "Hellgrün", "en": "light green"}}, {"code": "d", "label": {"de": "Hellblau, dunkel", "en": "light blue"}}]`
	}
	return parse(t, `{"format": "schalter-form/1", "id": "x", "version": "1", "languages": ["de", "en"], "title": {"de": "X", "en": "X"},
		"groups": [{"group": "g", "label": {"de": "G", "en": "G"}, "items": [{"field": "f", "type": "`+string(typ)+`", "label": {"de": "F", "en": "F"}`+more+`}]}]}`)
}

func TestTypesUnderstand(t *testing.T) {
	for typ, cases := range map[Type]map[string]string{
		TypeText:      {"  Emre\tYıldız ": "Emre Yıldız", "Mu\u0308ller": "Müller", "a\x00b": "ab"},
		TypeMultiline: {"a\r\nb ": "a\nb"},
		TypeInteger:   {"12": "12", "1.234": "1234", "-3": "-3", "1 000": "1000", "007": "7", "12,0": "12", "+4": "4", "1.000.000": "1000000"},
		TypeDecimal:   {"12,5": "12.5", "12.5": "12.5", ",5": "0.5", "1.234,5": "1234.5", "1.234": "1234", "0,10": "0.1", "-0,5": "-0.5"},
		TypeMoney: {
			"12,5": "12.50", "1.234,50": "1234.50", "1 234,50": "1234.50", "1234.50": "1234.50", "12,-": "12.00", "12,--": "12.00", "12 €": "12.00",
			"€ 12,30": "12.30", "EUR 1.000": "1000.00", "1,234.50": "1234.50", "12.": "12.00", "0": "0.00", "12,50 Euro": "12.50", "1'234,50": "1234.50",
		},
		TypeDate: {
			"1.2.26": "2026-02-01", "010226": "2026-02-01", "01022026": "2026-02-01", "1.2.2026": "2026-02-01", "heute": "2026-11-23", "Gestern": "2026-11-22",
			"morgen": "2026-11-24", "2026-02-01": "2026-02-01", "1/2/2026": "2026-02-01", "1.2.": "2026-02-01", "1. Februar 2026": "2026-02-01",
			"3. Mrz 26": "2026-03-03", "3 März 2026": "2026-03-03", "29.2.2024": "2024-02-29", "2.5.88": "1988-05-02", "1 2 26": "2026-02-01", "1.1.36": "2036-01-01", "1.1.37": "1937-01-01",
			"23 Nov 2026": "2026-11-23",
		},
		TypeMonth:   {"3/24": "2024-03", "03/2024": "2024-03", "0324": "2024-03", "032024": "2024-03", "März 2024": "2024-03", "2024-03": "2024-03", "3.2024": "2024-03", "1.3.2024": "2024-03"},
		TypeTime:    {"8:30": "08:30", "830": "08:30", "0830": "08:30", "8.30": "08:30", "8 Uhr": "08:00", "14h30": "14:30", "8:30 Uhr": "08:30", "jetzt": "10:44", "0:00": "00:00"},
		TypeBoolean: {"ja": "true", "J": "true", "x": "true", "yes": "true", "nein": "false", "N": "false", "0": "false"},
		TypeChoice:  {"r": "r", "rot": "r", "ROT": "r", "ro": "r", "red": "r", "hellgrun": "h", "Hellgrün": "h", "hellg": "h", "light b": "d", "Hellblau, dunkel": "d"},
		TypeMulti:   {"rot": "r", "hellgrün; rot": "r\nh", "h,r": "r\nh", "h\nr\nh": "r\nh", "Hellblau, dunkel; rot": "r\nd", "rot;": "r"},
		TypeFile:    {"a\nb": "a\nb"},
		TypeIBAN: {
			"DE89 3704 0044 0532 0130 00": "DE89370400440532013000", "de89370400440532013000": "DE89370400440532013000", "IBAN: DE89 3704 0044 0532 0130 00": "DE89370400440532013000",
			"AT61 1904 3002 3457 3201": "AT611904300234573201", "CH93 0076 2011 6238 5295 7": "CH9300762011623852957", "GB29 NWBK 6016 1331 9268 19": "GB29NWBK60161331926819",
			"FR14 2004 1010 0505 0001 3M02 606": "FR1420041010050500013M02606", "NL91-ABNA-0417-1643-00": "NL91ABNA0417164300", "BE68 5390 0754 7034": "BE68539007547034",
			"NO93 8601 1117 947": "NO9386011117947", "PL61 1090 1014 0000 0712 1981 2874": "PL61109010140000071219812874", "TR33 0006 1005 1978 6457 8413 26": "TR330006100519786457841326",
		},
		TypeBIC:      {"MARKDEF1100": "MARKDEF1100", "cobadeff": "COBADEFF", "HELA DE F1 GRG": "HELADEF1GRG", "BCGEXKPR": "BCGEXKPR"},
		TypePostcode: {"65428": "65428", "D-65428": "65428", " 01067 ": "01067", "A-1010": "A-1010", "nl 1012 ab": "NL-1012 AB", "DE 60311": "60311"},
		TypeAGS:      {"06433012": "06433012", "06 4 33 012": "06433012", "09162000": "09162000"},
		TypePhone: {
			"06142 83-100": "+49614283100", "(06142) 83 100": "+49614283100", "+49 (0)6142/83100": "+49614283100", "0049 6142 83100": "+49614283100",
			"0170 1234567": "+491701234567", "+43 1 58858": "+43158858", "Tel.: 030/12345": "+493012345", "+49 06142 83100": "+49614283100", "+90 532 123 45 67": "+905321234567",
		},
		TypeEmail: {"Name@Beispiel.DE": "Name@beispiel.de", "mailto:a.b+c@x-y.example.com": "a.b+c@x-y.example.com", "jürgen@müller.de": "jürgen@müller.de"},
		TypePlate: {"gg ab 123": "GG-AB 123", "GG-AB123": "GG-AB 123", "F-X 1E": "F-X 1E", "GG - AB 12 h": "GG-AB 12H", "WI-3012": "WI-3012", "BX1": "B-X 1", "TÜ-X 12": "TÜ-X 12"},
		TypeChip:  {"276 0981 0412 3344": "276098104123344", "276098104123344": "276098104123344", "900-164000123456": "900164000123456", "040 098100000001": "040098100000001"},
		TypeParcel: {
			"Gemarkung Musterstadt, Flur 3, Flurstück 124/5": "Musterstadt;3;124/5", "Musterstadt 3 124/5": "Musterstadt;3;124/5", "Musterstadt/3/124/5": "Musterstadt;3;124/5",
			"Musterstadt, Flurstück 124/5": "Musterstadt;;124/5", "Bad Homburg Flur 12 Flst. 7": "Bad Homburg;12;7", "Musterstadt 124/5": "Musterstadt;;124/5", "Musterstadt;3;124/5": "Musterstadt;3;124/5",
			"Groß-Gerau Flur 003 Flurstück 00124/0005": "Groß-Gerau;3;124/5",
		},
		TypeTaxID:     {"86 095 742 719": "86095742719", "47036892816": "47036892816", "65 929 970 489": "65929970489", "57549285017": "57549285017", "25768131411": "25768131411"},
		TypeCreditor:  {"DE98 ZZZ0 9999 9999 99": "DE98ZZZ09999999999", "de98abc09999999999": "DE98ABC09999999999", "AT61ZZZ01234567890": "AT61ZZZ01234567890"},
		TypeSignature: {" 0,0 12,400  1200,7;5,5 ": "0,0 12,400 1200,7;5,5"},
	} {
		s := one(t, typ, "").Begin(nil, monday)
		for typed, want := range cases {
			s.Set("g/f", typed)
			if st := s.State("g/f"); st.Value != want || len(st.Problems) > 0 || st.Typed != typed {
				t.Errorf("%s %q: %q, want %q; %v", typ, typed, st.Value, want, said(st))
			}
		}
	}
}

func said(st FieldState) []string {
	var out []string
	for _, p := range st.Problems {
		out = append(out, p.Text("de"))
	}
	return out
}

func TestTypesRefuse(t *testing.T) {
	for typ, cases := range map[Type]map[string]string{
		TypeText:    {strings.Repeat("ä", 501): "Bitte auf 500 Zeichen kürzen; hier sind es 501.", "a\xffb": "nicht lesbar"},
		TypeInteger: {"zwölf": "ganze Zahl", "1,5": "ganze Zahl", "1.5": "ganze Zahl", "--3": "ganze Zahl", "12345678901234567": "zu groß", "1.23.456": "ganze Zahl"},
		TypeDecimal: {"1,2,3": "zum Beispiel 12,5", "1,234": "höchstens 2 Stellen", "e5": "zum Beispiel 12,5", "1e5": "zum Beispiel 12,5", "-": "zum Beispiel"},
		TypeMoney:   {"12,345": "zwei Stellen", "12,5,0": "Betrag", "NaN": "Betrag", "$ 5": "Betrag"},
		TypeDate: {
			"30.2.2026": "Den 30.2.2026 gibt es nicht; der Monat hat 28 Tage.", "29.2.2025": "28 Tage", "32.1.2026": "Einen 32. Tag hat kein Monat", "1.13.2026": "Einen 13. Monat gibt es nicht",
			"1.2.1526": "Das Jahr 1526", "bald": "Tag.Monat.Jahr", "1.2.3.4": "Tag.Monat.Jahr", "00.01.2026": "Einen 0. Tag",
		},
		TypeMonth:   {"13/2024": "Einen 13. Monat", "24": "Monat und Jahr", "Brumaire 2024": "Monat und Jahr"},
		TypeTime:    {"25:00": "gibt es nicht", "8:61": "gibt es nicht", "früh": "zum Beispiel 8:30"},
		TypeBoolean: {"vielleicht": "„ja“ oder „nein“"},
		TypeChoice:  {"lila": "„lila“ steht nicht in der Liste", "hell": "mehrere Einträge"},
		TypeMulti:   {"rot; lila": "„lila“ steht nicht in der Liste"},
		TypeIBAN: {
			"DE89 3704 0044 0532 0130 01": "Die Prüfziffer der IBAN stimmt nicht. Bitte Ziffer für Ziffer vergleichen.", "DE89 3704 0044 0532 0130 0": "Eine deutsche IBAN hat 22 Stellen; hier sind es 21.",
			"DE98 3704 0044 0532 0130 00": "Prüfziffer", "3704 0044 0532": "beginnt mit dem Land", "US12 3456": "„US“ ist kein Land mit IBAN", "DE89 3704 0044 O532 0130 00": "hier steht „O“",
			"AT61 1904 3002 3457 320": "Eine IBAN aus AT hat 20 Stellen; hier sind es 19.", "DE89?": "Das Zeichen „?“",
		},
		TypeBIC:      {"MARKDEF": "8 oder 11 Zeichen; hier sind es 7", "MARKQQF1": "hier steht QQ", "M": "hier ist es eins", "MARK!EF1": "„!“"},
		TypePostcode: {"6542": "hat 5 Ziffern; hier sind es 4", "1": "hier ist es eine", "6542a": "hier steht „A“", "00123": "beginnen, gibt es nicht", "05123": "beginnen, gibt es nicht", "43000": "gibt es nicht", "62000": "gibt es nicht"},
		TypeAGS:      {"6433012": "hier sind es 7", "17000000": "hier steht 17", "00000000": "hier steht 00"},
		TypePhone:    {"83100": "mit Vorwahl", "0614a": "„a“", "+49 61": "zu kurz", "0049 6142 831001234567": "zu lang", "abc": "„a“", "00 0123456789": "Ländervorwahl"},
		TypeEmail:    {"name.beispiel.de": "fehlt das @", "a@b@c.de": "nur ein @", "a b@c.de": "Leer- oder Sonderzeichen", "@c.de": "fehlt der Name", "a@localhost": "kein vollständiger", "a@b..de": "kein vollständiger", "a@b.1": "kein vollständiger", "a@-b.de": "kein vollständiger", "a.@b.de": "Punkt"},
		TypePlate:    {"GGAB123": "Bindestrich", "GG-AB 0123": "zum Beispiel GG-AB 123", "ABC-DE 1234H": "höchstens 8 Stellen; hier sind es 10", "hallo": "zum Beispiel", "12345": "zum Beispiel"},
		TypeChip: {
			"276 0981 0412 334": "Die Nummer hat 15 Ziffern; hier sind es 14.", "2760981041233445": "hier sind es 16", "27609810412334A": "hier steht „A“", "999000000000001": "nur zum Testen",
			"000098104123344": "000 ist weder ein Land", "277098104123344": "277 ist weder ein Land", "276000000000000": "nur Nullen", "7": "hier ist es eine",
		},
		TypeParcel:   {"Musterstadt": "Gemarkung, Flur und Flurstück", "3 124": "Gemarkung", "Musterstadt;3;0": "Gemarkung", "Musterstadt;3;5/0": "Gemarkung"},
		TypeTaxID:    {"86095742718": "Die Prüfziffer der Steuer-ID stimmt nicht.", "86095742791": "Prüfziffer", "01234567890": "beginnt nicht mit 0", "1234567890": "hier sind es 10", "12345678901": "Prüfziffer", "8609574271x": "hier steht „X“", "11111111111": "Prüfziffer"},
		TypeCreditor: {"DE98ZZZ09999999998": "Prüfziffer", "DE98ZZZ0999999999": "18 Stellen; hier sind es 17", "98ZZZ": "beginnt mit dem Land", "DE98ZZZ0999999999A": "endet mit 11 Ziffern", "AT61ZZZ": "8 bis 35", "DE9€": "„€“"},
	} {
		f := one(t, typ, "")
		s := f.Begin(nil, monday)
		for typed, want := range cases {
			s.Set("g/f", typed)
			st := s.State("g/f")
			if st.Value != "" || len(st.Problems) != 1 || !strings.Contains(st.Problems[0].Text("de"), want) {
				t.Errorf("%s %q: %q %v, want %q", typ, typed, st.Value, said(st), want)
				continue
			}
			p := st.Problems[0]
			for _, lang := range []string{"de", "en"} {
				if text := p.Text(lang); text == p.Key || strings.ContainsAny(text, "{}") || !strings.HasSuffix(text, ".") {
					t.Errorf("%s %q: no whole sentence in %s: %q", typ, typed, lang, text)
				}
			}
			if again := f.Begin(s.Draft(), monday).State("g/f"); len(again.Problems) != 1 || again.Problems[0].Key != p.Key || again.Typed != typed {
				t.Errorf("%s %q: after storing the draft %+v", typ, typed, again)
			}
		}
	}
}

func TestOwnLimits(t *testing.T) {
	for _, c := range []struct {
		typ         Type
		more, typed string
		want        string
	}{
		{TypeInteger, `, "min": "1", "max": "20"`, "21", "Bitte höchstens 20 eingeben."},
		{TypeMoney, `, "min": "0"`, "-1", "Bitte mindestens 0,00 € eingeben."},
		{TypeDate, `, "max": "today"`, "24.11.2026", "Das Datum liegt in der Zukunft. Bitte heute (23.11.2026) oder früher eingeben."},
		{TypeDate, `, "min": "today"`, "22.11.2026", "Das Datum liegt in der Vergangenheit. Bitte heute (23.11.2026) oder später eingeben."},
		{TypeDate, `, "max": "today-16y"`, "24.11.2010", "Bitte ein Datum bis 23.11.2010 eingeben."},
		{TypeDate, `, "max": "today-16y"`, "23.11.2010", ""},
		{TypeDate, `, "min": "1900-01-01"`, "31.12.1899", "Bitte ein Datum ab 01.01.1900 eingeben."},
		{TypeDate, `, "max": "today"`, "2.5.30", ""}, // a birthday in 1930
		{TypeMonth, `, "max": "today"`, "12/2026", "Das Datum liegt in der Zukunft. Bitte heute (11/2026) oder früher eingeben."},
		{TypeMonth, `, "max": "today"`, "11/2026", ""},
		{TypeTime, `, "min": "08:00", "max": "18:00"`, "19:00", "Bitte eine Uhrzeit bis 18:00 Uhr eingeben."},
		{TypeText, `, "min_length": 3`, "a", "Bitte mindestens 3 Zeichen eingeben; hier ist es eins."},
		{TypeText, `, "pattern": "[A-Z]+", "pattern_text": {"de": "Nur große Buchstaben.", "en": "Capitals only."}`, "Ab", "Nur große Buchstaben."},
		{TypeText, `, "required": true`, "  ", "Bitte „F“ angeben."},
	} {
		s := one(t, c.typ, c.more).Begin(nil, monday)
		s.Set("g/f", c.typed)
		got := strings.Join(said(s.State("g/f")), " ")
		if got != c.want {
			t.Errorf("%s%s %q: %q, want %q", c.typ, c.more, c.typed, got, c.want)
		}
	}
}

func TestBirthdayOfTwoDigits(t *testing.T) {
	s := one(t, TypeDate, `, "max": "today"`).Begin(nil, monday)
	for typed, want := range map[string]string{"2.5.30": "1930-05-02", "24.11.26": "1926-11-24", "23.11.26": "2026-11-23", "1.1.27": "1927-01-01", "310226": ""} {
		s.Set("g/f", typed)
		if got := s.State("g/f").Value; got != want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		typ               Type
		canonical, de, en string
	}{
		{TypeMoney, "1234.50", "1.234,50 €", "1.234,50 €"},
		{TypeMoney, "-1234567.00", "-1.234.567,00 €", "-1.234.567,00 €"},
		{TypeDate, "2026-11-23", "23.11.2026", "23 Nov 2026"},
		{TypeMonth, "2024-03", "03/2024", "03/2024"},
		{TypeTime, "08:30", "08:30 Uhr", "08:30"},
		{TypeBoolean, "true", "Ja", "Yes"},
		{TypeChoice, "h", "Hellgrün", "light green"},
		{TypeMulti, "r\nh", "Rot; Hellgrün", "red; light green"},
		{TypeIBAN, "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"},
		{TypeChip, "276098104123344", "276 0981 0412 3344", "276 0981 0412 3344"},
		{TypeTaxID, "86095742719", "86 095 742 719", "86 095 742 719"},
		{TypePhone, "+49614283100", "06142 83100", "06142 83100"},
		{TypePhone, "+491701234567", "0170 1234567", "0170 1234567"},
		{TypePhone, "+493012345", "030 12345", "030 12345"},
		{TypePhone, "+493012345678", "030 12345678", "030 12345678"},
		{TypePhone, "+4933011234", "033011234", "033011234"},
		{TypePhone, "+43158858", "+43158858", "+43158858"},
		{TypeParcel, "Musterstadt;3;124/5", "Musterstadt, Flur 3, Flurstück 124/5", "Musterstadt, Flur 3, Flurstück 124/5"},
		{TypeParcel, "Musterstadt;;124/5", "Musterstadt, Flurstück 124/5", "Musterstadt, Flurstück 124/5"},
		{TypeText, "x", "x", "x"},
		{TypeSignature, "1,1 2,2", "Unterschrieben", "Signed"},
		{TypeFile, "a", "1 Schriftstück", "1 document"},
		{TypeFile, "a\nb", "2 Schriftstücke", "2 documents"},
	} {
		f := one(t, c.typ, "").Field("g/f")
		if de, en := Format(f, c.canonical, "de"), Format(f, c.canonical, "en"); de != c.de || en != c.en {
			t.Errorf("%s %s: %q %q", c.typ, c.canonical, de, en)
		}
	}
}
