package signal

import (
	"fmt"
	"time"
)

// Metadata is facts about the content of a signal, shaped by its type: a DocumentFacts, PhotoFacts, TransmissionFacts or
// ConversationFacts. Its JSON is what the column metadata holds; reading it and writing it again loses nothing, see Extra.
// In all of them zero means not known.
type Metadata interface {
	About() Type
}

// DocumentFacts is the metadata of a DOCUMENT.
type DocumentFacts struct {
	WordCount      int    `json:"word_count"`
	CharacterCount int    `json:"character_count"`
	Language       string `json:"language"` // BCP 47, such as en
	FileExtension  string `json:"file_extension"`
	Encoding       string `json:"encoding"`
	MIMEType       string `json:"mime_type"`
	Extra          Extra  `json:"-"`
}

// PhotoFacts is the metadata of a PHOTO: what the camera wrote into the file before it was taken out.
type PhotoFacts struct {
	Camera       string   `json:"camera"`
	Lens         string   `json:"lens"`
	ISO          int      `json:"iso"`
	Aperture     float64  `json:"aperture"`      // f-number
	ShutterSpeed string   `json:"shutter_speed"` // seconds, as 1/250 or 2
	FocalLength  float64  `json:"focal_length"`  // mm
	Width        int      `json:"width"`         // pixels, upright
	Height       int      `json:"height"`
	FileSize     int64    `json:"file_size"` // bytes, as uploaded
	MIMEType     string   `json:"mime_type"` // as uploaded
	ColorSpace   string   `json:"color_space"`
	TakenAt      string   `json:"timestamp_original"` // by the camera's clock: RFC 3339, without an offset when the camera knew none
	Altitude     *float64 `json:"gps_altitude"`       // m above the sea
	Extra        Extra    `json:"-"`
}

// TransmissionFacts is the metadata of a TRANSMISSION.
type TransmissionFacts struct {
	SourceType string           `json:"source_type"` // one of SourceTypes
	SourceURL  string           `json:"source_url"`
	YouTube    *YouTube         `json:"youtube"`
	Vimeo      *Vimeo           `json:"vimeo"`
	Podcast    *Podcast         `json:"podcast"`
	Duration   float64          `json:"duration"`    // s
	Bitrate    float64          `json:"bitrate"`     // bit/s
	SampleRate float64          `json:"sample_rate"` // Hz
	Channels   int              `json:"channels"`
	Codec      string           `json:"codec"`
	FileSize   int64            `json:"file_size"` // bytes
	MIMEType   string           `json:"mime_type"`
	Video      *Video           `json:"video"`
	Transcript *TranscriptFacts `json:"transcript"`
	Chapters   []Chapter        `json:"chapters"`
	Extra      Extra            `json:"-"`
}

// SourceTypes are where a recording can come from.
var SourceTypes = []string{"local", "audio", "video", "youtube", "vimeo", "podcast", "other"}

// YouTube is where a film stands there.
type YouTube struct {
	ID          string     `json:"id"`
	Channel     string     `json:"channel"`
	ChannelID   string     `json:"channel_id"`
	PublishedAt *time.Time `json:"published_at"`
	Thumbnail   string     `json:"thumbnail"`
	Extra       Extra      `json:"-"`
}

// Vimeo is where a film stands there.
type Vimeo struct {
	ID         string     `json:"id"`
	User       string     `json:"user"`
	UploadedAt *time.Time `json:"uploaded_at"`
	Extra      Extra      `json:"-"`
}

// Podcast is the episode that a recording is.
type Podcast struct {
	Show        string     `json:"show"`
	Episode     string     `json:"episode"`
	PublishedAt *time.Time `json:"published_at"`
	FeedURL     string     `json:"feed_url"`
	Extra       Extra      `json:"-"`
}

// Video is the picture of a film.
type Video struct {
	Width     int     `json:"width"` // pixels
	Height    int     `json:"height"`
	Framerate float64 `json:"framerate"` // 1/s
	Extra     Extra   `json:"-"`
}

// TranscriptFacts is how a transcript was made.
type TranscriptFacts struct {
	Method     string   `json:"method"` // one of TranscriptMethods
	Language   string   `json:"language"`
	Confidence *float64 `json:"confidence"` // 0 .. 1
	Extra      Extra    `json:"-"`
}

// TranscriptMethods are the ways to make a transcript.
var TranscriptMethods = []string{"manual", "imported", "whisper", "youtube_auto"}

// Chapter is a named place in a recording.
type Chapter struct {
	At          Offset `json:"time"`
	Label       string `json:"label"`
	Description string `json:"description"`
	Extra       Extra  `json:"-"`
}

// ConversationFacts is the metadata of a CONVERSATION.
type ConversationFacts struct {
	Platform     string     `json:"platform"` // one of Platforms
	Model        string     `json:"model"`
	MessageCount int        `json:"message_count"`
	TurnCount    int        `json:"turn_count"`
	Duration     float64    `json:"duration_minutes"`
	TotalTokens  int        `json:"total_tokens"`
	StartedAt    *time.Time `json:"started_at"`
	EndedAt      *time.Time `json:"ended_at"`
	Extra        Extra      `json:"-"`
}

// Platforms are where a conversation can have taken place.
var Platforms = []string{"chatgpt", "claude", "gemini", "remnant", "other"}

// About is DOCUMENT.
func (DocumentFacts) About() Type { return DocumentType }

// About is PHOTO.
func (PhotoFacts) About() Type { return PhotoType }

// About is TRANSMISSION.
func (TransmissionFacts) About() Type { return TransmissionType }

// About is CONVERSATION.
func (ConversationFacts) About() Type { return ConversationType }

// ParseMetadata reads the JSON of the metadata of a signal of the type. It fails only for an unknown type and for text that is no
// JSON object: what is wrong inside is kept, and named by Draft.Problems.
func ParseMetadata(t Type, text []byte) (Metadata, error) {
	switch t {
	case DocumentType:
		return parse[DocumentFacts](text)
	case PhotoType:
		return parse[PhotoFacts](text)
	case TransmissionType:
		return parse[TransmissionFacts](text)
	case ConversationType:
		return parse[ConversationFacts](text)
	}
	return nil, fmt.Errorf("no type of signal: %q", t)
}
