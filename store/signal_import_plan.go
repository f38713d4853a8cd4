package store

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// ImportPlan is how a member wants a file to be imported.
type ImportPlan struct {
	Fields     []string          // of a table: the field of each column, "" to leave it out; nil leaves the mapping as it is
	Visibility signal.Visibility // of rows that name none
	SkipBad    bool              // leave out rows with problems; else they stop the import
}

// PlanImport changes how a file is read; when that is another mapping, the file is looked through again.
func (t *Tenant) PlanImport(ctx context.Context, id uuid.UUID, plan ImportPlan) error {
	if !plan.Visibility.Valid() {
		return Invalid{"visibility": "Choose who may see it from the list."}
	}
	found, err := t.SignalImport(ctx, id)
	if err != nil {
		return err
	}
	if found.State != "UPLOADED" {
		return Conflict{Reason: "This import was started or stopped already."}
	}
	mapping, report := found.Mapping, fileReport{}
	if found.Format == exchange.CSV && plan.Fields != nil {
		if mapping, err = mappingOf(found.Table.Header, plan.Fields); err != nil {
			return err
		}
	}
	again := !maps.Equal(mapping, found.Mapping)
	if again {
		if report, err = t.checkAgain(ctx, id, mapping); err != nil {
			return err
		}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		err := move(ctx, tx, `
			update signal_imports set mapping = $2, visibility = $3, skip_bad = $4 where id = $1 and state = 'UPLOADED'`,
			id, mapping, plan.Visibility, plan.SkipBad)
		if err != nil || !again {
			return err
		}
		return keepReport(ctx, tx, id, report)
	})
}

// mappingOf gives each column of a header its field. Invalid: "field".
func mappingOf(header, fields []string) (exchange.Mapping, error) {
	if len(fields) != len(header) {
		return nil, Invalid{"field": "Choose a field for every column, or leave it out."}
	}
	mapping := exchange.Mapping{}
	for i, field := range fields {
		if field == "" {
			continue
		}
		if !slices.Contains(exchange.FieldChoices, field) {
			return nil, Invalid{"field": "Choose a field from the list."}
		}
		mapping[header[i]] = field
	}
	return mapping, nil
}

// checkAgain looks through the table of an import by another mapping.
func (t *Tenant) checkAgain(ctx context.Context, id uuid.UUID, mapping exchange.Mapping) (fileReport, error) {
	var report fileReport
	err := t.tx(ctx, func(tx pgx.Tx) error {
		file, err := openImport(ctx, tx, id)
		if err != nil {
			return err
		}
		report, err = checkFile(file, file.size, exchange.CSV, mapping)
		if file.fault != nil {
			return file.fault
		} else if err != nil {
			return Invalid{"field": fileSentence(err)}
		}
		return nil
	})
	return report, err
}

// StartImport asks for an import as it was planned. Invalid "skip_bad" when rows have problems that the member did not choose to leave
// out: then nothing is imported.
func (t *Tenant) StartImport(ctx context.Context, id uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		found, err := findImport(ctx, tx, id)
		if err != nil {
			return err
		}
		if found.State != "UPLOADED" {
			return Conflict{Reason: "This import was started or stopped already."}
		}
		if found.Failed > 0 && !found.SkipBad {
			return Invalid{"skip_bad": "Some rows have problems. Leave them out, or correct the file and choose it again."}
		}
		if found.Failed == found.Total {
			return Invalid{"": "No row of this file can be imported."}
		}
		err = move(ctx, tx, `
			update signal_imports set state = 'WAITING' where id = $1 and state = 'UPLOADED' and realm_id = any (current_setting('app.realms_write')::uuid[])`, id)
		if err != nil {
			return err
		}
		return realmJob(ctx, tx, "import_signals", map[string]uuid.UUID{"import": id})
	})
}

// CancelImport ends an import that has not ended yet, and drops its file. Nothing of it becomes a signal.
func (t *Tenant) CancelImport(ctx context.Context, id uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if _, err := findImport(ctx, tx, id); err != nil {
			return err
		}
		changed, err := exec(ctx, tx, `
			update signal_imports set state = 'CANCELLED', bytes = null, finished_at = now()
			where id = $1 and state in ('UPLOADED', 'WAITING', 'RUNNING')`, id)
		if err == nil && changed == 0 {
			err = Conflict{Reason: "This import has ended already."}
		}
		if err != nil {
			return err
		}
		return dropParts(ctx, tx)
	})
}
