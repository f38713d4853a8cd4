package views

import "surrealm/store"

// SignalExportForm is a query of the list and the format in which its signals leave.
type SignalExportForm struct {
	Format string `form:"format"`
	Query  string `form:"query"`
}

func exportOptions() []Option {
	options := make([]Option, 0, len(store.ExportFormats))
	for _, f := range store.ExportFormats {
		options = append(options, Option{Value: string(f), Label: f.Label()})
	}
	return options
}
