package handlers

import (
	"mime"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/views"
)

// exportSignals sends all signals of a list's query. They are written to a file first, so that a failure is an error page and not half a
// download, and so that the audit entry says how many they were before any of them leaves.
func (h *Handlers) exportSignals(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.SignalExportForm](c)
	if err != nil {
		return err
	}
	filter, err := signalFilterOf(form.Query)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp("", "surrealm-export-")
	if err != nil {
		return err
	}
	defer func() {
		_ = file.Close() // only read from here on
		_ = os.Remove(file.Name())
	}()
	format := exchange.Format(form.Format)
	if _, err := t.ExportSignals(c.Request().Context(), filter.Filter(), format, file); err != nil {
		return err
	}
	if _, err := file.Seek(0, 0); err != nil {
		return err
	}
	kind, end := exportKind(format)
	c.Response().Header().Set(echo.HeaderContentDisposition,
		mime.FormatMediaType("attachment", map[string]string{"filename": t.Org.Slug + "-signals." + end}))
	return c.Stream(http.StatusOK, kind, file)
}

// exportKind is the media type of a format and the end of its file's name.
func exportKind(format exchange.Format) (mediaType, end string) {
	switch format {
	case exchange.CSV:
		return "text/csv; charset=utf-8", "csv"
	case exchange.Markdown, exchange.Archive:
		return "application/zip", "zip"
	}
	return "application/jsonl", "jsonl"
}
