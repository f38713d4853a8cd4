package signal

import (
	"net/http"
	"path"
	"strings"
)

// recordings are the media types of sound and film by the ends of file names, for files whose first bytes do not tell.
var recordings = map[string]string{
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".flac": "audio/flac", ".opus": "audio/ogg", ".ogg": "audio/ogg",
	".oga": "audio/ogg", ".wav": "audio/wav", ".weba": "audio/webm", ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime",
	".ogv": "video/ogg", ".webm": "video/webm", ".mkv": "video/x-matroska",
}

// RecordingType is the media type of sound or film, from the first 512 bytes of a file and its name; "" for a file that is neither.
// The bytes decide what it is; the name only where they leave it open.
func RecordingType(name string, head []byte) string {
	named := recordings[strings.ToLower(path.Ext(name))]
	found, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch {
	case found == "audio/wave":
		return "audio/wav"
	case found == "video/mp4" && strings.HasPrefix(named, "audio/"), found == "video/webm" && strings.HasPrefix(named, "audio/"):
		return named // the same boxes hold sound alone
	case strings.HasPrefix(found, "audio/"), strings.HasPrefix(found, "video/"):
		return found
	case found == "application/ogg" && named == "video/ogg":
		return named
	case found == "application/ogg":
		return "audio/ogg"
	case found == "application/octet-stream":
		return named
	}
	return ""
}

// IsPicture tells from the first 512 bytes of a file whether ReadPhoto may be able to read it.
func IsPicture(head []byte) bool {
	switch http.DetectContentType(head) {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return true
	}
	return false
}

// IsText tells from the first 512 bytes of a file whether it is text.
func IsText(head []byte) bool { return strings.HasPrefix(http.DetectContentType(head), "text/") }
