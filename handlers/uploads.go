package handlers

import (
	"errors"
	"io"
	"mime/multipart"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// bodyLimits are the routes that take more than maxForm, in bytes. What they take is kept in files until the handler looks at it.
var bodyLimits = map[string]int64{
	"/o/:org/signals":         store.FileLimit + 2<<20,
	"/o/:org/signals/imports": exchange.ArchiveLimit + 2<<20,
	"/o/:org/signals/:id":     4 << 20, // a form of a signal, whose text grows when it is sent
}

// upload is the file of a field, nil when none was chosen.
func upload(c echo.Context, field string) *multipart.FileHeader {
	form := c.Request().MultipartForm
	if form == nil || len(form.File[field]) == 0 || form.File[field][0].Filename == "" {
		return nil
	}
	return form.File[field][0]
}

// forgetUploads removes the files in which a request's uploads were kept. The server does so for its own request only, and the session
// has put a copy in its place.
func forgetUploads(c echo.Context) {
	if form := c.Request().MultipartForm; form != nil {
		_ = form.RemoveAll() // a file that stays is removed by the system
	}
}

// headOf is the beginning of a file, from which its kind is known.
func headOf(file *multipart.FileHeader) ([]byte, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer content.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(content, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}

// fileName is the name of an upload without folders and without what a text cannot hold, of at most 200 characters; its end stays.
func fileName(name string) string {
	name = strings.Join(strings.Fields(clean(path.Base(strings.ReplaceAll(name, `\`, "/")))), " ")
	if runes := []rune(name); len(runes) > signal.SourceLimit {
		end := []rune(path.Ext(name))
		end = end[:min(len(end), 20)]
		name = string(runes[:signal.SourceLimit-len(end)]) + string(end)
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return name
}
