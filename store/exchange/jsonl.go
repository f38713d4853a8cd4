package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"surrealm/store/signal"
)

// readJSONL reads one JSON object a line: the fields of signal.FieldNames, those of the payload beside them (content, messages, ...),
// or the names that other programs have for them.
func readJSONL(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for line, err := range lines(r) {
			if err != nil {
				yield(Row{}, err)
				return
			}
			if len(line.text) > 0 && !yield(line.row(), nil) {
				return
			}
		}
	}
}

type fileLine struct {
	number int
	text   []byte
	long   bool // longer than RowLimit; text is its beginning
}

func (l fileLine) row() Row {
	name := fmt.Sprintf("line %d", l.number)
	if l.long {
		return badRow(name, fmt.Sprintf("This row is longer than %d MB.", RowLimit>>20))
	}
	var r record
	if json.Unmarshal(l.text, &r) != nil || r == nil {
		return badRow(name, "This is not a JSON object.")
	}
	return r.renamed().row(name, "")
}

func badRow(name, sentence string) Row {
	return Row{Name: name, Problems: map[string]string{"": sentence}}
}

// lines yields the lines of a text without white space around them. It holds no more than RowLimit of a line.
func lines(r io.Reader) iter.Seq2[fileLine, error] {
	return func(yield func(fileLine, error) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
			_, _ = in.Discard(3)
		}
		for number := 1; ; number++ {
			line := fileLine{number: number}
			var err error
			for more := true; more; {
				var part []byte
				part, err = in.ReadSlice('\n')
				more = errors.Is(err, bufio.ErrBufferFull)
				if len(line.text)+len(part) > RowLimit+1 {
					line.long = true
				} else if !line.long {
					line.text = append(line.text, part...)
				}
			}
			line.text = bytes.TrimSpace(line.text)
			if err != nil && !errors.Is(err, io.EOF) {
				yield(line, fmt.Errorf("read line %d: %w", number, err))
				return
			}
			if !yield(line, nil) || err != nil {
				return
			}
		}
	}
}

// WriteJSONL writes a draft as a line. Reading it gives the same draft.
func WriteJSONL(w io.Writer, d signal.Draft) error {
	fields, err := d.Normalised().Fields()
	if err != nil {
		return err
	}
	_, err = w.Write(append(ordered(fields), '\n'))
	return err
}
