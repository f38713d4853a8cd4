package handlers

import (
	"os"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/views"
)

// exportSignals sends all signals of a list's query. The audit entry says how many they were before any of them leaves.
func (h *Handlers) exportSignals(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.SignalExportForm](c)
	if err != nil {
		return err
	}
	filter, err := signalFilterOf(form.Query)
	if err != nil {
		return err
	}
	format := exchange.Format(form.Format)
	kind, end := exportKind(format)
	return downloadLarge(c, kind, t.Org.Slug+"-signals."+end, func(file *os.File) error {
		_, err := t.ExportSignals(c.Request().Context(), filter.Filter(), format, file)
		return err
	})
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
