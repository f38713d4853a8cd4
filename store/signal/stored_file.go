package signal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"io"

	"github.com/google/uuid"
)

// FileOf is the stored file that a payload names, uuid.Nil for none.
func FileOf(p Payload) uuid.UUID {
	switch p := p.(type) {
	case Photo:
		return p.File
	case Transmission:
		return p.File
	}
	return uuid.Nil
}

// WithFile is a payload that names another stored file.
func WithFile(p Payload, id uuid.UUID) Payload {
	switch p := p.(type) {
	case Photo:
		p.File = id
		return p
	case Transmission:
		p.File = id
		return p
	}
	return p
}

// ReadStoredPhoto is ReadPhoto for a picture that comes back from an export: one that holds nothing but the picture, as ReadPhoto
// writes it, stays byte for byte.
func ReadStoredPhoto(r io.Reader) (Picture, error) {
	data, err := io.ReadAll(io.LimitReader(r, PhotoBytesLimit+1))
	if err != nil {
		return Picture{}, fmt.Errorf("read photo: %w", err)
	}
	p, err := ReadPhoto(bytes.NewReader(data))
	if err == nil && (p.ImageType == "image/jpeg" && bareJPEG(data) || p.ImageType == "image/png" && barePNG(data)) {
		p.Image = data
	}
	return p, err
}

// CheckPhoto tells from the beginning of a file what ReadPhoto would refuse; it does not look at the picture itself.
func CheckPhoto(head []byte) error {
	config, _, err := image.DecodeConfig(bytes.NewReader(head))
	switch {
	case err != nil && !IsPicture(head):
		return BadPhoto{"Choose a JPEG, PNG, GIF or WebP picture."}
	case err == nil && (config.Width < 1 || config.Height < 1 || config.Width > PhotoPixelsLimit/config.Height):
		return BadPhoto{fmt.Sprintf("A photo may have at most %d megapixels.", PhotoPixelsLimit/1_000_000)}
	}
	return nil
}

// bareJPEG says that a JPEG file holds one picture and nothing beside it: no place, no camera, no text.
func bareJPEG(data []byte) bool {
	at := 2
	for at+4 <= len(data) && data[at] == 0xff {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		switch marker {
		case 0xdb, 0xc0, 0xc4, 0xdd: // tables and the size
			at += 2 + size
		case 0xda: // the picture, up to the next marker
			for at += 2 + size; at+1 < len(data); at++ {
				if next := data[at+1]; data[at] == 0xff && next != 0 && (next < 0xd0 || next > 0xd7) {
					return next == 0xd9 && at+2 == len(data)
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

// barePNG says the same of a PNG file.
func barePNG(data []byte) bool {
	for at := 8; at+12 <= len(data); {
		kind, size := string(data[at+4:at+8]), int(binary.BigEndian.Uint32(data[at:]))
		if at += 12 + size; at > len(data) {
			return false
		}
		switch kind {
		case "IHDR", "PLTE", "tRNS", "IDAT":
		case "IEND":
			return at == len(data)
		default:
			return false
		}
	}
	return false
}
