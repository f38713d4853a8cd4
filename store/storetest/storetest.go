// Package storetest gives tests a real database: one private PostgreSQL server for each test process, bootstrapped and
// migrated like any other. Tests share the database and run side by side; each makes organisations of its own, and the
// product's isolation keeps them apart. Without PostgreSQL the tests fail.
package storetest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"surrealm/store"
	"surrealm/store/pgserver"
	"surrealm/store/seal"
)

// Password is every test person's password.
const Password = "correct horse battery"

// cheap is what hashing it costs: under the race detector the real cost took a third of the time of all tests.
var cheap = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

var (
	server *pgserver.Server
	shared *store.Store
	behind *pgxpool.Pool
)

// Main starts the server, runs the tests and stops it. Call it from TestMain.
func Main(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	ctx := context.Background()
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() != "" {
		return m.Run(), nil // fuzz targets need no database, and each of their processes would start one
	}
	server, err = pgserver.StartTemporary(ctx)
	if err != nil {
		return 0, err
	}
	defer func() {
		if stopped := server.Stop(ctx); err == nil {
			err = stopped
		}
	}()
	if err := makeDatabase(ctx, "surrealm"); err != nil {
		return 0, err
	}
	if program := os.Getenv(Pooler); program != "" {
		stop, err := startPooler(ctx, program)
		if err != nil {
			return 0, err
		}
		defer stop()
	}
	shared, err = open(ctx, "surrealm")
	if err != nil {
		return 0, err
	}
	defer shared.Close()
	behind, err = pgxpool.New(ctx, server.DSN("postgres", "surrealm")+" pool_max_conns=8")
	if err != nil {
		return 0, err
	}
	defer behind.Close()
	return m.Run(), nil
}

// makeDatabase makes a database as serve does, with the tables of the platform.
func makeDatabase(ctx context.Context, name string) error {
	if err := store.PrepareDatabase(ctx, server, name); err != nil {
		return err
	}
	return store.MigratePlatform(ctx, server.DSN(store.RoleMigrator, name))
}

func open(ctx context.Context, database string, change ...func(*store.Options)) (*store.Store, error) {
	master, err := masterKey()
	if err != nil {
		return nil, err
	}
	options := store.Options{
		WebURL:     webDSN(database),
		ControlURL: server.DSN("surrealm_ctl", database),
		Master:     master,
		Cost:       cheap,
	}
	for _, c := range change {
		c(&options)
	}
	return store.Open(ctx, options)
}

// Second opens another store on the shared database, as a second server would, with pools of its own. change may give
// them other sizes. ViewIn turns a tenant of the shared store into one of this.
func Second(t testing.TB, change func(*store.Options)) *store.Store {
	t.Helper()
	s, err := open(context.Background(), "surrealm", change)
	if err != nil {
		t.Fatalf("open a second store: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// FreshStore opens a database of the test's own, for tests of what concerns all organisations at once.
func FreshStore(t testing.TB, change ...func(*store.Options)) (s *store.Store, dsn func(role string) string) {
	t.Helper()
	name, dsn := FreshDatabase(t)
	s, err := open(context.Background(), name, change...)
	if err != nil {
		t.Fatalf("open the database: %v", err)
	}
	t.Cleanup(s.Close)
	return s, dsn
}

// SecondIn is Second on a test's own database.
func SecondIn(t testing.TB, dsn func(role string) string, change func(*store.Options)) *store.Store {
	t.Helper()
	return Second(t, func(o *store.Options) {
		o.WebURL, o.ControlURL = dsn("surrealm_web"), dsn("surrealm_ctl")
		change(o)
	})
}

// Store is the store that all tests of the process share.
func Store(t testing.TB) *store.Store {
	t.Helper()
	if shared == nil {
		t.Fatal("storetest.Main was not called from TestMain")
	}
	return shared
}

// DSN is how to log in to the shared database, for probes and for programs under test.
func DSN(role string) string { return server.DSN(role, "surrealm") }

// Connect logs in as a role, outside of the store: what an attacker with that role's password would do, or, as
// postgres, a look behind the walls.
func Connect(t testing.TB, role string) *pgx.Conn {
	t.Helper()
	return ConnectTo(t, DSN(role))
}

// ConnectTo is Connect for any database, such as one of FreshDatabase's.
func ConnectTo(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the server ends with the process anyway
	return conn
}

// Behind is the shared database as postgres sees it, behind the walls. Its connections are used again, which takes a tenth of the time
// of Connect; so leave no settings and no transaction on them.
func Behind(t testing.TB) *pgxpool.Pool {
	t.Helper()
	if behind == nil {
		t.Fatal("storetest.Main was not called from TestMain")
	}
	return behind
}

// Exec runs a statement in any database, such as one of FreshDatabase's.
func Exec(t testing.TB, url, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// FreshDatabase makes a database of the test's own, migrated, for tests of migration and provisioning. Roles are shared
// by all databases of a server, so organisations still need slugs of their own: see Slug.
func FreshDatabase(t testing.TB) (name string, dsn func(role string) string) {
	t.Helper()
	name = "t" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := makeDatabase(context.Background(), name); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	return name, func(role string) string { return server.DSN(role, name) }
}

// masterKey is one for all tests: what is sealed with it is gone with the test's database.
func masterKey() (seal.Master, error) { return seal.ParseMasterKey(strings.Repeat("5ea1", 16)) }

// Inside runs a statement as a member inside their organisation, with the tenant's role, and commits.
func Inside(t testing.TB, member *store.Tenant, sql string, args ...any) {
	t.Helper()
	conn := Connect(t, "surrealm_web")
	ctx := context.Background()
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // nothing to do after a commit
	_, err = tx.Exec(ctx, `select set_config('search_path', e.tenant_path, true), set_config('role', e.tenant_role, true)
		from public.enter_tenant($1, $2) as e`, member.Org.ID, member.User.ID)
	if err == nil {
		_, err = tx.Exec(ctx, sql, args...)
	}
	if err == nil {
		err = tx.Commit(ctx)
	}
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
