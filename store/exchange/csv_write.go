package exchange

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"

	"surrealm/store/signal"
)

// csvColumns are the fields of a draft and, for documents, the content and its format.
var csvColumns = append(slices.Clone(signal.FieldNames[:len(signal.FieldNames)-2]), "content", "format", "payload", "metadata")

// CSVWriter writes drafts as a table. Reading it with the guessed mapping gives the same drafts.
type CSVWriter struct{ out *csv.Writer }

// NewCSVWriter writes the header, with the mark by which spreadsheets know UTF-8.
func NewCSVWriter(w io.Writer) (*CSVWriter, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	out := csv.NewWriter(w)
	return &CSVWriter{out}, out.Write(csvColumns)
}

// Write appends a row.
func (w *CSVWriter) Write(d signal.Draft) error {
	fields, err := d.Normalised().Fields()
	if err != nil {
		return err
	}
	liftContent(fields, func(content string) bool {
		return !strings.Contains(content, "\r") // which encoding/csv reads without
	})
	cells := make([]string, len(csvColumns))
	for i, column := range csvColumns {
		cells[i] = guard(toCell(column, fields[column]))
	}
	return w.out.Write(cells)
}

// Close writes what is left.
func (w *CSVWriter) Close() error {
	w.out.Flush()
	return w.out.Error()
}

// liftContent takes content and format out of a document's payload, if the content is fit for where it goes.
func liftContent(fields map[string]json.RawMessage, fit func(content string) bool) {
	var payload record
	if asText(fields["type"]) != string(signal.DocumentType) || json.Unmarshal(fields["payload"], &payload) != nil {
		return
	}
	for _, name := range payloadFields[signal.DocumentType] {
		if text := asText(payload[name]); text != "" && fit(text) {
			fields[name] = payload[name]
			delete(payload, name)
		}
	}
	fields["payload"] = quote(payload)
}

// toCell is the inverse of fromCell.
func toCell(field string, value json.RawMessage) string {
	if isEmpty(value) {
		return ""
	}
	var list []string
	if slices.Contains(listFields, field) && json.Unmarshal(value, &list) == nil && !slices.ContainsFunc(list, unsplittable) {
		return strings.Join(list, "; ")
	}
	if text := asText(value); text != "" {
		return text
	}
	return string(value)
}

// unsplittable tells whether an entry must stand in a JSON list to be read back.
func unsplittable(entry string) bool { return strings.ContainsAny(entry, `,;[`) }

var formula = regexp.MustCompile(`^'*[=+\-@\t\r\n]`)

// guard puts an apostrophe before what a spreadsheet would take for a formula. Numbers stay numbers.
func guard(cell string) string {
	if formula.MatchString(cell) && (cell[0] == '\'' || !plainNumber.MatchString(cell)) {
		return "'" + cell
	}
	return cell
}

// WriteTable writes rows of cells as a table that a spreadsheet opens without taking a cell for a formula.
func WriteTable(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	for _, row := range rows {
		guarded := make([]string, len(row))
		for i, cell := range row {
			guarded[i] = guard(cell)
		}
		if err := out.Write(guarded); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
