package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Mapping says which field each column of a table is, by the column's header. Columns that it does not name are left out. A field is
// one of signal.FieldNames, or content, format, original_filename, url, transcript, messages: the fields of the payload.
type Mapping map[string]string

// GuessMapping maps the columns whose headers it knows. Where two mean one field, the first has it.
func GuessMapping(header []string) Mapping {
	out := Mapping{}
	taken := map[string]bool{}
	for _, exact := range []bool{true, false} {
		for _, column := range header {
			field := fieldOf(column)
			if _, done := out[column]; done || field == "" || taken[field] || exact && !isField(column) {
				continue
			}
			out[column], taken[field] = field, true
		}
	}
	return out
}

// Table is the beginning of a CSV file, to choose a mapping by.
type Table struct {
	Header []string
	Rows   [][]string
}

// PreviewCSV reads the header and at most so many rows.
func PreviewCSV(r io.Reader, rows int) (Table, error) {
	in := csvReader(r)
	header, err := csvHeader(in)
	if err != nil {
		return Table{}, err
	}
	t := Table{Header: header}
	for len(t.Rows) < rows {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil && !errors.As(err, new(*csv.ParseError)) {
			return t, err
		}
		for i, cell := range cells {
			cells[i] = unguard(cell)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t, nil
}

// csvReader reads UTF-8, UTF-16 with its mark, or Windows-1252 where the beginning is neither, with the separator that is most
// frequent in the first line.
func csvReader(r io.Reader) *csv.Reader {
	const sample = 64 << 10
	in := bufio.NewReaderSize(transform.NewReader(r, unicode.BOMOverride(transform.Nop)), sample)
	head, _ := in.Peek(sample)
	whole := head
	if len(head) == sample {
		whole = head[:sample-utf8.UTFMax] // the last character may be cut
		for len(whole) > 0 && !utf8.RuneStart(head[len(whole)]) {
			whole = whole[:len(whole)-1]
		}
	}
	source := io.Reader(in)
	if !utf8.Valid(whole) {
		source = transform.NewReader(in, charmap.Windows1252.NewDecoder())
	}
	out := csv.NewReader(source)
	out.FieldsPerRecord = -1
	first, _, _ := bytes.Cut(head, []byte("\n"))
	for _, comma := range []rune{';', '\t'} {
		if bytes.Count(first, []byte(string(comma))) > bytes.Count(first, []byte(string(out.Comma))) {
			out.Comma = comma
		}
	}
	return out
}

func csvHeader(in *csv.Reader) ([]string, error) {
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, BadFile{"The file is empty."}
	}
	if err != nil {
		return nil, BadFile{"The first line is not a row of column names."}
	}
	if len(header) > 1000 {
		return nil, BadFile{"The file has more than 1000 columns."}
	}
	for i, name := range header {
		header[i] = strings.TrimSpace(unguard(name))
	}
	return header, nil
}

func readCSV(r io.Reader, mapping Mapping) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in := csvReader(r)
		header, err := csvHeader(in)
		if err != nil {
			yield(Row{}, err)
			return
		}
		if mapping == nil {
			mapping = GuessMapping(header)
		}
		for {
			cells, err := in.Read()
			bad := (*csv.ParseError)(nil)
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &bad):
				if !yield(badRow(fmt.Sprintf("line %d", bad.StartLine), fmt.Sprintf("The quotes in line %d do not match.", bad.Line)), nil) {
					return
				}
			case err != nil:
				yield(Row{}, err)
				return
			default:
				line, _ := in.FieldPos(0)
				if !yield(csvRow(fmt.Sprintf("line %d", line), header, cells, mapping), nil) {
					return
				}
			}
		}
	}
}

func csvRow(name string, header, cells []string, mapping Mapping) Row {
	if len(cells) > len(header) {
		return badRow(name, fmt.Sprintf("This row has %d cells, the header %d.", len(cells), len(header)))
	}
	if size := len(strings.Join(cells, "")); size > RowLimit {
		return badRow(name, fmt.Sprintf("This row is longer than %d MB.", RowLimit>>20))
	}
	r := record{}
	for i, cell := range cells {
		if field := mapping[header[i]]; isField(field) && cell != "" {
			r[field] = fromCell(field, unguard(cell))
		}
	}
	return r.row(name, "")
}

var (
	numberFields = []string{"latitude", "longitude", "temperature", "density"}
	listFields   = []string{"tags", "ontological_states", "symbolic_elements", "subsystems", "dominant_language"}
	jsonFields   = []string{"actions", "entities", "payload", "metadata", "messages"}
	plainNumber  = regexp.MustCompile(`^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$`)
)

// fromCell is a cell as the JSON of its field. A list is JSON, or its entries with semicolons or else commas between them.
func fromCell(field, cell string) json.RawMessage {
	trimmed := strings.TrimSpace(cell)
	switch {
	case slices.Contains(numberFields, field):
		number := strings.Replace(trimmed, ",", ".", 1) // as many countries write it
		if plainNumber.MatchString(number) {
			return json.RawMessage(number)
		}
	case slices.Contains(listFields, field):
		return splitList(trimmed)
	case slices.Contains(jsonFields, field), field == "transcript":
		if json.Valid([]byte(trimmed)) {
			return json.RawMessage(trimmed)
		}
	}
	return quote(cell)
}

func splitList(text string) json.RawMessage {
	var list []string
	if strings.HasPrefix(text, "[") && json.Unmarshal([]byte(text), &list) == nil {
		return json.RawMessage(text)
	}
	separator := ","
	if strings.Contains(text, ";") {
		separator = ";"
	}
	return quote(strings.Split(text, separator))
}

var guarded = regexp.MustCompile(`^'+[=+\-@\t\r\n]`)

// unguard takes off the apostrophe that guard puts on.
func unguard(cell string) string {
	if guarded.MatchString(cell) {
		return cell[1:]
	}
	return cell
}
