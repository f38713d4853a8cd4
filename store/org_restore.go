package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/auditlog"
	"surrealm/store/orgfile"
	"surrealm/store/seal"
)

// OrgRestore says how to put an organisation back.
type OrgRestore struct {
	File        orgfile.File
	FileKey     string                    // the verifier key that its seal and its checkpoints held against
	Slug        string                    // its new address
	Owner       string                    // e-mail address of an account that shall own it; "" when one of its owners is there
	By          string                    // who does this, for its audit log
	Kept        *auditlog.CheckpointStore // what this installation remembers of its audit log
	Master      seal.Master               // of this installation
	Former      *seal.Master              // of the one that made the file; nil when it is the same
	AcceptOlder bool                      // the file may lack entries that this installation remembers
}

// RestoreReport is what was put back.
type RestoreReport struct {
	ID      uuid.UUID
	Entries int64    // of its audit log, without the one that tells of the restore
	Lost    int64    // entries that this installation remembers and the file lacks
	Made    []string // addresses of accounts that were made, without a password
	Former  []string // addresses of members that have no account here: another account uses the address
}

// Errors that a caller can do something about.
var (
	ErrNewerFile = errors.New("the file was made by a newer surrealm than this one")
	ErrOlderFile = errors.New("the file is older than what this installation remembers of the organisation's audit log")
)

// RestoreOrg puts an organisation back under another address, in one transaction: all of it or nothing. It keeps its id, because
// signatures and hashes name it, so it is refused where that organisation lives. The tables are made as they were when the
// file was written, filled, and then migrated. The audit log is held against the checkpoints in the file and those kept
// here, and goes on with an entry that tells of the restore.
//
// Conflict, Invalid for the address, ErrNewerFile, ErrOlderFile, orgfile.ErrChanged, or an *auditlog.Fault.
func (m *Migrator) RestoreOrg(ctx context.Context, o OrgRestore) (RestoreReport, error) {
	id, err := uuid.Parse(o.File.Org)
	if err != nil {
		return RestoreReport{}, orgfile.ErrFormat
	}
	platform, tenants := SchemaVersions()
	if o.File.Platform > platform || o.File.Schema > tenants {
		return RestoreReport{}, ErrNewerFile
	}
	r := restore{OrgRestore: o, id: id, schema: "tenant_" + strings.ReplaceAll(o.Slug, "-", "_"), done: RestoreReport{ID: id, Entries: o.File.Entries}}
	if err := r.compareWithKept(); err != nil {
		return RestoreReport{}, err
	}
	err = pgx.BeginFunc(ctx, m.pool, func(tx pgx.Tx) error {
		r.tx = tx
		return r.run(ctx)
	})
	if err != nil {
		return RestoreReport{}, translate(err)
	}
	if r.done.Lost > 0 {
		if err := o.Kept.Supersede(id.String(), r.File.Entries); err != nil {
			return r.done, fmt.Errorf("%s is restored, but its former checkpoints could not be set aside: %w", o.Slug, err)
		}
	}
	_, _, err = chain{from: m.pool, schema: r.schema}.verify(ctx, id.String(), o.Kept)
	return r.done, translate(err)
}

// restore is one run.
type restore struct {
	OrgRestore
	tx     pgx.Tx
	id     uuid.UUID
	schema string
	kept   []auditlog.SignedCheckpoint // here and in the file, over no more entries than the file has
	done   RestoreReport
}

// compareWithKept finds the checkpoints that the log has to hold against, and how many entries the file lacks.
func (r *restore) compareWithKept() error {
	here, err := r.Kept.All(r.id.String())
	if err != nil {
		return err
	}
	for _, note := range r.File.Checkpoints {
		c, err := auditlog.OpenCheckpoint([]byte(note), r.FileKey)
		if err != nil {
			return fmt.Errorf("a checkpoint in the file: %w", err)
		}
		here = append(here, auditlog.SignedCheckpoint{Checkpoint: c})
	}
	for _, c := range here {
		if c.Size > r.File.Entries {
			r.done.Lost = max(r.done.Lost, c.Size-r.File.Entries)
			continue
		}
		r.kept = append(r.kept, c)
	}
	slices.SortStableFunc(r.kept, func(a, b auditlog.SignedCheckpoint) int { return int(a.Size - b.Size) })
	if r.done.Lost > 0 && !r.AcceptOlder {
		return fmt.Errorf("%w: it lacks %d entries", ErrOlderFile, r.done.Lost)
	}
	return nil
}

