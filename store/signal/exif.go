package signal

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/bep/imagemeta"
)

// seenEXIF is what a camera wrote into a file.
type seenEXIF struct {
	facts       PhotoFacts
	orientation int // 0 when not said
	place       *Place
	takenAt     *time.Time
}

// readEXIF reads what it can; a file without EXIF, or with damaged EXIF, gives less and never an error. The library stops after a
// number of tags and skips large ones, see imagemeta.Options.
func readEXIF(data []byte, format string) (seen seenEXIF) {
	kind, ok := map[string]imagemeta.ImageFormat{"jpeg": imagemeta.JPEG, "png": imagemeta.PNG, "webp": imagemeta.WebP}[format]
	if !ok {
		return seenEXIF{}
	}
	tags := exifTags{}
	// What was read before an error still holds.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(data), ImageFormat: kind, Sources: imagemeta.EXIF, LimitNumTags: 1000, LimitTagSize: 4096,
		HandleTag: func(tag imagemeta.TagInfo) error {
			if _, found := tags[tag.Tag]; !found {
				tags[tag.Tag] = tag.Value
			}
			return nil
		},
	})
	seen.orientation = int(tags.number("Orientation"))
	seen.place = tags.place()
	seen.facts = PhotoFacts{
		Camera: tags.camera(), Lens: tags.text("LensModel"), ISO: int(tags.number("ISO")), Aperture: round(tags.number("FNumber")),
		ShutterSpeed: shutter(tags.number("ExposureTime")), FocalLength: round(tags.number("FocalLength")), Altitude: tags.altitude(),
	}
	switch tags.number("ColorSpace") {
	case 1:
		seen.facts.ColorSpace = "sRGB"
	case 2:
		seen.facts.ColorSpace = "Adobe RGB"
	}
	seen.facts.TakenAt, seen.takenAt = tags.time()
	return seen
}

type exifTags map[string]any

func (tags exifTags) text(name string) string {
	text, _ := tags[name].(string)
	text = oneLine(text)
	if runes := []rune(text); len(runes) > PhraseLimit {
		text = string(runes[:PhraseLimit])
	}
	return text
}

// number is the value as a number, 0 when it is none or is beyond what a fact of a photo can be.
func (tags exifTags) number(name string) float64 {
	var n float64
	switch v := tags[name].(type) {
	case float64:
		n = v
	case float32:
		n = float64(v)
	case interface{ Float64() float64 }:
		n = v.Float64()
	case uint8, uint16, uint32, int, int8, int16, int32, int64, uint64:
		_, _ = fmt.Sscan(fmt.Sprint(v), &n)
	}
	if math.IsNaN(n) || math.Abs(n) > 1e9 {
		return 0
	}
	return n
}

// camera is maker and model, without the maker's name twice.
func (tags exifTags) camera() string {
	maker, model := tags.text("Make"), tags.text("Model")
	if maker == "" || strings.HasPrefix(strings.ToLower(model), strings.ToLower(maker)) {
		return model
	}
	return strings.TrimSpace(maker + " " + model)
}

// place is nil also for 0, 0, which cameras write that know no place.
func (tags exifTags) place() *Place {
	p := Place{tags.number("GPSLatitude"), tags.number("GPSLongitude")}
	if strings.HasPrefix(strings.ToUpper(tags.text("GPSLatitudeRef")), "S") {
		p.Latitude = -p.Latitude
	}
	if strings.HasPrefix(strings.ToUpper(tags.text("GPSLongitudeRef")), "W") {
		p.Longitude = -p.Longitude
	}
	if p == (Place{}) || math.Abs(p.Latitude) > 90 || math.Abs(p.Longitude) > 180 {
		return nil
	}
	return &p
}

func (tags exifTags) altitude() *float64 {
	if _, ok := tags["GPSAltitude"]; !ok {
		return nil
	}
	metres := round(tags.number("GPSAltitude"))
	if tags.number("GPSAltitudeRef") == 1 {
		metres = -metres
	}
	return &metres
}

// time is when the picture was taken, as written by the camera and as an instant.
func (tags exifTags) time() (string, *time.Time) {
	const layout = "2006:01:02 15:04:05"
	for _, names := range [][2]string{{"DateTimeOriginal", "OffsetTimeOriginal"}, {"DateTimeDigitized", "OffsetTimeDigitized"}, {"DateTime", "OffsetTime"}} {
		at, err := time.Parse(layout, tags.text(names[0]))
		if err != nil || at.Year() < 1800 {
			continue
		}
		written := at.Format("2006-01-02T15:04:05")
		if exact, err := time.Parse(layout+"-07:00", tags.text(names[0])+tags.text(names[1])); err == nil {
			at, written = exact, written+exact.Format("Z07:00")
		}
		at = at.UTC()
		return written, &at
	}
	return "", nil
}

// shutter is an exposure in seconds as photographers write it.
func shutter(seconds float64) string {
	switch {
	case seconds <= 0:
		return ""
	case seconds < 0.3:
		return fmt.Sprintf("1/%d", int(math.Round(1/seconds)))
	}
	return fmt.Sprint(round(seconds))
}

// round takes away what a fraction of two whole numbers adds beyond what was measured.
func round(n float64) float64 { return math.Round(n*100) / 100 }
