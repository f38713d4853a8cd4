// Package signal says what a signal is: one captured observation of one of four types, with what belongs to each type, the limits
// of every field, its text for search, and the reading of transcripts and photos. It knows neither SQL nor HTTP; the constants and
// limits are those of the table signals.
package signal

import "slices"

// Type is what kind of observation a signal is. It stays for the life of the signal and decides the shape of payload and metadata.
type Type string

// The types.
const (
	DocumentType     Type = "DOCUMENT"
	PhotoType        Type = "PHOTO"
	TransmissionType Type = "TRANSMISSION"
	ConversationType Type = "CONVERSATION"
)

// Types are all of them in the order of menus.
var Types = []Type{DocumentType, PhotoType, TransmissionType, ConversationType}

// Valid reports whether t is one of them.
func (t Type) Valid() bool { return slices.Contains(Types, t) }

// Label is the type in plain words, "" for one that does not exist.
func (t Type) Label() string {
	switch t {
	case DocumentType:
		return "Document"
	case PhotoType:
		return "Photo"
	case TransmissionType:
		return "Recording"
	case ConversationType:
		return "Conversation"
	}
	return ""
}

// Context is the setting in which a signal was captured.
type Context string

// The contexts.
const (
	Capture     Context = "CAPTURE"
	Note        Context = "NOTE"
	Journal     Context = "JOURNAL"
	Code        Context = "CODE"
	Reference   Context = "REFERENCE"
	Observation Context = "OBSERVATION"
	Artifact    Context = "ARTIFACT"
)

// Contexts are all of them in the order of menus.
var Contexts = []Context{Capture, Note, Journal, Code, Reference, Observation, Artifact}

// Valid reports whether c is one of them.
func (c Context) Valid() bool { return slices.Contains(Contexts, c) }

// Label is the context in plain words, "" for one that does not exist.
func (c Context) Label() string {
	switch c {
	case Capture:
		return "Capture"
	case Note:
		return "Note"
	case Journal:
		return "Journal"
	case Code:
		return "Code"
	case Reference:
		return "Reference"
	case Observation:
		return "Observation"
	case Artifact:
		return "Artifact"
	}
	return ""
}

// Status is where a signal stands in its life.
type Status string

// The statuses.
const (
	Pending  Status = "PENDING"
	Active   Status = "ACTIVE"
	Archived Status = "ARCHIVED"
	Rejected Status = "REJECTED"
	Failed   Status = "FAILED"
)

// Statuses are all of them in the order of menus.
var Statuses = []Status{Pending, Active, Archived, Rejected, Failed}

// Valid reports whether s is one of them.
func (s Status) Valid() bool { return slices.Contains(Statuses, s) }

// Label is the status in plain words, "" for one that does not exist.
func (s Status) Label() string {
	switch s {
	case Pending:
		return "New"
	case Active:
		return "In use"
	case Archived:
		return "Archived"
	case Rejected:
		return "Rejected"
	case Failed:
		return "Failed"
	}
	return ""
}

// Visibility is who may see a signal, apart from who may read its realm.
type Visibility string

// The visibilities, from the narrowest to the widest.
const (
	Private Visibility = "PRIVATE"
	Sanctum Visibility = "SANCTUM"
	Shared  Visibility = "SHARED"
	Public  Visibility = "PUBLIC"
)

// Visibilities are all of them, the narrowest first.
var Visibilities = []Visibility{Private, Sanctum, Shared, Public}

// Valid reports whether v is one of them.
func (v Visibility) Valid() bool { return slices.Contains(Visibilities, v) }

// Label is the visibility in plain words, "" for one that does not exist.
func (v Visibility) Label() string {
	switch v {
	case Private:
		return "Only me"
	case Sanctum:
		return "Members only"
	case Shared:
		return "Members, and realms it is shared with"
	case Public:
		return "Everyone in the organisation, when the realm is public"
	}
	return ""
}
