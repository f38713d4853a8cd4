package store_test

import (
	"context"
	_ "embed"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"surrealm/store"
	"surrealm/store/storetest"
)

// A probe is one transaction of a login role, in which an attacker tries one statement after the other. Each runs in a
// savepoint, so that a refusal does not end the transaction, and none is ever committed.
type probe struct {
	tx pgx.Tx
}

// newProbe logs in as a role and begins, without entering a tenant.
func newProbe(t *testing.T, role string) *probe {
	t.Helper()
	tx, err := storetest.Connect(t, role).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	return &probe{tx: tx}
}

// enter logs in as surrealm_web and walks through the door as the product does.
func enter(t *testing.T, tenant *store.Tenant) *probe {
	t.Helper()
	p := newProbe(t, store.RoleWeb)
	if _, err := p.tx.Exec(t.Context(), store.EnterTenant, tenant.Org.ID, tenant.User.ID, 1); err != nil {
		t.Fatalf("enter %s: %v", tenant.Org.Slug, err)
	}
	return p
}

// try runs a statement in a savepoint that is undone, and returns its error.
func (p *probe) try(t *testing.T, sql string, args ...any) error {
	t.Helper()
	point, err := p.tx.Begin(t.Context())
	if err != nil {
		t.Fatalf("the probe's connection is gone: %v", err)
	}
	defer func() { _ = point.Rollback(context.Background()) }()
	_, err = point.Exec(t.Context(), sql, args...)
	return err
}

// refused checks that the database refuses a statement with one of the codes.
func (p *probe) refused(t *testing.T, sql string, codes ...string) {
	t.Helper()
	err := p.try(t, sql)
	if code := codeOf(err); !slices.Contains(codes, code) {
		t.Errorf("%s: %v, want SQLSTATE %s", brief(sql), orAllowed(err), strings.Join(codes, " or "))
	}
}

// allowed checks that the database takes a statement: without it, refusals could come from a probe that is broken.
func (p *probe) allowed(t *testing.T, sql string, args ...any) {
	t.Helper()
	if err := p.try(t, sql, args...); err != nil {
		t.Errorf("%s: %v, want no error", brief(sql), err)
	}
}

// run runs a statement that later ones build on.
func (p *probe) run(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := p.tx.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", brief(sql), err)
	}
}

// changes checks how many rows a statement touches; it is undone.
func (p *probe) changes(t *testing.T, want int64, sql string, args ...any) {
	t.Helper()
	point, err := p.tx.Begin(t.Context())
	if err != nil {
		t.Fatalf("the probe's connection is gone: %v", err)
	}
	defer func() { _ = point.Rollback(context.Background()) }()
	tag, err := point.Exec(t.Context(), sql, args...)
	if err != nil || tag.RowsAffected() != want {
		t.Errorf("%s: %d rows (%v), want %d", brief(sql), tag.RowsAffected(), err, want)
	}
}

// scan returns the only column of all rows.
func scan[T any](t *testing.T, q interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}, sql string, args ...any) []T {
	t.Helper()
	rows, err := q.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", brief(sql), err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatalf("%s: %v", brief(sql), err)
	}
	return list
}

func codeOf(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

func orAllowed(err error) any {
	if err == nil {
		return "allowed"
	}
	return err
}

// brief is a statement on one line, for a message.
func brief(sql string) string {
	line := strings.Join(strings.Fields(sql), " ")
	return line[:min(len(line), 160)]
}

// SQLSTATEs of refusals.
const (
	denied       = "42501" // no privilege, or against a row policy
	unknownTable = "42P01"
	unknownName  = "42883" // no such function
	noReference  = "23503" // a foreign key finds nothing
	brokenRule   = "23514" // a check
	taken        = "23505" // a unique key
	missing      = "23502" // a null
	finalState   = "55000"
)

//go:embed testdata/canaries.sql
var canaries string

// canaried is an owner's tenant with at least one row in every table; the rows carry the mark, and the same ids as every
// other canaried tenant.
func canaried(t *testing.T) (tenant *store.Tenant, mark string) {
	t.Helper()
	tenant = storetest.Owner(t)
	return tenant, setOutCanaries(t, storetest.Connect(t, "postgres"), tenant)
}

// setOutCanaries puts the rows into an organisation, and returns the mark.
func setOutCanaries(t *testing.T, super *pgx.Conn, tenant *store.Tenant) (mark string) {
	t.Helper()
	mark = "canary-" + tenant.Org.Slug
	sql := strings.NewReplacer("@canary", mark, "@owner", tenant.User.ID.String(), "@org", tenant.Org.ID.String(),
		"@schema", schemaOf(tenant)).Replace(canaries)
	tx, err := super.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), sql); err != nil {
		t.Fatalf("set out canaries: %v", err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatalf("set out canaries: %v", err)
	}
	return mark
}

// tenantTables lists every table of a tenant from the catalogue.
func tenantTables(t *testing.T, tenant *store.Tenant) []string {
	t.Helper()
	tables := scan[string](t, storetest.Connect(t, "postgres"), `
		select relname::text from pg_class
		where relnamespace = $1::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') order by 1`, schemaOf(tenant))
	if len(tables) < 30 {
		t.Fatalf("only %d tables in %s: the list is not what it should be", len(tables), schemaOf(tenant))
	}
	return tables
}
