package record

// Identity is who this desk is: given at its first start and at enrolment, kept in the encrypted store.
type Identity struct {
	Device    ID     `json:"device"`
	Authority string `json:"authority"`     // "Musterstadt", as printed on letters
	Tenant    string `json:"tenant"`        // the authority's short name at the centre
	Office    string `json:"office"`        // letters of the case number: "MS"
	Desk      int    `json:"desk"`          // 0: not enrolled yet
	Centre    string `json:"centre"`        // https address; empty: no centre
	CA        []byte `json:"ca,omitempty"`  // DER of the centre's own certificate authority, pinned
	Key       []byte `json:"key,omitempty"` // seed of the device's ed25519 key, 32 bytes
}

// Enrolment is the centre's answer to a one-time code.
type Enrolment struct {
	Authority string `json:"authority"`
	Tenant    string `json:"tenant"`
	Office    string `json:"office"`
	Desk      int    `json:"desk"`
	Centre    string `json:"centre"`
	CA        []byte `json:"ca"`
}

// Placed tells that the centre has put a change into its history.
type Placed struct {
	ID  ID     `json:"id"`
	Seq uint64 `json:"seq"`
}
