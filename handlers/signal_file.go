package handlers

import (
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"surrealm/store"
)

// sendSignalFile sends a file of a signal, or its thumbnail. The browser may keep it, and asks each time whether it still may show it:
// who has lost the right finds nothing. Pictures, sound and film are shown; anything else is saved.
func sendSignalFile(thumbnail bool) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		file, err := pathID(c, "file")
		if err != nil {
			return err
		}
		found, err := t.SignalFile(c.Request().Context(), id, file, thumbnail)
		if err != nil {
			return err
		}
		tag := hex.EncodeToString(found.Hash[:16])
		if thumbnail {
			tag += "-small"
		}
		header := c.Response().Header()
		header.Set("Cache-Control", "private, no-cache")
		header.Set("ETag", `"`+tag+`"`)
		header.Set("Content-Security-Policy", filePolicy)
		header.Set(echo.HeaderContentType, found.MediaType)
		header.Set(echo.HeaderContentDisposition, mime.FormatMediaType(disposition(found.MediaType), map[string]string{"filename": found.Name}))
		content := &filePieces{size: found.Size, read: func(from, size int64) ([]byte, error) {
			return t.SignalFilePart(c.Request().Context(), id, file, thumbnail, from, size)
		}}
		http.ServeContent(c.Response(), c.Request(), "", time.Time{}, content)
		return nil
	}
}

// filePolicy goes with what somebody else made: opened by itself it is drawn or played, and can do nothing with our address.
const filePolicy = "default-src 'none'; img-src 'self'; media-src 'self'; base-uri 'none'; frame-ancestors 'none'; sandbox"

// disposition is inline for what a browser only draws or plays.
func disposition(mediaType string) string {
	switch mediaType {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return "inline"
	}
	if strings.HasPrefix(mediaType, "audio/") || strings.HasPrefix(mediaType, "video/") {
		return "inline"
	}
	return "attachment"
}

// filePieces reads a file from the database piece by piece, from where it is asked to.
type filePieces struct {
	size  int64
	read  func(from, size int64) ([]byte, error)
	at    int64
	piece []byte // what is read already of what comes at at
}

// pieceSize is how much is read at once.
const pieceSize = 1 << 20

// Read is io.Reader's.
func (f *filePieces) Read(into []byte) (int, error) {
	if f.at >= f.size {
		return 0, io.EOF
	}
	if len(f.piece) == 0 {
		piece, err := f.read(f.at, pieceSize)
		if err != nil {
			return 0, err
		}
		if len(piece) == 0 {
			return 0, io.ErrUnexpectedEOF
		}
		f.piece = piece
	}
	n := copy(into, f.piece)
	f.at, f.piece = f.at+int64(n), f.piece[n:]
	return n, nil
}

// Seek is io.Seeker's.
func (f *filePieces) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 {
		return 0, errors.New("before the beginning of the file")
	}
	if offset != f.at {
		f.at, f.piece = offset, nil
	}
	return offset, nil
}
