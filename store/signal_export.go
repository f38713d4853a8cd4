package store

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// ExportFormats are the formats that signals leave in.
var ExportFormats = []exchange.Format{exchange.JSONL, exchange.CSV, exchange.Markdown}

// draftWriter writes drafts in one format.
type draftWriter interface {
	Write(d signal.Draft) error
	Close() error
}

type jsonlWriter struct{ w io.Writer }

func (j jsonlWriter) Write(d signal.Draft) error { return exchange.WriteJSONL(j.w, d) }
func (j jsonlWriter) Close() error               { return nil }

func newDraftWriter(format exchange.Format, w io.Writer) (draftWriter, error) {
	switch format {
	case exchange.JSONL:
		return jsonlWriter{w}, nil
	case exchange.CSV:
		return exchange.NewCSVWriter(w)
	case exchange.Markdown:
		return exchange.NewMarkdownWriter(w), nil
	}
	return nil, Invalid{"format": "Choose JSON lines, a table or Markdown files."}
}

// ExportSignals writes all signals of a query that the member may see to a file, in the order of the list, and records that. It returns
// how many they are. A signal without an external id leaves with its own id, by which an import into its realm knows it. A search exports
// what it finds, as far as searchDepth goes. Files of photos and recordings stay here. Invalid: "format".
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
		for more := true; more; {
			n, err := writeChunk(ctx, tx, out)
			if err != nil {
				return err
			}
			count, more = count+n, n > 0
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

// writeChunk writes the next signals of the cursor, and returns how many there were.
func writeChunk(ctx context.Context, tx pgx.Tx, out draftWriter) (int, error) {
	type row struct {
		ID    uuid.UUID    `db:"id"`
		Draft signal.Draft `db:"draft"`
	}
	rows, err := many[row](ctx, tx, `fetch 500 from export`)
	for _, r := range rows {
		if r.Draft.ExternalID == "" {
			r.Draft.ExternalID = r.ID.String()
		}
		if err := out.Write(r.Draft); err != nil {
			return 0, err
		}
	}
	return len(rows), err
}
