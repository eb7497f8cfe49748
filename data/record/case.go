package record

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// State is where a case stands in the office's work.
type State string

// The states. A draft is not a case yet and has none.
const (
	StateOpen      State = "open"      // begun, not submitted
	StateSubmitted State = "submitted" // angenommen
	StateWorking   State = "working"   // in Bearbeitung
	StateDone      State = "done"      // erledigt
	StateWithdrawn State = "withdrawn" // zurückgenommen
)

// Delivery is how far a case has come on its way to the centre, as the clerk reads it.
type Delivery string

// The deliveries, in the words of the screen: Hier gespeichert, Wartet, Wird gesendet, In der Zentrale,
// Abgelehnt, Klärfall.
const (
	DeliveryHere     Delivery = "here" // no centre is set up
	DeliveryWaiting  Delivery = "waiting"
	DeliverySending  Delivery = "sending"
	DeliveryCentre   Delivery = "centre"
	DeliveryRejected Delivery = "rejected"
	DeliveryConflict Delivery = "conflict"
)

// Case is one citizen's matter as its changes, folded in order, have made it (package sync/merge).
type Case struct {
	ID      ID                `json:"id"`
	Number  string            `json:"number,omitempty"`
	Service string            `json:"service"`
	Title   map[string]string `json:"title,omitempty"` // the service's name by language
	Form    FormRef           `json:"form"`
	Roles   map[Role]string   `json:"roles,omitempty"`
	Office  string            `json:"office,omitempty"`
	Channel string            `json:"channel,omitempty"`
	Meeting
	State     State            `json:"state"`
	Groups    map[string]Group `json:"groups,omitempty"`
	Documents []Document       `json:"documents,omitempty"`
	Notes     []NoteEntry      `json:"notes,omitempty"`
	Conflicts []Conflict       `json:"conflicts,omitempty"`
	Deleted   bool             `json:"deleted,omitempty"`
	Created   time.Time        `json:"created"`
	Updated   time.Time        `json:"updated"`
	User      string           `json:"user"` // who began it
	Device    ID               `json:"device"`
	Last      ID               `json:"last"` // the last change folded in
	// Edited is the last change that altered what the case says; events do not.
	Edited ID `json:"edited,omitempty"`
	// Early holds changes about documents that are not here yet: after a restore the centre may place them first.
	Early []Change `json:"early,omitempty"`
	// Removal is the deletion while the case is deleted: who, when, and Values["reason"].
	Removal *Group `json:"removal,omitempty"`
}

// Group is the present content of a group of fields and the change that set it.
type Group struct {
	Version ID        `json:"version"`
	Values  Values    `json:"values"`
	Time    time.Time `json:"time"`
	User    string    `json:"user"`
	Device  ID        `json:"device"`
	// Also names other changes that set the very same values: an edit based on one of them saw these values.
	Also []ID `json:"also,omitempty"`
	// Before holds the last few versions this one replaced, newest first, without their own Before.
	Before []Group `json:"before,omitempty"`
}

// NoteEntry is a remark with its author.
type NoteEntry struct {
	ID   ID        `json:"id"`
	Text string    `json:"text"`
	Time time.Time `json:"time"`
	User string    `json:"user"`
}

// Conflict keeps both versions of a group that two desks changed from the same base. Kept is what the
// case shows, Other what the later change wanted. A deletion against an edit has Group "".
type Conflict struct {
	ID    ID     `json:"id"` // the change that collided
	Group string `json:"group"`
	Base  Group  `json:"base"` // what both had seen, where it is known
	Kept  Group  `json:"kept"`
	Other Group  `json:"other"`
	// Earlier names changes of the same desk that Other was built on and has taken the place of.
	Earlier []ID `json:"earlier,omitempty"`
}

// Values joins all groups.
func (c Case) Values() Values {
	v := Values{}
	for _, g := range c.Groups {
		maps.Copy(v, g.Values)
	}
	return v
}

