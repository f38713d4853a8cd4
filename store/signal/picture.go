package signal

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // the formats that ReadPhoto reads
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// The limits of an uploaded photo.
const (
	PhotoBytesLimit  = 20 << 20
	PhotoPixelsLimit = 50_000_000
	ThumbnailSide    = 480 // pixels of the longer side, at most
	photoQuality     = 85  // of JPEG
)

// Picture is an uploaded photo as it is kept: written anew, upright, without anything that the camera or a program put into the file.
type Picture struct {
	Image         []byte
	ImageType     string // image/jpeg or image/png
	Thumbnail     []byte
	ThumbnailType string
	Facts         PhotoFacts // what the file said about itself
	Place         *Place     // nil when the file named none
	TakenAt       *time.Time // nil when the file named none; by the camera's clock as UTC when that knew no offset
}

// BadPhoto says in a sentence why a file is not taken as a photo.
type BadPhoto struct{ Sentence string }

// Error is the sentence.
func (b BadPhoto) Error() string { return b.Sentence }

// ReadPhoto reads a JPEG, PNG, GIF (its first picture) or WebP of at most PhotoBytesLimit bytes and PhotoPixelsLimit pixels. A picture
// of the largest size takes some 3 s and 400 MB, a progressive JPEG more: let only a few run at once. The error is a BadPhoto, or r's.
func ReadPhoto(r io.Reader) (p Picture, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			p, err = Picture{}, BadPhoto{"This picture is damaged."}
		}
	}()
	data, err := io.ReadAll(io.LimitReader(r, PhotoBytesLimit+1))
	if err != nil {
		return Picture{}, fmt.Errorf("read photo: %w", err)
	}
	if len(data) > PhotoBytesLimit {
		return Picture{}, BadPhoto{fmt.Sprintf("A photo may have at most %d MB.", PhotoBytesLimit>>20)}
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if errors.Is(err, image.ErrFormat) {
		return Picture{}, BadPhoto{"Choose a JPEG, PNG, GIF or WebP picture."}
	}
	if err != nil || config.Width < 1 || config.Height < 1 {
		return Picture{}, BadPhoto{"This picture is damaged."}
	}
	if config.Width > PhotoPixelsLimit/config.Height {
		return Picture{}, BadPhoto{fmt.Sprintf("A photo may have at most %d megapixels.", PhotoPixelsLimit/1_000_000)}
	}
	seen := readEXIF(data, format)
	p = Picture{Facts: seen.facts, Place: seen.place, TakenAt: seen.takenAt}
	p.Facts.FileSize, p.Facts.MIMEType = int64(len(data)), "image/"+format

	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Picture{}, BadPhoto{"This picture is damaged."}
	}
	return p, p.write(upright(decoded, seen.orientation), format)
}

// write fills in the files and the size. Photographs stay JPEG; what may have sharp edges or holes becomes PNG.
func (p *Picture) write(picture image.Image, format string) error {
	size := picture.Bounds().Size()
	p.Facts.Width, p.Facts.Height = size.X, size.Y
	photograph := format == "jpeg"
	if _, lossy := picture.(*image.YCbCr); lossy && format == "webp" {
		photograph = true
	}
	var err error
	if p.Image, p.ImageType, err = encode(picture, photograph); err != nil {
		return err
	}
	p.Thumbnail, p.ThumbnailType, err = encode(thumbnail(picture), photograph)
	return err
}

func encode(picture image.Image, photograph bool) ([]byte, string, error) {
	var out bytes.Buffer
	if photograph {
		err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: photoQuality})
		return out.Bytes(), "image/jpeg", err
	}
	err := png.Encode(&out, picture)
	return out.Bytes(), "image/png", err
}

func thumbnail(picture image.Image) image.Image {
	size := picture.Bounds().Size()
	longer := max(size.X, size.Y)
	if longer <= ThumbnailSide {
		return picture
	}
	side := func(n int) int { return max(1, n*ThumbnailSide/longer) }
	small := image.NewNRGBA(image.Rect(0, 0, side(size.X), side(size.Y)))
	draw.BiLinear.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	return small
}

// upright turns and mirrors a picture as EXIF's orientation (1 .. 8) asks, so that its first row is its top.
func upright(picture image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return picture
	}
	from := picture.Bounds()
	w, h := from.Dx(), from.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	opaque, ok := picture.(interface{ Opaque() bool })
	canvas := newCanvas(w, h, ok && opaque.Opaque())
	const rows = 64 // at once, so that the picture is not held a third time
	strip := newCanvas(from.Dx(), rows, ok && opaque.Opaque())
	for top := 0; top < from.Dy(); top += rows {
		draw.Draw(strip.Image, image.Rect(0, 0, from.Dx(), min(rows, from.Dy()-top)), picture, from.Min.Add(image.Pt(0, top)), draw.Src)
		for y := range min(rows, from.Dy()-top) {
			for x := range from.Dx() {
				tx, ty := shownAt(orientation, x, top+y, w, h)
				copy(canvas.pix[ty*canvas.stride+4*tx:][:4], strip.pix[y*strip.stride+4*x:][:4])
			}
		}
	}
	return canvas.Image
}

// canvas is a picture of four bytes a pixel.
type canvas struct {
	draw.Image
	pix    []byte
	stride int
}

func newCanvas(w, h int, opaque bool) canvas {
	if opaque {
		m := image.NewRGBA(image.Rect(0, 0, w, h)) // drawn to and encoded much faster
		return canvas{m, m.Pix, m.Stride}
	}
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	return canvas{m, m.Pix, m.Stride}
}

// shownAt is where the stored pixel x, y belongs in the upright picture of w by h pixels.
// Source: EXIF 2.32, tag Orientation: where the stored first row and first column lie in the picture that was seen.
func shownAt(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return w - 1 - y, x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return y, h - 1 - x
	}
	return x, y
}
