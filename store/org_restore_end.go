package store

import (
	"context"
	"fmt"
	"slices"

	"surrealm/store/auditlog"
	"surrealm/store/orgfile"
	"surrealm/tenant_schema"
)

// settings carries over what else the platform knows of the organisation.
func (r *restore) settings(ctx context.Context) error {
	tables, err := platformTables(ctx, r.tx)
	if err != nil {
		return err
	}
	for name := range r.File.Rows {
		known := name == "orgs" || slices.ContainsFunc(tables, func(t wholeTable) bool { return t.Name == name })
		if !known {
			return fmt.Errorf("%s: %w", name, orgfile.ErrFormat)
		}
	}
	for _, t := range tables {
		if t.Name == "memberships" { // they were, with the people
			continue
		}
		for _, row := range r.File.Rows[t.Name] {
			if err := r.insert(ctx, t.Name, row, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// secrets wraps the organisation's data key with this installation's master key, after it has been opened.
func (r *restore) secrets(ctx context.Context) error {
	wrapped, err := value[[]byte](ctx, r.tx, `select wrapped_key from public.org_keys where org_id = $1`, r.id)
	if err != nil {
		return err
	}
	if _, err := r.Master.Open(r.id.String(), wrapped); err == nil {
		return nil
	} else if r.Former == nil {
		return err
	}
	wrapped, err = r.Former.Rewrap(r.id.String(), wrapped, r.Master)
	if err != nil {
		return err
	}
	_, err = r.tx.Exec(ctx, `update public.org_keys set wrapped_key = $2 where org_id = $1`, r.id, wrapped)
	return err
}

// migrate brings the tables to this program's version, as the fleet does with those of everybody.
func (r *restore) migrate(ctx context.Context) error {
	latest, err := tenantschema.Latest()
	if err != nil {
		return err
	}
	_, err = r.tx.Exec(ctx, `
		update public.orgs set schema_version = public.apply_tenant_migrations(schema_name, schema_version, $2) where id = $1`, r.id, latest)
	return err
}

// verify holds the audit log that is in the tables now against every checkpoint.
func (r *restore) verify(ctx context.Context) error {
	verifier, err := chain{from: r.tx, schema: r.schema}.walk(ctx, r.id.String(), r.kept)
	if err != nil {
		return err
	}
	if last, _ := verifier.Last(); verifier.Size() != r.File.Entries || string(last[:]) != string(r.File.LastHash) {
		return orgfile.ErrChanged
	}
	return nil
}

// jobs adds what waited. A job reads what is true when it runs, so one that was done meanwhile does nothing.
func (r *restore) jobs(ctx context.Context) error {
	for _, job := range r.File.Jobs {
		if _, err := r.tx.Exec(ctx, `select public.enqueue($1, $2, $3)`, job.Kind, job.Args, job.At); err != nil {
			return err
		}
	}
	return nil
}

// plan writes down, outside of the database, which checkpoints are given up by the commit. It is the last step: whoever
// verifies the log after the commit finishes it when this process did not live to.
func (r *restore) plan(ctx context.Context) error {
	if r.done.Lost == 0 {
		return r.Kept.DropSuperseding(r.id.String())
	}
	next, err := chain{from: r.tx, schema: r.schema}.page(ctx, r.File.Entries)
	if err != nil {
		return err
	}
	return r.Kept.PlanSuperseding(r.id.String(), auditlog.Superseding{Size: r.File.Entries, Next: auditlog.Hash(next[0].Hash)})
}

// record writes the entry that tells of the restore, and forgets that the organisation was dropped, if it was.
func (r *restore) record(ctx context.Context) error {
	if _, err := r.tx.Exec(ctx, `delete from public.dropped_orgs where org_id = $1`, r.id); err != nil {
		return err
	}
	details, err := canonicalDetails(Details{
		"exported_at": r.File.ExportedAt.Format("2006-01-02T15:04:05Z"), "former_slug": r.File.Slug, "slug": r.Slug, "entries_lost": r.done.Lost,
	})
	if err != nil {
		return err
	}
	_, err = r.tx.Exec(ctx, `select gate.append_entry($1, $2, null, $3, $4, 'org', $2, $5, $6)`, r.schema, r.id, r.By, OrgRestored, r.File.Name, details)
	return err
}
