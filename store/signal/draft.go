package signal

import "time"

// Draft is everything of a signal that a person or an import gives; who wrote it, where it stands and when it came are the store's.
// Fields are named as the columns of the table. In texts "" is null; in numbers nil is null and zero is zero.
type Draft struct {
	ExternalID string // its id where it comes from, unique in the realm; "" for none
	Type       Type
	Context    Context
	Title      string
	Summary    string
	Source     string // who or what it comes from, in free text
	Tags       []string
	Payload    Payload  // of the type, nil for an empty one
	Metadata   Metadata // of the type, nil for none
	Place      *Place

	// Surface: what a first analysis finds.
	Environment string
	Temperature *float64 // emotional charge, -1 .. 1; 0 is steady
	Density     *float64 // -1 .. 1
	Actions     []Action
	Entities    []Entity

	// Structure: what a deeper analysis finds.
	Energy            string
	InnerState        string
	Orientation       string
	Substrate         string
	OntologicalStates []string
	SymbolicElements  []string
	Subsystems        []string
	DominantLanguage  []string

	Status     Status
	Visibility Visibility
	CapturedAt time.Time // when it was observed; zero for now
}

// Place is where on Earth, in degrees (WGS 84).
type Place struct {
	Latitude  float64
	Longitude float64
}

// Action is something done, planned or mentioned in a signal. Kind is one of ActionKinds, or "" when nobody said.
type Action struct {
	Text  string `json:"text"`
	Kind  string `json:"kind"`
	Extra Extra  `json:"-"`
}

// ActionKinds are how a signal speaks of an action.
var ActionKinds = []string{"performed", "referenced", "planned"}

// Entity is somebody or something that a signal speaks of. Kind is free text: a person, a place, an organisation.
type Entity struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Context string `json:"context"`
	Extra   Extra  `json:"-"`
}

// NewDraft is a draft of the type with the defaults of every other field.
func NewDraft(t Type) Draft {
	d := Draft{Type: t, Context: Capture, Status: Pending, Visibility: Private}
	d.Payload, _ = ParsePayload(t, []byte("{}"))
	d.Metadata, _ = ParseMetadata(t, []byte("{}"))
	return d
}
