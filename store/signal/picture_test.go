package signal_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"math"
	"strings"
	"testing"
	"time"

	"surrealm/store/signal"
)

var (
	red  = color.NRGBA{R: 255, A: 255}
	blue = color.NRGBA{B: 255, A: 255}
)

func TestReadPhotoReadsTheCameraAndForgetsIt(t *testing.T) {
	t.Parallel()
	p, err := signal.ReadPhoto(bytes.NewReader(jpegOf(t, cornered(900, 600), cameraEXIF(1, "+02:00"))))
	if err != nil {
		t.Fatal(err)
	}
	f := p.Facts
	if f.Camera != "Canon EOS R5" || f.Lens != "EF 50mm" || f.ISO != 400 || f.Aperture != 2.8 || f.ShutterSpeed != "1/250" || f.FocalLength != 50 ||
		f.Width != 900 || f.Height != 600 || f.MIMEType != "image/jpeg" || f.ColorSpace != "sRGB" || f.TakenAt != "2024-05-01T10:20:30+02:00" {
		t.Errorf("facts: %+v", f)
	}
	if f.Altitude == nil || *f.Altitude != -12.5 {
		t.Errorf("altitude: %v", f.Altitude)
	}
	if p.TakenAt == nil || !p.TakenAt.Equal(time.Date(2024, 5, 1, 8, 20, 30, 0, time.UTC)) {
		t.Errorf("taken at %v", p.TakenAt)
	}
	if p.Place == nil || math.Abs(p.Place.Latitude+33.86) > 1e-6 || math.Abs(p.Place.Longitude-151.21) > 1e-6 {
		t.Errorf("place: %v", p.Place)
	}
	for _, file := range [][]byte{p.Image, p.Thumbnail} {
		if bytes.Contains(file, []byte("Exif")) || bytes.Contains(file, []byte("Canon")) {
			t.Error("the file still names the camera")
		}
	}
	d := signal.NewDraft(signal.PhotoType)
	d.Title, d.Metadata, d.Place, d.CapturedAt = "t", p.Facts, p.Place, *p.TakenAt
	if bad := d.Normalised().Problems(); len(bad) > 0 {
		t.Errorf("as a draft: %v", bad)
	}
}

func TestATimeWithoutOffset(t *testing.T) {
	t.Parallel()
	p, err := signal.ReadPhoto(bytes.NewReader(jpegOf(t, cornered(8, 8), cameraEXIF(1, ""))))
	if err != nil || p.Facts.TakenAt != "2024-05-01T10:20:30" || !p.TakenAt.Equal(time.Date(2024, 5, 1, 10, 20, 30, 0, time.UTC)) {
		t.Errorf("%q, %v, %v", p.Facts.TakenAt, p.TakenAt, err)
	}
}

// The corner of the stored picture that each orientation says is the top left of what was seen.
// Source: EXIF 2.32, tag Orientation: 6 is "the 0th row at the visual right-hand side, the 0th column at the visual top", and so on.
func TestReadPhotoStandsUpright(t *testing.T) {
	t.Parallel()
	for orientation, corner := range map[uint16]string{
		1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left", 5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left",
	} {
		p, err := signal.ReadPhoto(bytes.NewReader(jpegOf(t, cornered(64, 32), cameraEXIF(orientation, ""))))
		if err != nil {
			t.Fatal(err)
		}
		m, _, err := image.Decode(bytes.NewReader(p.Image))
		if err != nil {
			t.Fatal(err)
		}
		want := image.Pt(64, 32)
		if orientation >= 5 {
			want = image.Pt(32, 64)
		}
		if size := m.Bounds().Size(); size != want || p.Facts.Width != want.X || p.Facts.Height != want.Y {
			t.Errorf("orientation %d: %v", orientation, size)
		}
		if got := redCorner(m); got != corner {
			t.Errorf("orientation %d: red at the %s, not the %s", orientation, got, corner)
		}
	}
}

