package record

import "time"

// The register of persons and the warning about duplicates show these. The store fills them; nobody is ever
// merged with anybody because of them.

// PartyHit is one person or organisation as the register knows them: the newest data, and how many cases say
// them. Two spellings of a name are two hits.
type PartyHit struct {
	Party   Party
	Case    ID                // the case the data are from
	Number  string            // its case number
	Service string            // its service
	Title   map[string]string // the service's name by language
	Cases   int               // how many cases name this party
	Since   time.Time         // when somebody typed the data
}

// Level says how sure it is that two cases are about the same.
type Level int

// The levels. LevelNone: nothing speaks for it.
const (
	LevelNone   Level = iota
	LevelLikely       // worth a look: a brother, a namesake and the same household are in here too
	LevelSame         // the same person or the same thing, as far as what was typed can tell
)

// Reason is one thing that two cases have in common.
type Reason string

// The reasons, the strongest first.
const (
	ReasonIdentity Reason = "identity" // what tells the subject from all others: chip, licence plate, parcel
	ReasonPerson   Reason = "person"   // a family name that sounds alike, the given name and the date of birth
	ReasonBirth    Reason = "birth"    // a family name that sounds alike, and the date of birth
	ReasonIBAN     Reason = "iban"     // the bank account
	ReasonAddress  Reason = "address"  // a family name that sounds alike or the organisation, at one address
)

// Likeness is a case that may be about the same as what is being typed, with the reasons why.
type Likeness struct {
	Case    CaseRow
	Party   Party
	Level   Level
	Reasons []Reason // the strongest first, never empty
}

// Of returns what a party says for a role, "" for a role that is not a party's.
func (p Party) Of(r Role) string {
	switch r {
	case RoleFamily:
		return p.Family
	case RoleGiven:
		return p.Given
	case RoleOrg:
		return p.Organisation
	case RoleBirth:
		return p.Birth
	case RoleStreet:
		return p.Street
	case RoleHouse:
		return p.House
	case RolePostcode:
		return p.Postcode
	case RoleTown:
		return p.Town
	case RolePhone:
		return p.Phone
	case RoleEmail:
		return p.Email
	case RoleIBAN:
		return p.IBAN
	}
	return ""
}
