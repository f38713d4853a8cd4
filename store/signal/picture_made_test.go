package signal_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

// cornered is a picture that is blue, with its top left quarter red.
func cornered(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, blue)
			if x < w/2 && y < h/2 {
				m.Set(x, y, red)
			}
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image, exif []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	if exif == nil {
		return out.Bytes()
	}
	segment := append([]byte("Exif\x00\x00"), exif...)
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1}, byte((len(segment)+2)>>8), byte(len(segment)+2))
	return append(append(head, segment...), out.Bytes()[2:]...)
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tag is an entry of a TIFF directory, with its value in the type's bytes.
type tag struct {
	id, kind uint16
	count    uint32
	value    []byte
}

func ascii(id uint16, text string) tag {
	return tag{id, 2, uint32(len(text) + 1), append([]byte(text), 0)}
}

func short(id uint16, n uint16) tag { return tag{id, 3, 1, binary.BigEndian.AppendUint16(nil, n)} }

func rationals(id uint16, values ...uint32) tag {
	t := tag{id, 5, uint32(len(values) / 2), nil}
	for _, v := range values {
		t.value = binary.BigEndian.AppendUint32(t.value, v)
	}
	return t
}

// directory writes a TIFF directory that begins at the offset, with its values after it.
func directory(at int, tags []tag) []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(len(tags)))
	values := []byte{}
	after := at + 2 + 12*len(tags) + 4
	for _, t := range tags {
		out = binary.BigEndian.AppendUint16(out, t.id)
		out = binary.BigEndian.AppendUint16(out, t.kind)
		out = binary.BigEndian.AppendUint32(out, t.count)
		if len(t.value) <= 4 {
			out = append(out, append(t.value, 0, 0, 0, 0)[:4]...)
			continue
		}
		out = binary.BigEndian.AppendUint32(out, uint32(after+len(values)))
		values = append(values, t.value...)
		if len(values)%2 == 1 {
			values = append(values, 0)
		}
	}
	return append(append(out, 0, 0, 0, 0), values...)
}

// exif writes a TIFF with a main, a camera and a GPS directory.
func exif(main, camera, gps []tag) []byte {
	link := func(id uint16, to int) tag { return tag{id, 4, 1, binary.BigEndian.AppendUint32(nil, uint32(to))} }
	out := []byte("MM\x00\x2a\x00\x00\x00\x08")
	linked := append(append([]tag{}, main...), link(0x8769, 0), link(0x8825, 0))
	cameraAt := 8 + len(directory(8, linked))
	gpsAt := cameraAt + len(directory(cameraAt, camera))
	linked = append(append([]tag{}, main...), link(0x8769, cameraAt), link(0x8825, gpsAt))
	out = append(out, directory(8, linked)...)
	out = append(out, directory(cameraAt, camera)...)
	return append(out, directory(gpsAt, gps)...)
}

func cameraEXIF(orientation uint16, offset string) []byte {
	camera := []tag{
		rationals(0x829a, 1, 250), rationals(0x829d, 28, 10), short(0x8827, 400), ascii(0x9003, "2024:05:01 10:20:30"), rationals(0x920a, 50, 1),
		short(0xa001, 1), ascii(0xa434, "EF 50mm"),
	}
	if offset != "" {
		camera = append(camera[:4:4], append([]tag{ascii(0x9011, offset)}, camera[4:]...)...)
	}
	return exif([]tag{ascii(0x010f, "Canon"), ascii(0x0110, "Canon EOS R5"), short(0x0112, orientation)}, camera, []tag{
		ascii(1, "S"), rationals(2, 33, 1, 51, 1, 36, 1), ascii(3, "E"), rationals(4, 151, 1, 12, 1, 36, 1), {5, 1, 1, []byte{1}}, rationals(6, 125, 10),
	})
}
