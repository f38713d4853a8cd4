package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/exchange"
)

// rowReader is exchange.Read, or exchange.ReadAgain for a file that was looked through.
type rowReader func(io.ReaderAt, int64, exchange.Format, exchange.Mapping) iter.Seq2[exchange.Row, error]

// fileRows are the rows of a file. A row that has the id of an earlier one and says something else has a problem.
func fileRows(read rowReader, file io.ReaderAt, size int64, format exchange.Format, mapping exchange.Mapping) iter.Seq2[exchange.Row, error] {
	type first struct {
		row  string
		text [sha256.Size]byte
	}
	return func(yield func(exchange.Row, error) bool) {
		seen := map[string]first{}
		for row, err := range read(file, size, format, mapping) {
			if err == nil && len(row.Problems) == 0 {
				var text []byte
				text, err = json.Marshal(row.Draft)
				sum := sha256.Sum256(text)
				if twin, there := seen[row.Draft.ExternalID]; !there {
					seen[row.Draft.ExternalID] = first{row.Name, sum}
				} else if twin.text != sum {
					row.Problems = map[string]string{"external_id": "Another row, " + twin.row + ", has the same id and says something else."}
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// fileReport is what looking through a file finds.
type fileReport struct {
	total, failed              int
	ids                        []string // external ids of rows without problems
	rows, fields, descriptions []string // of each problem
}

// checkFile looks through a whole file. An error says why it cannot be imported at all.
func checkFile(file io.ReaderAt, size int64, format exchange.Format, mapping exchange.Mapping) (report fileReport, err error) {
	for row, err := range fileRows(exchange.Read, file, size, format, mapping) {
		if err != nil {
			return report, err
		}
		report.total++
		if len(row.Problems) == 0 {
			report.ids = append(report.ids, row.Draft.ExternalID)
			continue
		}
		report.failed++
		for _, field := range slices.Sorted(maps.Keys(row.Problems)) {
			report.rows, report.fields, report.descriptions = append(report.rows, row.Name), append(report.fields, field), append(report.descriptions, row.Problems[field])
		}
	}
	if report.total == 0 {
		return report, exchange.BadFile{Sentence: "There is no signal in this file."}
	}
	return report, nil
}

// fileSentence says why a file cannot be read.
func fileSentence(err error) string {
	var bad exchange.BadFile
	if errors.As(err, &bad) {
		return bad.Sentence
	}
	return "This file is damaged, or of another kind."
}

// keepReport replaces what an import's page says of its file.
func keepReport(ctx context.Context, tx pgx.Tx, id uuid.UUID, report fileReport) error {
	_, err := exec(ctx, tx, `delete from signal_import_rows where import_id = $1`, id)
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, `
		insert into signal_import_rows (realm_id, import_id, requested_by, position, name, field, problem)
		select i.realm_id, i.id, i.requested_by, p.position, p.name, p.field, p.problem
		from signal_imports i cross join unnest($2::text[], $3::text[], $4::text[]) with ordinality as p (name, field, problem, position)
		where i.id = $1`, id, nonNil(report.rows), nonNil(report.fields), nonNil(report.descriptions))
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, `
		update signal_imports i set total = $2, failed = $3, known = (
			select count(*) from signals s
			where s.realm_id = i.realm_id and (s.external_id = any ($4) or s.id = any ($5)))
		where i.id = $1`, id, report.total, report.failed, nonNil(report.ids), ownIDs(report.ids))
	return err
}

// ownIDs are those external ids that may be ids of our own signals: an export gives a signal without an external id its own.
func ownIDs(externalIDs []string) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, text := range externalIDs {
		if id, err := uuid.Parse(text); err == nil && id.String() == text {
			ids = append(ids, id)
		}
	}
	return ids
}
