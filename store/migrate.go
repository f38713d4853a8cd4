package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"surrealm/tenant_schema"
)

//go:embed platform_schema/*.sql
var platformSchema embed.FS

// Migrator brings the database to this program's version. It logs in as surrealm_migrator.
type Migrator struct {
	pool *pgxpool.Pool
}

// OpenMigrator connects as surrealm_migrator; every connection acts as surrealm_owner.
func OpenMigrator(ctx context.Context, url string, conns int) (*Migrator, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("connect as surrealm_migrator: %w", err)
	}
	config.MaxConns = int32(max(conns, 1) + 1)
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "set role surrealm_owner; set search_path = public, pg_temp")
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect as surrealm_migrator: %w", err)
	}
	m := &Migrator{pool: pool}
	versions, err := m.Versions(ctx)
	if err != nil {
		pool.Close()
		return nil, explain(RoleMigrator, err)
	}
	if err := checkServer(versions); err != nil {
		pool.Close()
		return nil, err
	}
	return m, nil
}

// Versions asks the server what it is.
func (m *Migrator) Versions(ctx context.Context) (ServerVersions, error) {
	return serverVersions(ctx, m.pool)
}

// Close closes the connections.
func (m *Migrator) Close() { m.pool.Close() }

// Platform brings River's tables and the platform's own up to date, and stores the tenant migrations for
// provisioning. Each file is one transaction; a second migrator waits for the first.
func (m *Migrator) Platform(ctx context.Context) error {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	// A session lock: River's migrations and ours are several transactions.
	if _, err := conn.Exec(ctx, `select pg_advisory_lock(hashtext('surrealm migrate'))`); err != nil {
		return err
	}
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock(hashtext('surrealm migrate'))`) // released with the session at the latest
	}()
	if err := m.river(ctx); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	if err := platformFiles(ctx, conn.Conn()); err != nil {
		return err
	}
	return storeTenantMigrations(ctx, conn.Conn())
}

func (m *Migrator) river(ctx context.Context) error {
	config := &rivermigrate.Config{Schema: "river", Logger: slog.New(slog.DiscardHandler)}
	migrator, err := rivermigrate.New(riverpgxv5.New(m.pool), config)
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// PlatformPending names what Platform would apply: files of the platform, and migrations of organisations that are not
// stored yet.
func (m *Migrator) PlatformPending(ctx context.Context) ([]string, error) {
	files, err := fs.Glob(platformSchema, "platform_schema/*.sql")
	if err != nil {
		return nil, err
	}
	tenants, err := tenantschema.All()
	if err != nil {
		return nil, err
	}
	applied, err := m.count(ctx, "platform_migrations")
	if err != nil {
		return nil, err
	}
	stored, err := m.count(ctx, "tenant_migrations")
	if err != nil {
		return nil, err
	}
	pending := slices.Clone(files[min(applied, len(files)):])
	for _, file := range tenants[min(stored, len(tenants)):] {
		pending = append(pending, fmt.Sprintf("tenant_schema/%04d_%s.sql", file.Version, file.Name))
	}
	return pending, nil
}

// count counts the rows of a table of versions without gaps; a table that is not there has none.
func (m *Migrator) count(ctx context.Context, table string) (int, error) {
	there, err := value[bool](ctx, m.pool, `select to_regclass($1) is not null`, "public."+table)
	if err != nil || !there {
		return 0, err
	}
	return value[int](ctx, m.pool, `select count(*) from public.`+pgx.Identifier{table}.Sanitize())
}

func platformFiles(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `
		create table if not exists public.platform_migrations (
			version    int primary key,
			name       text not null,
			applied_at timestamptz not null default now()
		);
		grant select on public.platform_migrations to surrealm_ctl`)
	if err != nil {
		return fmt.Errorf("migrate platform: %w", err)
	}
	files, err := fs.Glob(platformSchema, "platform_schema/*.sql")
	if err != nil {
		return err
	}
	for i, file := range files {
		if err := platformFile(ctx, conn, i+1, file); err != nil {
			return fmt.Errorf("migrate platform, %s: %w", file, err)
		}
	}
	return nil
}

// platformFile applies one file unless it was applied before. The first line may name another role to run as.
func platformFile(ctx context.Context, conn *pgx.Conn, version int, file string) error {
	text, err := platformSchema.ReadFile(file)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		fresh, err := exec(ctx, tx, `
			insert into public.platform_migrations (version, name) values ($1, $2)
			on conflict (version) do nothing`, version, strings.TrimPrefix(file, "platform_schema/"))
		if err != nil || fresh == 0 {
			return err
		}
		sql := string(text)
		if strings.HasPrefix(sql, "-- run as: audit_owner\n") {
			sql = "set local role audit_owner;\n" + sql
		}
		_, err = tx.Exec(ctx, sql)
		return err
	})
}

// storeTenantMigrations keeps the files of tenant_schema in the database. A file that changed after it was stored is
// refused: it has been applied to somebody.
func storeTenantMigrations(ctx context.Context, conn *pgx.Conn) error {
	files, err := tenantschema.All()
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, file := range files {
			stored, err := value[string](ctx, tx, `
				insert into public.tenant_migrations as t (version, name, sql, as_audit_owner, checksum)
				values ($1, $2, $3, $4, $5)
				on conflict (version) do update set name = t.name
				returning t.checksum`, file.Version, file.Name, file.SQL, file.AsAuditOwner, file.Checksum)
			if err != nil {
				return fmt.Errorf("store tenant migration %s: %w", file.Name, err)
			}
			if stored != file.Checksum {
				return fmt.Errorf("tenant migration %s was changed after it had been stored; add a new file instead", file.Name)
			}
		}
		return storeBaseline(ctx, tx)
	})
}

// storeBaseline keeps the text that new organisations are made by, unless a later program has stored its own.
func storeBaseline(ctx context.Context, tx pgx.Tx) error {
	version, sql, err := tenantschema.Baseline()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into public.tenant_baseline as b (version, sql) values ($1, $2)
		on conflict (only_row) do update set version = excluded.version, sql = excluded.sql
		where (b.version, b.sql) is distinct from (excluded.version, excluded.sql) and b.version <= excluded.version`, version, sql)
	if err != nil {
		return fmt.Errorf("store the baseline of tenants: %w", err)
	}
	return nil
}
