package signaltest

import (
	"strconv"
	"time"

	"pgregory.net/rapid"

	"surrealm/store/signal"
)

// Payload draws a payload of the type without problems.
func Payload(t *rapid.T, kind signal.Type) signal.Payload {
	switch kind {
	case signal.DocumentType:
		format := rapid.SampledFrom(append([]signal.Format{""}, signal.Formats...)).Draw(t, "format")
		return signal.Document{Content: Text().Draw(t, "content"), Format: format, Extra: extra(t)}
	case signal.PhotoType:
		return signal.Photo{File: file(t), OriginalName: line(100).Draw(t, "file name"), Extra: extra(t)}
	case signal.TransmissionType:
		return signal.Transmission{File: file(t), URL: link(t), Transcript: cues(t), Extra: extra(t)}
	}
	c := signal.Conversation{Summary: Text().Draw(t, "summary"), Extra: extra(t)}
	for range rapid.IntRange(0, 3).Draw(t, "messages") {
		c.Messages = append(c.Messages, signal.Message{
			Role: rapid.SampledFrom(signal.Roles).Draw(t, "role"), Author: Text().Draw(t, "author"),
			Content: Text().Draw(t, "content"), At: optionalMoment(t, "at"), Extra: extra(t),
		})
		c.KeyPoints = append(c.KeyPoints, Text().Draw(t, "key point"))
	}
	return c
}

func cues(t *rapid.T) []signal.Cue {
	var out []signal.Cue
	for range rapid.IntRange(0, 3).Draw(t, "cues") {
		from := offset(t)
		out = append(out, signal.Cue{From: from, To: from + offset(t), Speaker: line(50).Draw(t, "speaker"), Text: Text().Draw(t, "cue"), Extra: extra(t)})
	}
	return out
}

func offset(t *rapid.T) signal.Offset {
	return signal.Offset(time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "microseconds")) * time.Microsecond)
}

func link(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "https://example.com/a?b=c&d=e#f", "http://example.com"}).Draw(t, "link")
}

func count(t *rapid.T) int { return rapid.IntRange(0, 1<<40).Draw(t, "count") }

func amount(t *rapid.T) float64 { return rapid.Float64Range(0, 1e12).Draw(t, "amount") }

func choice(t *rapid.T, list []string) string {
	return rapid.SampledFrom(append([]string{""}, list...)).Draw(t, "choice")
}

// Metadata draws metadata of the type without problems.
func Metadata(t *rapid.T, kind signal.Type) signal.Metadata {
	switch kind {
	case signal.DocumentType:
		return signal.DocumentFacts{WordCount: count(t), CharacterCount: count(t), Language: choice(t, []string{"en", "no"}), Extra: extra(t)}
	case signal.PhotoType:
		return signal.PhotoFacts{
			Camera: Text().Draw(t, "camera"), Lens: Text().Draw(t, "lens"), ISO: count(t), Aperture: amount(t),
			ShutterSpeed: "1/" + strconv.Itoa(count(t)), FocalLength: amount(t), Width: count(t), Height: count(t), FileSize: int64(count(t)),
			MIMEType: "image/jpeg", TakenAt: choice(t, []string{"2024-05-01T10:00:00", "2024-05-01T10:00:00+02:00"}),
			Altitude: rapid.Ptr(rapid.Float64Range(-400, 9000), true).Draw(t, "altitude"), Extra: extra(t),
		}
	case signal.TransmissionType:
		return transmission(t)
	}
	m := signal.ConversationFacts{
		Platform: choice(t, signal.Platforms), Model: Text().Draw(t, "model"), MessageCount: count(t), TurnCount: count(t),
		Duration: amount(t), TotalTokens: count(t), StartedAt: optionalMoment(t, "started"), Extra: extra(t),
	}
	if m.StartedAt != nil {
		end := m.StartedAt.Add(time.Hour)
		m.EndedAt = &end
	}
	return m
}

func transmission(t *rapid.T) signal.Metadata {
	m := signal.TransmissionFacts{
		SourceType: choice(t, signal.SourceTypes), SourceURL: link(t), Duration: amount(t), Bitrate: amount(t), SampleRate: amount(t),
		Channels: count(t), Codec: Text().Draw(t, "codec"), FileSize: int64(count(t)), Extra: extra(t),
	}
	if rapid.Bool().Draw(t, "with parts") {
		m.YouTube = &signal.YouTube{ID: Text().Draw(t, "id"), PublishedAt: optionalMoment(t, "published"), Extra: extra(t)}
		m.Vimeo = &signal.Vimeo{User: Text().Draw(t, "user"), UploadedAt: optionalMoment(t, "uploaded"), Extra: extra(t)}
		m.Podcast = &signal.Podcast{Show: Text().Draw(t, "show"), FeedURL: link(t), Extra: extra(t)}
		m.Video = &signal.Video{Width: count(t), Framerate: amount(t), Extra: extra(t)}
		m.Transcript = &signal.TranscriptFacts{
			Method: choice(t, signal.TranscriptMethods), Confidence: rapid.Ptr(rapid.Float64Range(0, 1), true).Draw(t, "confidence"), Extra: extra(t),
		}
		m.Chapters = []signal.Chapter{{At: offset(t), Label: Text().Draw(t, "label"), Extra: extra(t)}}
	}
	return m
}
