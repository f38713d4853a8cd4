package store

import (
	"context"
	"errors"
	"io"
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
}

// Open says that the import is still to end by itself.
func (i SignalImport) Open() bool { return i.State == "WAITING" || i.State == "RUNNING" }

const importColumns = `
	x.id, r.slug as realm_slug, r.name as realm_name, x.format, x.file_name, x.mapping, x.visibility, x.skip_bad, x.state,
	x.total, x.failed, x.known, x.done, x.created, x.unchanged, x.error`

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
	File       io.ReaderAt
	Size       int64             // of File, in bytes
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
	if n.Size == 0 {
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
		table, err := exchange.PreviewCSV(io.NewSectionReader(n.File, 0, n.Size), 0)
		if err != nil {
			return uuid.Nil, Invalid{"file": fileSentence(err)}
		}
		mapping = exchange.GuessMapping(table.Header)
	}
	release, err := t.store.Heavy(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	report, err := checkFile(n.File, n.Size, n.Format, mapping)
	release()
	if err != nil {
		return uuid.Nil, Invalid{"file": fileSentence(err)}
	}
	first, err := firstPart(n.File, n.Size)
	if err != nil {
		return uuid.Nil, err
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
		if err := dropParts(ctx, tx); err != nil {
			return err
		}
		_, err = exec(ctx, tx, `
			insert into signal_imports (id, realm_id, requested_by, format, file_name, bytes, mapping, visibility)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, home, t.User.ID, n.Format, name, first, mapping, n.Visibility)
		if err != nil {
			return err
		}
		if err := keepParts(ctx, tx, id, n.File, n.Size); err != nil {
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
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		found = ImportPage{}
		if found.SignalImport, err = findImport(ctx, tx, id); err != nil {
			return err
		}
		if found.Problems, err = problemsOf(ctx, tx, id, importProblems); err != nil || found.State != "UPLOADED" {
			return err
		}
		file, err := openImport(ctx, tx, id)
		if err != nil {
			return err
		}
		return errors.Join(found.preview(file), file.fault)
	})
	return found, err
}

// previewed is how many rows of a file its preview shows.
const previewed = 5

func (p *ImportPage) preview(file *importFile) (err error) {
	if p.Format == exchange.CSV {
		if p.Table, err = exchange.PreviewCSV(io.NewSectionReader(file, 0, file.size), previewed); err != nil {
			return err
		}
	}
	for row, err := range fileRows(exchange.ReadAgain, file, file.size, p.Format, p.Mapping) {
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