func (r *restore) run(ctx context.Context) error {
	if _, err := r.tx.Exec(ctx, plainText); err != nil {
		return err
	}
	there, err := texts(ctx, r.tx, `select slug from public.orgs where id = $1`, r.id)
	if err != nil {
		return err
	}
	if len(there) > 0 {
		return Conflict{Reason: "this organisation is here, at /o/" + there[0] + ": its signatures name its id, so it cannot be here twice"}
	}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"make the organisation", r.org}, {"make its tables", r.provision}, {"fill its tables", r.fill}, {"migrate it", r.migrate},
		{"let its members in", r.people}, {"carry its settings over", r.settings}, {"open its secrets", r.secrets},
		{"verify its audit log", r.verify}, {"queue its jobs", r.jobs}, {"record the restore", r.record}, {"plan to set checkpoints aside", r.plan},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

func (r *restore) org(ctx context.Context) error {
	rows := r.File.Rows["orgs"]
	if len(rows) != 1 {
		return orgfile.ErrFormat
	}
	return r.insert(ctx, "orgs", rows[0], map[string]any{
		"slug": r.Slug, "schema_name": r.schema, "schema_version": 0, "migrate_error": nil, "state": "ACTIVE", "delete_after": nil,
	})
}

// insert puts a row of the platform back, some of its columns changed. Columns that this program does not know are refused;
// those that the file does not know take their default.
func (r *restore) insert(ctx context.Context, table string, row json.RawMessage, change map[string]any) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(row, &values); err != nil {
		return orgfile.ErrFormat
	}
	for name, value := range change {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		values[name] = text
	}
	text, err := json.Marshal(values)
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(values))
	_, err = r.tx.Exec(ctx, `insert into public.`+quoted(table)+` (`+quoted(names...)+`)
		select `+quoted(names...)+` from jsonb_populate_record(null::public.`+quoted(table)+`, $1::jsonb)`, string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	return nil
}

// provision makes the tables as they were.
func (r *restore) provision(ctx context.Context) error {
	_, err := r.tx.Exec(ctx, `update public.orgs set schema_version = public.provision_tenant(schema_name, $2) where id = $1`, r.id, r.File.Schema)
	return err
}

// fill copies every row. Nobody else can see the tables yet, so they may be without row security for that long, which
// COPY does not go through.
func (r *restore) fill(ctx context.Context) error {
	tables, err := tablesInOrder(ctx, r.tx, r.schema)
	if err != nil {
		return err
	}
	tables = slices.DeleteFunc(tables, func(t wholeTable) bool { return t.Name == headTable })
	if len(tables) != len(r.File.Tables) {
		return fmt.Errorf("the file has %d tables, and there were %d at version %d", len(r.File.Tables), len(tables), r.File.Schema)
	}
	if err := r.walls(ctx, tables, `no force`); err != nil {
		return err
	}
	for _, t := range tables {
		if err := r.table(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	err = r.as(ctx, "audit_owner", `update `+quoted(r.schema)+`.`+headTable+` h set seq = e.seq, hash = e.hash, at = e.at
		from `+quoted(r.schema)+`.audit_entries e where e.seq = `+strconv.FormatInt(r.File.Entries, 10))
	if err == nil {
		err = r.as(ctx, "surrealm_owner", `set constraints all immediate; set constraints all deferred`)
	}
	if err != nil {
		return err
	}
	return r.walls(ctx, tables, `force`)
}

// walls lets the owner past the row security of all tables, or not any more.
func (r *restore) walls(ctx context.Context, tables []wholeTable, how string) error {
	for _, t := range tables {
		if !t.Walled {
			continue
		}
		if err := r.as(ctx, t.Owner, `alter table `+quoted(r.schema)+`.`+quoted(t.Name)+` `+how+` row level security`); err != nil {
			return err
		}
	}
	return nil
}

// table fills one table, as its owner.
func (r *restore) table(ctx context.Context, t wholeTable) error {
	at := slices.IndexFunc(r.File.Tables, func(f orgfile.Table) bool { return f.Name == t.Name })
	if at < 0 || !slices.Equal(r.File.Tables[at].Columns, t.Columns) {
		return errors.New("the file does not have it with the columns that it had")
	}
	rows, err := r.File.Table(r.File.Tables[at])
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := r.as(ctx, t.Owner, ``); err != nil {
		return err
	}
	tag, err := r.tx.Conn().PgConn().CopyFrom(ctx, rows, `copy `+quoted(r.schema)+`.`+quoted(t.Name)+` (`+quoted(t.Columns...)+`) from stdin`)
	if rows.Err() != nil { // the database only knows that there was one
		return rows.Err()
	}
	if err == nil && tag.RowsAffected() != r.File.Tables[at].Rows {
		err = orgfile.ErrChanged
	}
	return err
}

// as runs a statement as one of the owners.
func (r *restore) as(ctx context.Context, owner, sql string) error {
	_, err := r.tx.Exec(ctx, `set local role `+quoted(owner)+`; `+sql)
	return err
}
