package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// onOneConnection is the owner's view through a store of its own with a single connection, whose statements are noted.
func onOneConnection(t *testing.T, owner *store.Tenant) (*store.Tenant, *storetest.Statements) {
	t.Helper()
	statements := &storetest.Statements{}
	through := storetest.Second(t, func(o *store.Options) { o.WebConns, o.Tracer = 1, statements })
	view := storetest.ViewIn(t, through, owner.User, owner.Org.Slug)
	statements.Take()
	return view, statements
}

func TestABatchGoesInOneRoundTripOnceItsStatementsArePrepared(t *testing.T) {
	t.Parallel()
	view, statements := onOneConnection(t, storetest.Owner(t))
	for n, trips := range []int{3, 1, 1} {
		if _, err := view.Surrogates(t.Context(), store.SurrogateFilter{}); err != nil {
			t.Fatal(err)
		}
		sent := statements.Take()
		if did, went := storetest.CountStatements(sent); did != 2 || went != trips {
			t.Errorf("time %d: %d statements in %d round trips, want 2 in %d: %v", n, did, went, trips, sent)
		}
	}
}

// A connection that lost a prepared statement, as one does when a migration changed a table, prepares it anew inside.
func TestABatchWhoseStatementWasForgottenIsSentAgain(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	view, statements := onOneConnection(t, owner)
	list := func() error {
		_, err := view.Surrogates(t.Context(), store.SurrogateFilter{})
		return err
	}
	if err := errors.Join(list(), list()); err != nil {
		t.Fatal(err)
	}
	// A failure makes the driver drop the statements of the batch.
	broken := view.Batch(t.Context(), func(b *pgx.Batch) { b.Queue(`select 1 / 0`) })
	if broken == nil {
		t.Fatal("nothing failed")
	}
	storetest.Exec(t, storetest.DSN("postgres"), "alter table "+schemaOf(owner)+".surrogates add column later text")
	statements.Take()
	if err := errors.Join(list(), list()); err != nil {
		t.Fatalf("after the table changed: %v", err)
	}
	sent := statements.Take()
	if last := sent[len(sent)-1]; !sent[len(sent)-3].Door() || sent[len(sent)-3].Trip != last.Trip {
		t.Errorf("it does not go at once again: %v", sent)
	}
}

func TestABatchThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	if _, err := owner.CreateSurrogate(t.Context(), surrogateInput("untouched")); err != nil {
		t.Fatal(err)
	}
	view, _ := onOneConnection(t, owner)
	for range 3 {
		err := view.Batch(t.Context(), func(b *pgx.Batch) {
			b.Queue(`update surrogates set role_title = 'touched'`)
			b.Queue(`insert into surrogates (id) values (null)`)
		})
		if err == nil {
			t.Error("a broken constraint was committed")
		}
	}
	found, err := view.Surrogates(t.Context(), store.SurrogateFilter{})
	if err != nil || found.Items[0].RoleTitle != "untouched" {
		t.Errorf("found %v, %v", found.Items, err)
	}
}

// An organisation whose tables are older than the program is not entered, whether the statements go at once or not, and
// whether or not they name a table.
func TestABatchDoesNotEnterWhatIsBeingUpgraded(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	view, statements := onOneConnection(t, owner)
	entry := func(b *pgx.Batch) {
		b.Queue(`insert into surrogates (id, role_title, domain, jurisdiction, config, created_by)
			values (gen_random_uuid(), 'late', 'x', 'x', '{}', $1)`, view.User.ID)
	}
	nothing := func(b *pgx.Batch) { b.Queue(`select current_user`) }
	for _, queue := range []func(*pgx.Batch){entry, nothing} {
		if err := view.Batch(t.Context(), queue); err != nil {
			t.Fatal(err)
		}
	}
	storetest.Exec(t, storetest.DSN("postgres"), `update orgs set schema_version = 1 where id = $1`, owner.Org.ID)
	for _, queue := range []func(*pgx.Batch){entry, nothing, entry} {
		if err := view.Batch(t.Context(), queue); !errors.Is(err, store.ErrUpgrading) {
			t.Errorf("got %v, want that it is being upgraded", err)
		}
	}
	storetest.Exec(t, storetest.DSN("postgres"), `update orgs set schema_version = 1000 where id = $1`, owner.Org.ID)
	if list, err := view.Surrogates(t.Context(), store.SurrogateFilter{}); err != nil || len(list.Items) != 1 {
		t.Errorf("%d surrogates, %v", len(list.Items), err)
	}
	for _, sent := range statements.Take() {
		if strings.Contains(sent.SQL, "enter_tenant") {
			return
		}
	}
	t.Error("no door was used")
}
