package signal

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Payload is the content of a signal, shaped by its type: a Document, Photo, Transmission or Conversation. Its JSON is what the
// column payload holds; reading it and writing it again loses nothing, see Extra.
type Payload interface {
	Type() Type
}

// Format is how the content of a document is written.
type Format string

// The formats. A document without one is plain text.
const (
	Plain    Format = "plain"
	Markdown Format = "markdown"
	HTML     Format = "html"
)

// Formats are all of them in the order of menus.
var Formats = []Format{Plain, Markdown, HTML}

// Label is the format in plain words, "" for one that does not exist.
func (f Format) Label() string {
	switch f {
	case Plain:
		return "Plain text"
	case Markdown:
		return "Markdown"
	case HTML:
		return "HTML"
	}
	return ""
}

// Document is the payload of a DOCUMENT. HTML is kept as it came: it must be made safe where it is shown.
type Document struct {
	Content string `json:"content"`
	Format  Format `json:"format"`
	Extra   Extra  `json:"-"`
}

// Photo is the payload of a PHOTO: the stored file, and the name that it was uploaded with.
type Photo struct {
	File         uuid.UUID `json:"file"`
	OriginalName string    `json:"original_filename"`
	Extra        Extra     `json:"-"`
}

// Transmission is the payload of a TRANSMISSION: sound or film as a stored file or a link, and what is said in it.
type Transmission struct {
	File       uuid.UUID `json:"file"`
	URL        string    `json:"url"`
	Transcript []Cue     `json:"transcript"`
	Extra      Extra     `json:"-"`
}

// Cue is a piece of a transcript. From and To both zero is a piece without times.
type Cue struct {
	From    Offset `json:"from"`
	To      Offset `json:"to"`
	Speaker string `json:"speaker"`
	Text    string `json:"text"`
	Extra   Extra  `json:"-"`
}

// Timed tells whether the cue has a place in the recording.
func (c Cue) Timed() bool { return c.From != 0 || c.To != 0 }

// Conversation is the payload of a CONVERSATION.
type Conversation struct {
	Messages  []Message `json:"messages"`
	Summary   string    `json:"summary"`
	KeyPoints []string  `json:"key_points"`
	Extra     Extra     `json:"-"`
}

// Message is one turn of a conversation. Author is a name to show; Role says on which side it stands.
type Message struct {
	Role    Role       `json:"role"`
	Author  string     `json:"author"`
	Content string     `json:"content"`
	At      *time.Time `json:"timestamp"`
	Extra   Extra      `json:"-"`
}

// Role is the side of a conversation that a message comes from.
type Role string

// The roles.
const (
	User      Role = "user"
	Assistant Role = "assistant"
	System    Role = "system"
	Tool      Role = "tool"
)

// Roles are all of them in the order of menus.
var Roles = []Role{User, Assistant, System, Tool}

// Label is the role in plain words, "" for one that does not exist.
func (r Role) Label() string {
	switch r {
	case User:
		return "Person"
	case Assistant:
		return "Assistant"
	case System:
		return "Instructions"
	case Tool:
		return "Tool"
	}
	return ""
}

// Type is DOCUMENT.
func (Document) Type() Type { return DocumentType }

// Type is PHOTO.
func (Photo) Type() Type { return PhotoType }

// Type is TRANSMISSION.
func (Transmission) Type() Type { return TransmissionType }

// Type is CONVERSATION.
func (Conversation) Type() Type { return ConversationType }

// ParsePayload reads the JSON of a payload of the type. It fails only for an unknown type and for text that is no JSON object: what
// is wrong inside is kept, and named by Draft.Problems.
func ParsePayload(t Type, text []byte) (Payload, error) {
	switch t {
	case DocumentType:
		return parse[Document](text)
	case PhotoType:
		return parse[Photo](text)
	case TransmissionType:
		return parse[Transmission](text)
	case ConversationType:
		return parse[Conversation](text)
	}
	return nil, fmt.Errorf("no type of signal: %q", t)
}

func parse[T any](text []byte) (T, error) {
	var v T
	err := readObject(text, &v)
	return v, err
}
