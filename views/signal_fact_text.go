package views

import (
	"strings"

	"surrealm/store/signal"
)

// factLabels are the names of facts for people; a fact that is not here is called by its JSON name.
var factLabels = map[string]string{
	"iso": "ISO", "aperture": "Aperture (f-number)", "shutter_speed": "Exposure (s)", "focal_length": "Focal length (mm)",
	"width": "Width (pixels)", "height": "Height (pixels)", "file_size": "File size (bytes)", "mime_type": "Media type", "color_space": "Colour space",
	"timestamp_original": "Taken at, by the camera's clock", "gps_altitude": "Altitude (m)", "duration": "Length (s)", "bitrate": "Bit rate (bit/s)",
	"sample_rate": "Sample rate (Hz)", "source_type": "Kind of source", "source_url": "Address of the source", "chapters": "Chapters",
	"youtube-id": "YouTube id", "youtube-channel": "YouTube channel", "youtube-channel_id": "YouTube channel id", "youtube-published_at": "On YouTube since",
	"youtube-thumbnail": "YouTube thumbnail", "vimeo-id": "Vimeo id", "vimeo-user": "Vimeo user", "vimeo-uploaded_at": "On Vimeo since",
	"podcast-show": "Podcast", "podcast-episode": "Episode", "podcast-published_at": "Episode published", "podcast-feed_url": "Podcast feed",
	"video-width": "Film width (pixels)", "video-height": "Film height (pixels)", "video-framerate": "Frames per second",
	"transcript-method": "Transcript made by", "transcript-language": "Language of the transcript", "transcript-confidence": "Confidence of the transcript (0 to 1)",
	"message_count": "Messages", "turn_count": "Turns", "duration_minutes": "Length (minutes)", "total_tokens": "Tokens", "started_at": "Began", "ended_at": "Ended",
	"platform": "Platform", "word_count": "Words", "character_count": "Characters",
}

// factChoices are the facts that have a value from a list.
var factChoices = map[string][]string{
	"source_type": signal.SourceTypes, "transcript-method": signal.TranscriptMethods, "platform": signal.Platforms,
}

func factLabel(key string) string {
	if label, ok := factLabels[key]; ok {
		return label
	}
	text := strings.NewReplacer("_", " ", "-", " ").Replace(key)
	return strings.ToUpper(text[:1]) + text[1:]
}

// chapterLine is a chapter on a line: time | name | description.
func chapterLine(c signal.Chapter) string { return joinBar(offsetText(c.At), c.Label, c.Description) }

// readChapters is the inverse; a chapter whose line is as it was stays as it was. ok is false when a line begins with no time.
func readChapters(base []signal.Chapter, typed string) (chapters []signal.Chapter, ok bool) {
	ok = true
	return readLines(base, chapterLine, typed, func(text string) signal.Chapter {
		parts := splitBar(text, 3)
		cues, _ := signal.ParseTranscript("[" + parts[0] + "] x")
		if len(cues) != 1 || cues[0].Text != "x" {
			ok = false
			return signal.Chapter{Label: text}
		}
		return signal.Chapter{At: cues[0].From, Label: parts[1], Description: parts[2]}
	}), ok
}
