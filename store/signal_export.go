package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// ExportFormats are the formats that signals leave in.
var ExportFormats = []exchange.Format{exchange.JSONL, exchange.CSV, exchange.Markdown, exchange.Archive}

// exportFilesLimit is how much of pictures and recordings an export holds, in bytes: it is written to a file of the server first.
const exportFilesLimit = 2 << 30

// draftWriter writes drafts in one format. The attached is the name of the file that a draft's payload names, "" for none.
type draftWriter interface {
	Write(d signal.Draft, attached string) error
	Close() error
}

// fileWriter is a draftWriter that takes the files too, after all drafts.
type fileWriter interface {
	File(id uuid.UUID, name string) (io.Writer, error)
}

type jsonlWriter struct{ w io.Writer }

func (j jsonlWriter) Write(d signal.Draft, _ string) error { return exchange.WriteJSONL(j.w, d) }
func (j jsonlWriter) Close() error                         { return nil }

type csvWriter struct{ *exchange.CSVWriter }

func (c csvWriter) Write(d signal.Draft, _ string) error { return c.CSVWriter.Write(d) }

func newDraftWriter(format exchange.Format, w io.Writer) (draftWriter, error) {
	switch format {
	case exchange.JSONL:
		return jsonlWriter{w}, nil
	case exchange.CSV:
		table, err := exchange.NewCSVWriter(w)
		return csvWriter{table}, err
	case exchange.Markdown:
		return exchange.NewMarkdownWriter(w), nil
	case exchange.Archive:
		return exchange.NewArchiveWriter(w)
	}
	return nil, Invalid{"format": "Choose JSON lines, a table, Markdown files or a zip of JSON."}
}

// ExportSignals writes all signals of a query that the member may see to a file, in the order of the list, and records that. It returns
// how many they are. A signal without an external id leaves with its own id, by which an import into its realm knows it. A search exports
// what it finds, as far as searchDepth goes. Pictures and recordings leave in the formats that are a zip, at most exportFilesLimit
// bytes of them. Invalid: "format".
func (t *Tenant) ExportSignals(ctx context.Context, f SignalFilter, format exchange.Format, file *os.File) (count int, err error) {
	query, err := t.store.understand(ctx, f.Query)
	if err != nil {
		return 0, err
	}
	err = t.tx(ctx, func(tx pgx.Tx) error {
		count = 0
		if err := errors.Join(file.Truncate(0), rewind(file)); err != nil {
			return err
		}
		buffer := bufio.NewWriter(file)
		out, err := newDraftWriter(format, buffer)
		if err != nil {
			return err
		}
		if err := declareExport(ctx, tx, f, query); err != nil {
			return err
		}
		var files []exportedFile
		for more := true; more; {
			n, named, err := writeChunk(ctx, tx, out)
			if err != nil {
				return err
			}
			count, more, files = count+n, n > 0, append(files, named...)
		}
		if err := writeFiles(ctx, tx, out, files); err != nil {
			return err
		}
		if err := errors.Join(out.Close(), buffer.Flush()); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalsExported, Object{"signal", uuid.Nil, ""}, Details{"signals": count, "format": string(format)})
	})
	return count, err
}

func rewind(file *os.File) error {
	_, err := file.Seek(0, io.SeekStart)
	return err
}

// declareExport opens a cursor over the signals of a query, so that all of an export is of one moment.
func declareExport(ctx context.Context, tx pgx.Tx, f SignalFilter, query meaning) error {
	if f.Query != "" {
		_, err := exec(ctx, tx, `
			declare export no scroll cursor for
			with `+searchHits(f)+`
			select s.id, to_jsonb(f) as draft
			from hits join signals s on s.id = hits.signal_id `+draftOfSignal+`
			where `+signalMatches+`
			order by hits.score desc, s.id`, f.searchArgs(query)...)
		return err
	}
	name, ascending := sortOrder(f.Sort, "-captured")
	sort, known := signalSorts[name]
	if !known {
		sort, ascending = signalSorts["captured"], false
	}
	direction := "desc"
	if ascending {
		direction = "asc"
	}
	_, err := exec(ctx, tx, `
		declare export no scroll cursor for
		with `+reach+`
		select s.id, to_jsonb(f) as draft
		from `+withinReach+` `+draftOfSignal+`
		where `+signalMatches+`
		order by `+sort.by+` `+direction+`, s.id `+direction, f.args()...)
	return err
}

// exportedFile is a picture or recording that a written draft names.
type exportedFile struct {
	ID   uuid.UUID `db:"id"`
	Name string    `db:"name"`
	Size int64     `db:"size"`
}

// writeChunk writes the next signals of the cursor, and returns how many there were and the files that they name.
func writeChunk(ctx context.Context, tx pgx.Tx, out draftWriter) (count int, files []exportedFile, err error) {
	type row struct {
		ID    uuid.UUID    `db:"id"`
		Draft signal.Draft `db:"draft"`
	}
	rows, err := many[row](ctx, tx, `fetch 500 from export`)
	if err != nil || len(rows) == 0 {
		return 0, nil, err
	}
	signals, named := make([]uuid.UUID, 0, len(rows)), make([]uuid.UUID, 0, len(rows))
	for _, r := range rows {
		signals, named = append(signals, r.ID), append(named, signal.FileOf(r.Draft.Payload))
	}
	files, err = many[exportedFile](ctx, tx, `
		select f.id, f.name, length(f.bytes) as size
		from unnest($1::uuid[], $2::uuid[]) with ordinality as x (signal_id, file_id, n)
		join signal_files f on f.signal_id = x.signal_id and f.id = x.file_id
		order by x.n`, signals, named)
	if err != nil {
		return 0, nil, err
	}
	names := map[uuid.UUID]string{}
	for _, f := range files {
		names[f.ID] = f.Name
	}
	for i, r := range rows {
		if r.Draft.ExternalID == "" {
			r.Draft.ExternalID = r.ID.String()
		}
		if err := out.Write(r.Draft, names[named[i]]); err != nil {
			return 0, nil, err
		}
	}
	return len(rows), files, nil
}

// writeFiles adds the files of an export, where its format takes them, piece by piece.
func writeFiles(ctx context.Context, tx pgx.Tx, out draftWriter, files []exportedFile) error {
	to, takes := out.(fileWriter)
	if !takes {
		return nil
	}
	var all int64
	for _, f := range files {
		all += f.Size
	}
	if all > exportFilesLimit {
		return Invalid{"format": fmt.Sprintf("The pictures and recordings of these signals are %d MB together, and an export holds %d MB of them. Narrow the list, or export without them.", all>>20, exportFilesLimit>>20)}
	}
	for _, f := range files {
		file, err := to.File(f.ID, f.Name)
		if err != nil {
			return err
		}
		const piece = 1 << 20
		for at := int64(0); at < f.Size; at += piece {
			part, err := value[[]byte](ctx, tx, `select substring(bytes from $2::int for $3::int) from signal_files where id = $1`, f.ID, at+1, piece)
			if err != nil {
				return err
			}
			if _, err := file.Write(part); err != nil {
				return err
			}
		}
	}
	return nil
}
