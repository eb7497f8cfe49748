package record

import "time"

// The types in this file are what lists show. The store fills them, screens draw them.

// View names a work list.
type View string

// The work lists.
const (
	ViewToday     View = "today"     // touched today or due
	ViewMine      View = "mine"      // begun by the user
	ViewOffice    View = "office"    // everything open
	ViewConflicts View = "conflicts" // Klärfälle
	ViewDone      View = "done"
)

// CaseRow is one line of a work list.
type CaseRow struct {
	ID        ID
	Number    string
	Service   string
	Title     map[string]string // the service's name by language
	Subject   string
	Party     string
	State     State
	Delivery  Delivery
	Waiting   int // changes not yet in the centre
	Files     int // scans not yet in the centre
	Missing   int // scans of other desks that have not come yet
	Conflicts int
	Updated   time.Time
	Due       string // 2006-01-02 or ""
}

// Counts are the numbers beside the lists and in the status line.
type Counts struct {
	Today, Mine, Office, Conflicts, Drafts int
	Outbox                                 int // changes waiting
	Tray                                   int // scanned pages that are in no case yet
	Checks                                 int // scans of others that are drawn for a second person's check
	Files                                  int // scans waiting
	Waiting                                int // cases, documents and forms of which something waits: what a clerk counts
	Rejected                               int
	Oldest                                 time.Time // when the oldest waiting change was made; zero if none
}

// OutboxRow is one thing that has not reached the centre: a case's changes or the files of one of its documents.
type OutboxRow struct {
	Case     ID
	Number   string
	Party    string
	Title    map[string]string
	What     Kind   // of the oldest waiting change; "" for a file
	File     string // a document's title; "" for changes
	Changes  int
	Bytes    int64 // still to send
	Since    time.Time
	Delivery Delivery
	Reason   Code // of a rejection
	// Form is set where the row is a published form or its file; Case is empty then.
	Form FormRef
}

// JournalEntry is one line of a case's history.
type JournalEntry struct {
	Change ID
	Kind   Kind
	Time   time.Time
	User   string
	Device ID
	Seq    uint64 // 0: not in the centre yet
	State  State  // for KindState
	Group  string // for KindFields and KindResolve: the groups, joined by ", "
	Text   string // note text, document title or event
	Doc    ID     // for what became of a document since it was filed
	What   string // of that: the [Why], the [MarkKind] or "gone", "ok" or "bad", the register number, "back"
}

// Hit is one search result. Snippet marks the found words with "\x02" before and "\x03" after.
type Hit struct {
	Case    CaseRow
	Field   string // "number", "party", "field", "note", "text"; "" where only a filter was asked for
	Snippet string
	Doc     ID       // the document, for text hits
	Page    int      // from 1, for text hits
	Draft   ID       // instead of a case: the draft it was found in
	Words   []string // folded; to be marked in the document, for text hits
}

// Link is the state of the line to the centre, for the status line.
type Link struct {
	Configured bool
	Online     bool
	Since      time.Time // of the present Online value
	LastSync   time.Time // zero: never
	Sending    int       // changes being sent now
	Trouble    *Error    // why it is not online, or a warning while it is
}

// Paper is a document whose words are to be looked for, and where it is.
type Paper struct {
	Case     ID
	Draft    ID // instead of Case, where it is in a draft
	Document Document
	Gone     bool      // nothing is to be done any more
	Missing  bool      // some of its files have not come here yet
	Owed     time.Time // since when another desk should have looked for them
}

// Recognition is how far the recognition of words on scans has come, for the status line.
type Recognition struct {
	Done, Total int // pages since there was nothing to do; Total 0: nothing to do
	Pause       Pause
	Trouble     *Error   // with PauseMissing and PauseTrouble
	Engine      string   // what recognizes, with its version; "" before it is known
	Languages   []string // installed, as the program names them
	Language    string   // that is read: one or more of them, joined by "+"
}

// Pause says why nothing is being recognized.
type Pause string

// The reasons, in the order in which they are told.
const (
	PauseTrouble Pause = "trouble" // page after page failed
	PauseMissing Pause = "missing" // there is no program, or not the language
	PauseClerk   Pause = "clerk"
	PauseScan    Pause = "scan"
	PauseBattery Pause = "battery"
)
