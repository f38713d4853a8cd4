package synthesis

import (
	"time"

	"github.com/google/uuid"
)

// Content is what a text tells in numbers and lists. What a type does not ask, or what cannot be told without
// understanding, stays empty.
type Content struct {
	Sentences int        `json:"sentences,omitempty"`
	Words     int        `json:"words,omitempty"`
	Questions int        `json:"questions,omitempty"`
	Blocks    int        `json:"blocks,omitempty"`   // parts that empty lines set apart
	Entities  []Count    `json:"entities,omitempty"` // names, addresses, amounts
	Actions   []Count    `json:"actions,omitempty"`  // verbs
	Dates     []Count    `json:"dates,omitempty"`    // as they are written
	Terms     []Count    `json:"terms,omitempty"`    // words that matter
	Recurring []Count    `json:"recurring,omitempty"`
	Weekdays  []Count    `json:"weekdays,omitempty"`
	Months    []Count    `json:"months,omitempty"`
	From      *time.Time `json:"from,omitempty"`
	Until     *time.Time `json:"until,omitempty"`
	GapHours  float64    `json:"gap_hours,omitempty"` // between a signal and the next: the median
	Moments   []Moment   `json:"moments,omitempty"`
	Relations []Relation `json:"relations,omitempty"`
	Unsent    int        `json:"unsent,omitempty"` // passages that did not fit into the requests to a language model
}

// Count is how often something occurs.
type Count struct {
	Text  string `json:"text"`
	Kind  string `json:"kind,omitempty"` // of an entity: name, email, link, amount
	Count int    `json:"count"`
}

// Moment is a place in a story.
type Moment struct {
	Role   string    `json:"role"` // first, turn or last
	Signal uuid.UUID `json:"signal"`
	At     time.Time `json:"at"`
}

// Relation is two signals that are near each other.
type Relation struct {
	Earlier    uuid.UUID `json:"earlier"`
	Later      uuid.UUID `json:"later"`
	Similarity float64   `json:"similarity"`
	Terms      []string  `json:"terms,omitempty"` // in both
}