// Role returns the answer in the field that has the role, or "".
func (c Case) Role(r Role) string {
	p, ok := c.Roles[r]
	if !ok {
		return ""
	}
	return c.Groups[GroupOf(p)].Values[p]
}

// Kept are the documents that do not lie in the trash.
func (c Case) Kept() []Document {
	return slices.DeleteFunc(slices.Clone(c.Documents), func(d Document) bool { return d.Trashed != nil })
}

// Party returns the person or organisation the case is about.
func (c Case) Party() Party { return PartyOf(c.Role) }

// Party is a person or organisation in a case. Birth is 2006-01-02 or empty.
type Party struct {
	Family, Given, Organisation   string
	Birth                         string
	Street, House, Postcode, Town string
	Phone, Email                  string
	IBAN                          string
}

// PartyOf reads a party from whatever knows the answer to a role.
func PartyOf(role func(Role) string) Party {
	return Party{
		Family: role(RoleFamily), Given: role(RoleGiven), Organisation: role(RoleOrg), Birth: role(RoleBirth),
		Street: role(RoleStreet), House: role(RoleHouse), Postcode: role(RolePostcode), Town: role(RoleTown),
		Phone: role(RolePhone), Email: role(RoleEmail), IBAN: role(RoleIBAN),
	}
}

// Name is how lists show the party: "Yıldız, Emre" or the organisation.
func (p Party) Name() string {
	n := strings.Trim(p.Family+", "+p.Given, ", ")
	switch {
	case n == "":
		return p.Organisation
	case p.Organisation != "":
		return p.Organisation + " (" + n + ")"
	}
	return n
}

// Address is the party's address in one line, or "".
func (p Party) Address() string {
	a := strings.TrimSpace(p.Street + " " + p.House)
	b := strings.TrimSpace(p.Postcode + " " + p.Town)
	return strings.Trim(a+", "+b, ", ")
}

// Draft is what is being typed for a visitor. It stays on the desk until it is submitted.
type Draft struct {
	ID        ID                `json:"id"`
	Service   string            `json:"service"`
	Form      FormRef           `json:"form"`
	Title     string            `json:"title"` // as the tab shows it: the party's name, or ""
	Values    Values            `json:"values"`
	Reasons   map[string]string `json:"reasons,omitempty"` // rule id to why its warning was overridden
	Documents []Document        `json:"documents,omitempty"`
	Focus     string            `json:"focus,omitempty"` // path of the field the cursor was in
	Channel   string            `json:"channel,omitempty"`
	Note      string            `json:"note,omitempty"` // becomes the case's first note
	Taken     []Taken           `json:"taken,omitempty"`
	User      string            `json:"user"`
	Created   time.Time         `json:"created"`
	Updated   time.Time         `json:"updated"`
	Meeting
	// Live is true from the first key until the clerk parks, submits or discards; a draft that is live
	// when the program starts was cut off and is offered for recovery.
	Live bool `json:"live,omitempty"`
}

// Hear gives a document of the draft the words that were recognized on what is shown of it, unless something
// else is shown by now, or it has them in that language; it reports whether it did. Drafts that share the list of
// documents keep theirs.
func (d *Draft) Hear(of Hash, heard Document) bool {
	i := slices.IndexFunc(d.Documents, func(o Document) bool { return o.ID == heard.ID })
	if i < 0 || d.Documents[i].Shown.Hash != of || !d.Documents[i].Unheard() && d.Documents[i].Language == heard.Language {
		return false
	}
	d.Documents = slices.Clone(d.Documents)
	o := &d.Documents[i]
	o.Shown, o.Text, o.Language, o.Unread, o.Lying = heard.Shown, heard.Text, heard.Language, heard.Unread, heard.Lying
	return true
}

// Taken says that answers were taken over from an earlier case, and what for (Article 5(1)(b) GDPR: purpose
// limitation). On submitting it becomes an [Event] "taken" with the same words.
type Taken struct {
	Paths   []string `json:"paths"`
	Case    ID       `json:"case"`
	Number  string   `json:"number"`
	Purpose string   `json:"purpose"`
}
