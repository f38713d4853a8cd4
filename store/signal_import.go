package store

import (
	"context"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// SignalImport is a file of signals that a member imports into a realm. Nobody else sees it.
type SignalImport struct {
	ID         uuid.UUID         `db:"id"`
	RealmSlug  string            `db:"realm_slug"`
	RealmName  string            `db:"realm_name"`
	Format     exchange.Format   `db:"format"`
	FileName   string            `db:"file_name"`
	Mapping    exchange.Mapping  `db:"mapping"`    // of a table
	Visibility signal.Visibility `db:"visibility"` // of rows that name none
	SkipBad    bool              `db:"skip_bad"`
	State      string            `db:"state"`     // UPLOADED, WAITING, RUNNING, DONE, FAILED or CANCELLED
	Total      int               `db:"total"`     // rows of the file
	Failed     int               `db:"failed"`    // of them with problems
	Known      int               `db:"known"`     // of them there when the file was looked through
	Done       int               `db:"done"`      // of Total, while it runs
	Created    int               `db:"created"`   // at its end
	Unchanged  int               `db:"unchanged"` // at its end: were there already
	Error      string            `db:"error"`
	FinishedAt *time.Time        `db:"finished_at"`
}

// Open says that the import is still to end by itself.
func (i SignalImport) Open() bool { return i.State == "WAITING" || i.State == "RUNNING" }

const importColumns = `
	x.id, r.slug as realm_slug, r.name as realm_name, x.format, x.file_name, x.mapping, x.visibility, x.skip_bad, x.state,
	x.total, x.failed, x.known, x.done, x.created, x.unchanged, x.error, x.finished_at`

// findImport returns one of the member's own imports.
func findImport(ctx context.Context, tx pgx.Tx, id uuid.UUID) (SignalImport, error) {
	return one[SignalImport](ctx, tx, `
		select `+importColumns+` from signal_imports x join realms r on r.id = x.realm_id
		where x.id = $1 and x.requested_by = current_setting('app.user_id')::uuid`, id)
}

// NewImport is a file to be imported.
type NewImport struct {
	Realm      string // slug
	Format     exchange.Format
	FileName   string
	Bytes      []byte
	Visibility signal.Visibility // of rows that name none
}

func (n NewImport) validate() Invalid {
	bad := Invalid{}
	if n.Format.Label() == "" {
		bad["format"] = "Choose what kind of file this is."
	}
	if !n.Visibility.Valid() {
		bad["visibility"] = "Choose who may see it from the list."
	}
	if len(n.Bytes) == 0 {
		bad["file"] = "Choose a file with signals, or paste some."
	}
	return bad
}

// UploadImport keeps a file and looks through it; nothing becomes a signal yet. Files that the member sent before and never started
// are dropped. Invalid: realm, format, visibility, file.
func (t *Tenant) UploadImport(ctx context.Context, n NewImport) (uuid.UUID, error) {
	if err := n.validate().orNil(); err != nil {
		return uuid.Nil, err
	}
	mapping := exchange.Mapping{}
	if n.Format == exchange.CSV {
		table, err := exchange.PreviewCSV(newBytes(n.Bytes), 0)
		if err != nil {
			return uuid.Nil, Invalid{"file": fileSentence(err)}
		}
		mapping = exchange.GuessMapping(table.Header)
	}
	report, err := checkFile(n.Bytes, n.Format, mapping)
	if err != nil {
		return uuid.Nil, Invalid{"file": fileSentence(err)}
	}
	id := newID()
	name := shortName(n.FileName)
	err = t.tx(ctx, func(tx pgx.Tx) error {
		home, err := writableRealm(ctx, tx, n.Realm)
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, `
			update signal_imports set state = 'CANCELLED', bytes = null, finished_at = now()
			where state = 'UPLOADED' and requested_by = $1`, t.User.ID)
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, `
			insert into signal_imports (id, realm_id, requested_by, format, file_name, bytes, mapping, visibility)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, home, t.User.ID, n.Format, name, n.Bytes, mapping, n.Visibility)
		if err != nil {
			return err
		}
		return keepReport(ctx, tx, id, report)
	})
	return id, err
}

// shortName is a file's name as the table takes it.
func shortName(name string) string {
	if name == "" {
		return "pasted text"
	}
	for len(name) > 255 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}

// importProblems is how many problems an import's page names; the download has all.
const importProblems = 50

// ImportProblem is what is wrong with one field of one row; the field "" is the row.
type ImportProblem struct {
	Row     string `db:"name"`
	Field   string `db:"field"`
	Problem string `db:"problem"`
}

// ImportPage is an import with what its page shows beside it.
type ImportPage struct {
	SignalImport
	Problems []ImportProblem // the first ones
	Table    exchange.Table  // the beginning of a CSV file that waits to be started
	First    []exchange.Row  // the first rows as they would become, while it waits to be started
}

// SignalImport returns one of the member's own imports.
func (t *Tenant) SignalImport(ctx context.Context, id uuid.UUID) (ImportPage, error) {
	var found ImportPage
	var file []byte
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.SignalImport, err = findImport(ctx, tx, id); err != nil {
			return err
		}
		if found.Problems, err = problemsOf(ctx, tx, id, importProblems); err != nil || found.State != "UPLOADED" {
			return err
		}
		file, err = value[[]byte](ctx, tx, `select coalesce(bytes, '') from signal_imports where id = $1`, id)
		return err
	})
	if err != nil || found.State != "UPLOADED" {
		return found, err
	}
	return found, found.preview(file)
}

// previewed is how many rows of a file its preview shows.
const previewed = 5

func (p *ImportPage) preview(file []byte) (err error) {
	if p.Format == exchange.CSV {
		if p.Table, err = exchange.PreviewCSV(newBytes(file), previewed); err != nil {
			return err
		}
	}
	for row, err := range fileRows(file, p.Format, p.Mapping) {
		if err != nil {
			return err
		}
		if !row.Sighted {
			row.Draft.Visibility = p.Visibility
		}
		if p.First = append(p.First, row); len(p.First) == previewed {
			break
		}
	}
	return nil
}

// ImportProblems returns all that is wrong with the rows of one of the member's own imports.
func (t *Tenant) ImportProblems(ctx context.Context, id uuid.UUID) (found []ImportProblem, err error) {
	err = t.tx(ctx, func(tx pgx.Tx) (err error) {
		if _, err = findImport(ctx, tx, id); err != nil {
			return err
		}
		found, err = problemsOf(ctx, tx, id, exchange.RowsLimit*len(signal.FieldNames))
		return err
	})
	return found, err
}

func problemsOf(ctx context.Context, tx pgx.Tx, id uuid.UUID, most int) ([]ImportProblem, error) {
	return many[ImportProblem](ctx, tx, `
		select name, field, problem from signal_import_rows
		where import_id = $1 and requested_by = current_setting('app.user_id')::uuid
		order by position limit $2`, id, most)
}

// ImportPlan is how a member wants a file to be imported.
type ImportPlan struct {
	Fields     []string          // of a table: the field of each column, "" to leave it out; nil leaves the mapping as it is
	Visibility signal.Visibility // of rows that name none
	SkipBad    bool              // leave out rows with problems; else they stop the import
}

// PlanImport changes how a file is read and looks through it again.
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
	report, mapping := fileReport{}, found.Mapping
	again := false
	if found.Format == exchange.CSV && plan.Fields != nil {
		if len(plan.Fields) != len(found.Table.Header) {
			return Invalid{"field": "Choose a field for every column, or leave it out."}
		}
		mapping = exchange.Mapping{}
		for i, column := range found.Table.Header {
			if field := plan.Fields[i]; field != "" && !slices.Contains(exchange.FieldChoices, field) {
				return Invalid{"field": "Choose a field from the list."}
			} else if field != "" {
				mapping[column] = field
			}
		}
		again = !maps.Equal(mapping, found.Mapping)
	}
	if again {
		var file []byte
		err := t.tx(ctx, func(tx pgx.Tx) (err error) {
			file, err = value[[]byte](ctx, tx, `select coalesce(bytes, '') from signal_imports where id = $1`, id)
			return err
		})
		if err != nil {
			return err
		}
		if report, err = checkFile(file, found.Format, mapping); err != nil {
			return Invalid{"field": fileSentence(err)}
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
		return err
	})
}
