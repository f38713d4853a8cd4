package store_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/orgfile"
	"surrealm/store/outbound"
	"surrealm/store/seal"
	"surrealm/store/storetest"
)

// An installation is a database with its checkpoints and keys.
type installation struct {
	store    *store.Store
	dsn      func(string) string
	super    *pgx.Conn
	migrator *store.Migrator
	signer   auditlog.Signer
	kept     *auditlog.CheckpointStore
	dir      string // of the checkpoints and of the key that signs them
	master   seal.Master
}

// installations counts them, so that each has a master key of its own.
var installations atomic.Int32

func install(t *testing.T) *installation {
	t.Helper()
	x := &installation{master: masterOf(t, fmt.Sprintf("%04x", installations.Add(1)))}
	x.store, x.dsn = storetest.FreshStore(t, func(o *store.Options) {
		o.Master, o.Outbound = x.master, got[outbound.Guard](t)(outbound.Open("127.0.0.1"))
	})
	x.super, x.migrator = behindTheWalls(t, x.dsn), openMigrator(t, x.dsn, 1)
	x.dir = t.TempDir()
	x.signer = got[auditlog.Signer](t)(auditlog.LoadOrCreateKey(x.dir))
	x.kept = auditlog.NewCheckpointStore(x.dir, x.signer)
	return x
}

// org makes an organisation with a row in every table, some audit entries, a sealed key and a checkpoint over them.
func (x *installation) org(t *testing.T) *store.Tenant {
	t.Helper()
	tenant := storetest.OwnerIn(t, x.store)
	setOutCanaries(t, x.super, tenant)
	for range 3 {
		if err := tenant.RotateKey(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	x.verify(t, tenant.Org.Slug)
	return tenant
}

// verify verifies the audit log of an organisation, and signs a checkpoint.
func (x *installation) verify(t *testing.T, slug string) {
	t.Helper()
	org := got[store.OrgOverview](t)(x.store.OrgBySlug(t.Context(), slug))
	if _, err := x.store.ExportAudit(t.Context(), io.Discard, org, x.signer, x.kept); err != nil {
		t.Fatalf("the audit log of %s: %v", slug, err)
	}
}

func (x *installation) export(t *testing.T, slug string) []byte {
	t.Helper()
	var file bytes.Buffer
	if _, err := x.migrator.ExportOrg(t.Context(), &file, store.OrgExport{Slug: slug, Signer: x.signer, Kept: x.kept}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// restore puts a file back; change may alter how.
func (x *installation) restore(t *testing.T, file []byte, slug string, change func(*store.OrgRestore)) (store.RestoreReport, error) {
	t.Helper()
	opened, err := orgfile.Open(bytes.NewReader(file), int64(len(file)), x.signer.VerifierKey())
	if err != nil {
		return store.RestoreReport{}, err
	}
	o := store.OrgRestore{File: opened, FileKey: x.signer.VerifierKey(), Slug: slug, By: "The operator", Kept: x.kept, Master: x.master}
	if change != nil {
		change(&o)
	}
	return x.migrator.RestoreOrg(t.Context(), o)
}

func (x *installation) drop(t *testing.T, tenant *store.Tenant) {
	t.Helper()
	if err := x.store.DropOrg(t.Context(), tenant.Org.ID, "for a test"); err != nil {
		t.Fatal(err)
	}
}

// content is every row of a schema, table by table, as text.
func (x *installation) content(t *testing.T, schema string) map[string]string {
	t.Helper()
	content := map[string]string{}
	for _, table := range scan[string](t, x.super, `select relname::text from pg_class where relnamespace = $1::regnamespace and relkind = 'r'`, schema) {
		name := pgx.Identifier{schema, table}.Sanitize()
		content[table] = strings.Join(scan[string](t, x.super, `select t::text from `+name+` t order by 1`), "\n")
	}
	return content
}

// got fails the test unless a call went well, and passes on what it returned.
func got[T any](t *testing.T) func(T, error) T {
	return func(made T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
}
