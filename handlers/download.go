package handlers

import (
	"io"
	"mime"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"
)

// download sends a file that the browser is to save, never to show: it is somebody's content under our address.
func download(c echo.Context, contentType, name string, content []byte) error {
	saveAs(c, name)
	return c.Blob(http.StatusOK, contentType, content)
}

// downloadLarge is download for what does not fit into memory. It is written to a temporary file first, so that a failure is an error
// page and not half a download.
func downloadLarge(c echo.Context, contentType, name string, write func(*os.File) error) error {
	file, err := os.CreateTemp("", "surrealm-export-")
	if err != nil {
		return err
	}
	defer func() {
		_ = file.Close() // only read from here on
		_ = os.Remove(file.Name())
	}()
	if err := write(file); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	saveAs(c, name)
	return c.Stream(http.StatusOK, contentType, file)
}

func saveAs(c echo.Context, name string) {
	c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}
