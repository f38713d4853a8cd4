package signal

import (
	"fmt"
	"math"
	"net/url"
	"slices"
)

func (bad problems) payload(d Draft) {
	if d.Payload == nil || !d.Type.Valid() {
		return
	}
	bad.check(d.Payload.Type() == d.Type, "payload", "The content does not belong to this type of signal.")
	bad.unread("payload", d.Payload)
	bad.json("payload", d.Payload, PayloadLimit)
	switch p := d.Payload.(type) {
	case Document:
		bad.check(p.Format == "" || p.Format.Label() != "", "payload.format", "Choose a format from the list.")
	case Photo:
		bad.text("payload.original_filename", p.OriginalName, SourceLimit)
	case Transmission:
		bad.link("payload.url", p.URL)
		for i, cue := range p.Transcript {
			bad.check(cue.From >= 0 && cue.To >= cue.From, "payload.transcript", fmt.Sprintf("Passage %d of the transcript ends before it begins.", i+1))
		}
	case Conversation:
		for i, m := range p.Messages {
			bad.check(m.Role.Label() != "", "payload.messages", fmt.Sprintf("Say who speaks in message %d.", i+1))
		}
	}
}

func (bad problems) metadata(d Draft) {
	if d.Metadata == nil || !d.Type.Valid() {
		return
	}
	bad.check(d.Metadata.About() == d.Type, "metadata", "The facts do not belong to this type of signal.")
	bad.unread("metadata", d.Metadata)
	bad.json("metadata", d.Metadata, MetadataLimit)
	switch m := d.Metadata.(type) {
	case DocumentFacts:
		bad.counts(map[string]float64{"word_count": float64(m.WordCount), "character_count": float64(m.CharacterCount)})
	case PhotoFacts:
		bad.counts(map[string]float64{
			"iso": float64(m.ISO), "aperture": m.Aperture, "focal_length": m.FocalLength,
			"width": float64(m.Width), "height": float64(m.Height), "file_size": float64(m.FileSize),
		})
		if m.TakenAt != "" {
			_, err := ParseTime(m.TakenAt)
			bad.check(err == nil, "metadata.timestamp_original", badTime)
		}
	case TransmissionFacts:
		bad.transmission(m)
	case ConversationFacts:
		bad.choice("metadata.platform", m.Platform, Platforms)
		bad.counts(map[string]float64{
			"message_count": float64(m.MessageCount), "turn_count": float64(m.TurnCount), "duration_minutes": m.Duration,
			"total_tokens": float64(m.TotalTokens),
		})
		bad.check(m.StartedAt == nil || m.EndedAt == nil || !m.EndedAt.Before(*m.StartedAt), "metadata.ended_at", "It ends before it begins.")
	}
}

func (bad problems) transmission(m TransmissionFacts) {
	bad.choice("metadata.source_type", m.SourceType, SourceTypes)
	bad.link("metadata.source_url", m.SourceURL)
	bad.counts(map[string]float64{
		"duration": m.Duration, "bitrate": m.Bitrate, "sample_rate": m.SampleRate, "channels": float64(m.Channels),
		"file_size": float64(m.FileSize),
	})
	if v := m.Video; v != nil {
		bad.counts(map[string]float64{"video": min(float64(v.Width), float64(v.Height), v.Framerate)})
	}
	if t := m.Transcript; t != nil {
		bad.choice("metadata.transcript", t.Method, TranscriptMethods)
		bad.check(t.Confidence == nil || *t.Confidence >= 0 && *t.Confidence <= 1, "metadata.transcript", "The confidence is a number from 0 to 1.")
	}
	if p := m.Podcast; p != nil {
		bad.link("metadata.podcast", p.FeedURL)
	}
	for i, c := range m.Chapters {
		bad.check(c.At >= 0, "metadata.chapters", fmt.Sprintf("Chapter %d begins before the recording.", i+1))
	}
}

func (bad problems) counts(values map[string]float64) {
	for field, value := range values {
		bad.check(value >= 0 && !math.IsInf(value, 0), "metadata."+field, "Use a number that is not negative.")
	}
}

func (bad problems) choice(field, value string, list []string) {
	bad.check(value == "" || slices.Contains(list, value), field, "Choose one from the list.")
}

func (bad problems) link(field, text string) {
	bad.text(field, text, ParagraphLimit)
	u, err := url.Parse(text)
	ok := text == "" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
	bad.check(ok, field, "Enter an address that begins with https:// or http://.")
}
