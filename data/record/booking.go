package record

import "github.com/google/uuid"

// Booking is what a case has lent for a time on a day, such as a hall (roles [RoleResource] to [RoleTo]).
type Booking struct {
	Case     ID
	Number   string
	Service  string
	Title    map[string]string // the service's name by language
	Subject  string
	Party    string
	State    State
	Resource string // the code of the choice; it names the same thing in every form
	Day      string // 2006-01-02
	// From and To are 15:04; a To that is not after From lies on the next day. "" where nothing is said: from
	// the beginning and to the end of the day.
	From, To string
}

// PartCase is the id of the case that a part of a bundle becomes: a UUIDv5 over the part's name in the
// draft's name space, so that submitting twice makes the same cases.
func PartCase(draft ID, part string) ID {
	space, err := uuid.Parse(string(draft))
	if err != nil { // an id of another make still gives its own ids
		space = uuid.NewSHA1(uuid.NameSpaceOID, []byte(draft))
	}
	return ID(uuid.NewSHA1(space, []byte(part)).String())
}
