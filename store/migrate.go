package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"surrealm/tenant_schema"
)

//go:embed bootstrap.sql
var bootstrapSQL string

//go:embed platform_schema/*.sql
var platformSchema embed.FS

// Bootstrap makes roles, extensions and the door in an empty database. url must log in as a superuser, and the pgvector
// extension must be installed on that machine. passwords, by login role, may be empty where none are needed.
// It may run again at any time.
func Bootstrap(ctx context.Context, url string, passwords map[string]string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return explain("its superuser", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := checkVersion(ctx, conn); err != nil {
		return err
	}
	for try := 1; ; try++ {
		_, err := conn.Exec(ctx, bootstrapSQL)
		if err == nil {
			break
		}
		if !sideBySide(err) || try == 10 {
			return explainBootstrap(err)
		}
		time.Sleep(time.Duration(try) * 20 * time.Millisecond)
	}
	for role, password := range passwords {
		quoted, err := conn.PgConn().EscapeString(password)
		if err != nil {
			return fmt.Errorf("bootstrap: password of %s: %w", role, err)
		}
		if _, err := conn.Exec(ctx, "alter role "+pgx.Identifier{role}.Sanitize()+" password '"+quoted+"'"); err != nil {
			return fmt.Errorf("bootstrap: password of %s: %w", role, err)
		}
	}
	return nil
}

// ErrNoVector says that the server's machine has no pgvector.
var ErrNoVector = errors.New("pgvector is not installed")

// sideBySide says that another bootstrap changed the same role at that moment. Roles belong to the whole server, so no
// lock in a database keeps two of them apart.
func sideBySide(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && (refused.Message == "tuple concurrently updated" || refused.Code == "23505")
}

func explainBootstrap(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && strings.Contains(refused.Message, `extension "vector"`) {
		return fmt.Errorf("%w on the database's machine: install pgvector 0.7 or newer there (%s)", ErrNoVector, refused.Message)
	}
	return fmt.Errorf("prepare the database: %w", err)
}

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
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, explain(RoleMigrator, err)
	}
	return &Migrator{pool: pool}, nil
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

func platformFiles(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `
		create table if not exists public.platform_migrations (
			version    int primary key,
			name       text not null,
			applied_at timestamptz not null default now()
		)`)
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
		return nil
	})
}
