package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/auditlog"
	"surrealm/store/orgfile"
)

// OrgExport says which organisation to write to a file.
type OrgExport struct {
	Slug   string
	Signer auditlog.Signer           // seals the file
	Kept   *auditlog.CheckpointStore // the checkpoints that its audit log is held against
}

// ExportOrg writes everything that one organisation owns, as it was at one moment, while people go on working. Members'
// accounts are not in the file but for the address and name that the organisation knows. ErrUnknownOrg; an audit log
// that does not verify is an *auditlog.Fault, because such a file could not be restored.
func (m *Migrator) ExportOrg(ctx context.Context, w io.Writer, o OrgExport) (manifest orgfile.Manifest, err error) {
	org, err := one[struct {
		ID     uuid.UUID `db:"id"`
		Schema string    `db:"schema_name"`
	}](ctx, m.pool, `select id, schema_name from public.orgs where slug = $1`, o.Slug)
	if errors.Is(err, pgx.ErrNoRows) {
		return manifest, fmt.Errorf("%w: %s", ErrUnknownOrg, o.Slug)
	}
	if err != nil {
		return manifest, translate(err)
	}
	// Before the rows, because a checkpoint over entries that came later would look like missing ones.
	checkpoints, err := chain{from: m.pool, schema: org.Schema}.checkpoints(ctx, org.ID.String(), o.Kept)
	if err != nil {
		return manifest, err
	}
	err = pgx.BeginTxFunc(ctx, m.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		x := export{tx: tx, file: orgfile.NewWriter(w), id: org.ID}
		if err := x.write(ctx, checkpoints); err != nil {
			return err
		}
		x.manifest.ExportedAt = time.Now().UTC().Truncate(time.Second)
		x.manifest.VerifierKey = o.Signer.VerifierKey()
		manifest = x.manifest
		return x.file.Close(x.manifest, o.Signer)
	})
	return manifest, translate(err)
}

// export is one run.
type export struct {
	tx       pgx.Tx
	file     *orgfile.Writer
	id       uuid.UUID
	schema   string
	manifest orgfile.Manifest
}

func (x *export) write(ctx context.Context, checkpoints []auditlog.SignedCheckpoint) error {
	if _, err := x.tx.Exec(ctx, plainText); err != nil {
		return err
	}
	if _, err := x.tx.Exec(ctx, `select set_config('app.export', 'on', true)`); err != nil {
		return err
	}
	if err := x.describe(ctx); err != nil {
		return err
	}
	verifier, err := chain{from: x.tx, schema: x.schema}.walk(ctx, x.id.String(), checkpoints)
	if err != nil {
		return fmt.Errorf("the audit log: %w", err)
	}
	last, _ := verifier.Last()
	x.manifest.Entries, x.manifest.LastHash = verifier.Size(), last[:]
	for _, c := range checkpoints {
		x.manifest.Checkpoints = append(x.manifest.Checkpoints, string(c.Note))
	}
	if err := x.platformRows(ctx); err != nil {
		return err
	}
	tables, err := tablesInOrder(ctx, x.tx, x.schema)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if table.Name == headTable {
			continue
		}
		if err := x.table(ctx, table); err != nil {
			return fmt.Errorf("copy %s: %w", table.Name, err)
		}
	}
	return nil
}

// describe fills the manifest with what the organisation is.
func (x *export) describe(ctx context.Context) error {
	type row struct {
		Slug     string `db:"slug"`
		Name     string `db:"name"`
		Schema   string `db:"schema_name"`
		Version  int    `db:"schema_version"`
		Platform int    `db:"platform"`
	}
	org, err := one[row](ctx, x.tx, `
		select slug, name, schema_name, schema_version, (select max(version) from public.platform_migrations) as platform
		from public.orgs where id = $1`, x.id)
	if err != nil {
		return err
	}
	x.schema = org.Schema
	x.manifest = orgfile.Manifest{
		Format: orgfile.Format, Org: x.id.String(), Slug: org.Slug, Name: org.Name, Schema: org.Version, Platform: org.Platform,
		Rows: map[string][]json.RawMessage{},
	}
	// What waits to be done for it: the arguments are ids of its own, which stay. Its deletion does not go along.
	x.manifest.Jobs, err = many[orgfile.Job](ctx, x.tx, `
		select kind, args, scheduled_at as at from river.river_job
		where args ->> 'org' = $1 and state in ('available', 'pending', 'retryable', 'running', 'scheduled')
			and kind not in ('delete_org', 'verify_audit')
		order by id`, x.id.String())
	return err
}

// platformRows takes along what the platform knows of the organisation.
func (x *export) platformRows(ctx context.Context) error {
	tables, err := platformTables(ctx, x.tx)
	if err != nil {
		return err
	}
	for _, t := range append([]wholeTable{{Name: "orgs", OrgKey: "id"}}, tables...) {
		rows, err := texts(ctx, x.tx, `select to_jsonb(t)::text from public.`+quoted(t.Name)+` t where `+quoted(t.OrgKey)+` = $1`, x.id)
		if err != nil {
			return fmt.Errorf("copy %s: %w", t.Name, err)
		}
		list := make([]json.RawMessage, 0, len(rows))
		for _, row := range rows {
			list = append(list, json.RawMessage(row))
		}
		x.manifest.Rows[t.Name] = list
	}
	return nil
}

// table copies the rows of one table, as its owner.
func (x *export) table(ctx context.Context, t wholeTable) error {
	if t.Walled && !t.Opened { // its rows would be missing without a word
		return fmt.Errorf("its row security lets no export through: %w", ErrNotMigrated)
	}
	if _, err := x.tx.Exec(ctx, `set local role `+quoted(t.Owner)); err != nil {
		return err
	}
	var rows int64
	sum, err := x.file.Table(t.Name, func(w io.Writer) error {
		tag, err := x.tx.Conn().PgConn().CopyTo(ctx, w, `copy `+quoted(x.schema)+`.`+quoted(t.Name)+` (`+quoted(t.Columns...)+`) to stdout`)
		rows = tag.RowsAffected()
		return err
	})
	x.manifest.Tables = append(x.manifest.Tables, orgfile.Table{Name: t.Name, Columns: t.Columns, Rows: rows, SHA256: sum})
	return err
}