func redCorner(m image.Image) string {
	size := m.Bounds().Size()
	for name, at := range map[string]image.Point{
		"top left": {2, 2}, "top right": {size.X - 3, 2}, "bottom left": {2, size.Y - 3}, "bottom right": {size.X - 3, size.Y - 3},
	} {
		if r, _, b, _ := m.At(at.X, at.Y).RGBA(); r > b {
			return name
		}
	}
	return "nowhere"
}

func TestReadPhotoFormats(t *testing.T) {
	t.Parallel()
	var animated bytes.Buffer
	if err := gif.Encode(&animated, cornered(20, 10), nil); err != nil {
		t.Fatal(err)
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 1000, 10))
	for name, c := range map[string]struct {
		file  []byte
		kind  string
		thumb image.Point
	}{
		"jpeg": {jpegOf(t, cornered(960, 640), nil), "image/jpeg", image.Pt(480, 320)},
		"png":  {pngOf(t, clear), "image/png", image.Pt(480, 4)},
		"gif":  {animated.Bytes(), "image/png", image.Pt(20, 10)},
		"webp": {tinyWebP, "image/png", image.Pt(1, 1)},
	} {
		p, err := signal.ReadPhoto(bytes.NewReader(c.file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		thumb, _, err := image.Decode(bytes.NewReader(p.Thumbnail))
		if err != nil || thumb.Bounds().Size() != c.thumb || p.ImageType != c.kind {
			t.Errorf("%s: %s, thumbnail %v, %v", name, p.ImageType, thumb, err)
		}
		if p.Facts.MIMEType != "image/"+name || p.Place != nil || p.TakenAt != nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// tinyWebP is one lossless pixel.
var tinyWebP = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")

func TestReadPhotoRefuses(t *testing.T) {
	t.Parallel()
	whole := jpegOf(t, cornered(64, 64), nil)
	for name, c := range map[string]struct {
		file     []byte
		sentence string
	}{
		"text":            {[]byte("hello"), "Choose a JPEG"},
		"nothing":         {nil, "Choose a JPEG"},
		"half a picture":  {whole[:len(whole)/2], "damaged"},
		"too many pixels": {hugePNG(10_000, 5_001), "at most 50 megapixels"},
		"an overflow":     {hugePNG(1<<31-1, 1<<31-1), ""},
		"too many bytes":  {append(whole, make([]byte, signal.PhotoBytesLimit)...), "at most 20 MB"},
	} {
		_, err := signal.ReadPhoto(bytes.NewReader(c.file))
		if bad := (signal.BadPhoto{}); !errors.As(err, &bad) || !strings.Contains(bad.Sentence, c.sentence) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// hugePNG is the head of a PNG that promises so many pixels and has none.
func hugePNG(w, h uint32) []byte {
	header := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	header = append(header, 8, 6, 0, 0, 0)
	out := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	return binary.BigEndian.AppendUint32(append(out, header...), crc32.ChecksumIEEE(header))
}

func FuzzReadPhoto(f *testing.F) {
	small := cornered(16, 8)
	f.Add(jpegOf(f, small, cameraEXIF(6, "+02:00")))
	f.Add(jpegOf(f, small, exif([]tag{short(0x0112, 9)}, nil, []tag{rationals(2, 1, 0, 1, 0, 1, 0), rationals(4, 0, 0)})))
	f.Add(pngOf(f, small))
	f.Add(tinyWebP)
	f.Add(hugePNG(1<<31-1, 1))
	f.Fuzz(func(t *testing.T, file []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && config.Width*config.Height > 1<<20 {
			return // slow and no different
		}
		p, err := signal.ReadPhoto(bytes.NewReader(file))
		if err != nil {
			if !errors.As(err, &signal.BadPhoto{}) {
				t.Fatal(err)
			}
			return
		}
		d := signal.NewDraft(signal.PhotoType)
		d.Title, d.Metadata, d.Place = "t", p.Facts, p.Place
		if bad := d.Normalised().Problems(); len(bad) > 0 {
			t.Fatalf("problems: %v", bad)
		}
		if len(p.Image) == 0 || len(p.Thumbnail) == 0 {
			t.Fatal("no picture")
		}
	})
}
