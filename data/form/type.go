package form

// Type is what kind of answer a field takes.
type Type string

// The types. The canonical text of an answer, as it stands in record.Values, is given beside each.
const (
	TypeText      Type = "text"        // one line, NFC, no spaces at the ends
	TypeMultiline Type = "multiline"   // lines joined by "\n"
	TypeInteger   Type = "integer"     // "-12"
	TypeDecimal   Type = "decimal"     // "1234.5"
	TypeMoney     Type = "money"       // euros, always two digits after the point: "1234.50"
	TypeDate      Type = "date"        // "2026-11-23"
	TypeMonth     Type = "month"       // "2026-11"
	TypeTime      Type = "time"        // "14:05"
	TypeBoolean   Type = "boolean"     // "true", "false"
	TypeChoice    Type = "choice"      // a code of the list
	TypeMulti     Type = "multichoice" // codes in the order of the list, joined by "\n"
	TypeFile      Type = "file"        // ids of documents, joined by "\n"
	TypeSignature Type = "signature"   // strokes of points, see [Signature]: "12,34 15,36;80,10"
	TypeNote      Type = "note"        // no answer: Label and Help are shown between the fields

	TypeIBAN     Type = "iban"       // ISO 13616, no spaces: "DE89370400440532013000"
	TypeBIC      Type = "bic"        // ISO 9362, 8 or 11 characters
	TypePostcode Type = "postcode"   // "65428"; abroad with the country's letters: "A-1010"
	TypeAGS      Type = "ags"        // amtlicher Gemeindeschlüssel, 8 digits
	TypePhone    Type = "phone"      // E.164: "+49614283100"
	TypeEmail    Type = "email"      // domain in lower case
	TypePlate    Type = "plate"      // "GG-AB 123E"
	TypeChip     Type = "chip"       // ISO 11784, 15 digits
	TypeParcel   Type = "parcel"     // Gemarkung;Flur;Flurstück: "Musterstadt;3;124/5"
	TypeTaxID    Type = "taxid"      // § 139b AO, 11 digits
	TypeCreditor Type = "creditorid" // SEPA, no spaces: "DE98ZZZ09999999999"
)

// Listed reports whether answers come from a list of choices.
func (t Type) Listed() bool { return t == TypeChoice || t == TypeMulti }
