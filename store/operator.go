package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/auditlog"
	"surrealm/tenant_schema"
)

// What the operator of the whole platform may do, beside what members do in their organisations.

// OrgOverview is one organisation in the operator's list.
type OrgOverview struct {
	ID            uuid.UUID  `db:"id"`
	Slug          string     `db:"slug"`
	Name          string     `db:"name"`
	State         string     `db:"state"`
	DeleteAfter   *time.Time `db:"delete_after"`
	SchemaVersion int        `db:"schema_version"`
	MigrateError  *string    `db:"migrate_error"`
	Members       int        `db:"members"`
	CreatedAt     time.Time  `db:"created_at"`
	VerifiedAt    *time.Time `db:"verified_at"` // when its audit chain was last verified
	Fault         *string    `db:"fault"`       // what was wrong with it
}

const overviewQuery = `
	select o.id, o.slug, o.name, o.state, o.delete_after, o.schema_version, o.migrate_error,
		(select count(*) from memberships m where m.org_id = o.id)::int as members, o.created_at, v.verified_at, v.reason as fault
	from orgs o
	left join audit_verifications v on v.org_id = o.id`

// Orgs lists every organisation by its address.
func (s *Store) Orgs(ctx context.Context) ([]OrgOverview, error) {
	list, err := many[OrgOverview](ctx, s.ctl, overviewQuery+` order by o.slug`)
	return list, translate(err)
}

// OrgBySlug finds one organisation. ErrUnknownOrg when there is none.
func (s *Store) OrgBySlug(ctx context.Context, slug string) (OrgOverview, error) {
	org, err := one[OrgOverview](ctx, s.ctl, overviewQuery+` where o.slug = $1`, slug)
	if errors.Is(err, pgx.ErrNoRows) {
		return org, fmt.Errorf("%w: %s", ErrUnknownOrg, slug)
	}
	return org, translate(err)
}

// Latest is the version of tenant_schema that this program works with.
func (s *Store) Latest() int { return s.schema }

// CreateOrgFor makes an organisation whose first owner is the account with that address. ErrNotFound when no account has it.
func (s *Store) CreateOrgFor(ctx context.Context, email string, org NewOrg) error {
	owner, err := value[uuid.UUID](ctx, s.ctl, `select id from users where email = $1 and disabled_at is null`, NormalizeEmail(email))
	if err != nil {
		return translate(err)
	}
	_, err = s.CreateOrg(ctx, owner, org)
	return err
}

// DropOrg drops an organisation at once, with all that it owns. What remains is a record of the end of its audit chain.
func (s *Store) DropOrg(ctx context.Context, org uuid.UUID, reason string) error {
	_, err := s.ctl.Exec(ctx, `select public.drop_org($1, $2)`, org, reason)
	return translate(err)
}

// ExportAudit writes an organisation's audit log as a bundle that proves itself, with every checkpoint that was kept and
// one over what it holds now. A damaged log is written as it is, and its *auditlog.Fault is returned beside the manifest.
func (s *Store) ExportAudit(ctx context.Context, w io.Writer, org OrgOverview, signer auditlog.Signer, kept *auditlog.CheckpointStore) (auditlog.Manifest, error) {
	schema, err := value[string](ctx, s.ctl, `select schema_name from orgs where id = $1`, org.ID)
	if err != nil {
		return auditlog.Manifest{}, translate(err)
	}
	c := chain{from: s.ctl, schema: schema}
	var damage *auditlog.Fault
	if _, _, err := c.verify(ctx, org.ID.String(), kept); err != nil && !errors.As(err, &damage) && !errors.Is(err, auditlog.ErrEmptyLog) {
		return auditlog.Manifest{}, err
	}
	checkpoints, err := kept.All(org.ID.String())
	if err != nil && !errors.As(err, &damage) { // a checkpoint that was changed is damage as well; the others tell what they can
		return auditlog.Manifest{}, err
	}
	manifest, err := auditlog.WriteBundle(w, auditlog.Export{
		Org: org.ID.String(), Slug: org.Slug, Name: org.Name, ExportedAt: time.Now(),
		Checkpoints: checkpoints, Rows: c.rows(ctx, 0),
	}, signer)
	if err == nil && damage != nil {
		err = damage
	}
	return manifest, err
}

// ErrNotMigrated says that the platform's tables are missing or older than this program.
var ErrNotMigrated = errors.New("run surrealm migrate")

// SchemaVersions are the numbers of the newest files in platform_schema and tenant_schema: what this program works with.
func SchemaVersions() (platform, tenants int) {
	files, _ := fs.Glob(platformSchema, "platform_schema/*.sql") // the pattern is right, and the files are in the program
	tenants, _ = tenantschema.Latest()                           // a test reads them all
	return len(files), tenants
}

// CheckSchema says whether the platform's tables are there and up to date. Newer ones are fine: another server of a
// newer version runs beside this one.
func (s *Store) CheckSchema(ctx context.Context) error {
	there, err := value[bool](ctx, s.ctl, `select to_regclass('public.platform_migrations') is not null`)
	if err != nil {
		return translate(err)
	}
	if !there {
		return fmt.Errorf("the database has no tables yet: %w", ErrNotMigrated)
	}
	files, err := fs.Glob(platformSchema, "platform_schema/*.sql")
	if err != nil {
		return err
	}
	applied, err := value[int](ctx, s.ctl, `select count(*) from public.platform_migrations`)
	if err == nil && applied < len(files) {
		err = fmt.Errorf("the database is older than this program, version %d instead of %d: %w", applied, len(files), ErrNotMigrated)
	}
	return translate(err)
}

// CheckMaster says whether the master key opens the data keys of the organisations: the newest and the oldest are tried.
func (s *Store) CheckMaster(ctx context.Context) error {
	type wrapped struct {
		OrgID      uuid.UUID `db:"org_id"`
		WrappedKey []byte    `db:"wrapped_key"`
	}
	keys, err := many[wrapped](ctx, s.ctl, `
		(select org_id, wrapped_key from org_keys order by created_at limit 1)
		union all
		(select org_id, wrapped_key from org_keys order by created_at desc limit 1)`)
	if err != nil {
		return translate(err)
	}
	for _, key := range keys {
		if _, err := s.master.Open(key.OrgID.String(), key.WrappedKey); err != nil {
			return fmt.Errorf("the master key %s does not open the data key of organisation %s: %w", s.master.ID(), key.OrgID, err)
		}
	}
	return nil
}
