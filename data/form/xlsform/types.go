package xlsform

import (
	"regexp"
	"strings"
)

// sort is what becomes of a question.
type sort byte

const (
	sortField sort = iota
	sortGroup
	sortRepeat
	sortNote
	sortCalculate
	sortMoment  // date and time: two fields
	sortProof   // a document that is asked for
	sortLeftOut // what the device knows
)

// plainTypes are the types that become a field of one native type.
var plainTypes = map[string]string{
	"text": "text", "string": "text", "integer": "integer", "int": "integer", "decimal": "decimal", "date": "date", "time": "time",
	"barcode": "text", "phone number": "phone", "range": "integer", "acknowledge": "choice", "trigger": "choice",
}

// otherTypes are those that become something else.
var otherTypes = map[string]sort{
	"note": sortNote, "calculate": sortCalculate, "hidden": sortCalculate, "datetime": sortMoment, "date time": sortMoment,
	"image": sortProof, "photo": sortProof, "audio": sortProof, "video": sortProof, "file": sortProof,
	"start": sortLeftOut, "end": sortLeftOut, "today": sortLeftOut, "deviceid": sortLeftOut, "device id": sortLeftOut, "username": sortLeftOut,
	"phonenumber": sortLeftOut, "simserial": sortLeftOut, "subscriberid": sortLeftOut, "email": sortLeftOut, "imei": sortLeftOut,
	"audit": sortLeftOut, "caseid": sortLeftOut,
}

// refused are types that exist and that the native format has nothing for.
var refused = set("geopoint", "geotrace", "geoshape", "start-geopoint", "background-geopoint", "background-audio", "location", "gps", "osm")

// outside are types that read from other files.
var outside = set("xml-external", "csv-external")

// looks are appearances that make a checked native type of a question of the type in front.
var looks = map[string]map[string]string{
	"text": {
		"multiline": "multiline", "iban": "iban", "bic": "bic", "postcode": "postcode", "ags": "ags", "phone": "phone", "email": "email",
		"plate": "plate", "chip": "chip", "parcel": "parcel", "taxid": "taxid", "creditorid": "creditorid",
	},
	"decimal": {"money": "money"},
	"date":    {"month-year": "month"},
}

// plainLooks only arrange a question on a telephone's page; the page here has its own arrangement.
var plainLooks = regexp.MustCompile(`^(field-list|table-list|label|list-nolabel|list|minimal|quick|quickcompact|compact(-[0-9]+)?|horizontal(-compact)?|` +
	`vertical|columns(-[0-9]+|-pack)?|no-buttons|likert|autocomplete(_chars)?|w[0-9]+|thousands-sep|numbers|no-calendar|spinner|picker)$`)

var (
	selectForm = regexp.MustCompile(`(?i)^(?:add )?(select[ _]one|select1|select[ _]multiple|select all that apply|rank)(?: prompt)?(?: from| using)? (\S+)( or[ _]other| or specify other)?$`)
	fileForm   = regexp.MustCompile(`(?i)^select[ _](one|multiple)[ _](from[ _]file|external)\b|\.(csv|xml|geojson)$`)
	groupForm  = regexp.MustCompile(`(?i)^(begin|end)[ _]?(group|repeat)$`)
)

// questionType is the content of the type column taken apart.
type questionType struct {
	sort   sort
	answer string // native type of the answer
	list   string // of a select
	other  bool   // or_other
	word   string // the type without its list, in small letters
	begin  bool   // of groups; false for the end of one
}

type verdict byte

const (
	typeKnown verdict = iota
	typeUnknown
	typeUnsupported
	typeOutside
)

func typeOf(s string) (questionType, verdict) {
	s = strings.Join(strings.Fields(s), " ")
	low := strings.ToLower(s)
	t := questionType{word: low}
	if m := groupForm.FindStringSubmatch(low); m != nil {
		t.begin, t.sort = m[1] == "begin", sortGroup
		if m[2] == "repeat" {
			t.sort = sortRepeat
		}
		return t, typeKnown
	}
	if fileForm.MatchString(s) || outside[low] {
		return t, typeOutside
	}
	if m := selectForm.FindStringSubmatch(s); m != nil {
		t.word, t.list, t.other, t.answer = strings.ToLower(m[1]), m[2], m[3] != "", "choice"
		switch {
		case t.word == "rank" || strings.Contains(t.list, "{"):
			return t, typeUnsupported
		case strings.Contains(t.word, "mult") || strings.Contains(t.word, "all"):
			t.answer = "multichoice"
		}
		return t, typeKnown
	}
	if refused[low] {
		return t, typeUnsupported
	}
	if native, ok := plainTypes[low]; ok {
		t.answer = native
		return t, typeKnown
	}
	if sort, ok := otherTypes[low]; ok || strings.HasPrefix(low, "uri:") {
		if !ok {
			sort = sortLeftOut
		}
		t.sort = sort
		return t, typeKnown
	}
	return t, typeUnknown
}
