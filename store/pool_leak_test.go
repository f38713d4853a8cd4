package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// A seat is one person in one organisation, with what they and nobody else may see: the organisation's surrogate, and a
// conversation of their own.
type seat struct {
	tenant       *store.Tenant
	surrogate    string
	conversation string
}

// seats makes organisations with two people each, all reached through one store.
func seats(t *testing.T, through *store.Store, orgs int) []seat {
	t.Helper()
	var all []seat
	for range orgs {
		owner := storetest.Owner(t)
		input := surrogateInput("of " + owner.Org.Slug)
		id, err := owner.CreateSurrogate(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		for _, member := range []*store.Tenant{owner, storetest.Join(t, owner, store.Member, "Mona Member")} {
			title := owner.Org.Slug + " " + string(member.Role)
			err := member.Tx(t.Context(), func(tx pgx.Tx) error {
				_, err := tx.Exec(t.Context(), `insert into conversations (id, surrogate_id, user_id, title) values ($1, $2, $3, $4)`,
					uuid.New(), id, member.User.ID, title)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			view := storetest.ViewIn(t, through, member.User, owner.Org.Slug)
			all = append(all, seat{tenant: view, surrogate: input.RoleTitle, conversation: title})
		}
	}
	return all
}

// looks are the statements that everybody reads by, each with what this person sees.
func (s seat) looks() map[string]string {
	return map[string]string{
		`select role_title from surrogates order by 1`: s.surrogate,
		`select title from conversations order by 1`:   s.conversation,
		`select current_user || ' ' || current_setting('app.user_id') || ' ' || current_setting('app.org_role')`: fmt.Sprintf("%s %s %s",
			schemaOf(s.tenant), s.tenant.User.ID, s.tenant.Role),
	}
}

// look reads and complains about anything that is not this person's.
func (s seat) look(ctx context.Context, t *testing.T, tx pgx.Tx) error {
	for sql, want := range s.looks() {
		rows, err := tx.Query(ctx, sql)
		if err != nil {
			return err
		}
		if err := s.sees(t, rows, want); err != nil {
			return err
		}
	}
	return nil
}

// lookAtOnce is look by one batch.
func (s seat) lookAtOnce(ctx context.Context, t *testing.T) error {
	return s.tenant.Batch(ctx, func(b *pgx.Batch) {
		for sql, want := range s.looks() {
			b.Queue(sql).Query(func(rows pgx.Rows) error { return s.sees(t, rows, want) })
		}
	})
}

func (s seat) sees(t *testing.T, rows pgx.Rows, want string) error {
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && !slices.Equal(got, []string{want}) {
		t.Errorf("%s as %s sees %q, want %q", s.tenant.Org.Slug, s.tenant.Role, got, want)
	}
	return err
}

// afterwards is what a connection must be like between two requests.
const afterwards = `
	select concat_ws(' | ', current_user, session_user, current_setting('role'), current_setting('search_path'),
		coalesce(current_setting('app.org_id', true), '') || coalesce(current_setting('app.user_id', true), '') ||
		coalesce(current_setting('app.user_name', true), '') || coalesce(current_setting('app.org_role', true), '') ||
		coalesce(current_setting('app.realms_read', true), '') || coalesce(current_setting('app.realms_write', true), '') ||
		coalesce(current_setting('app.realms_own', true), ''),
		current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('row_security'),
		current_setting('session_replication_role'), current_setting('transaction_isolation'),
		(select count(*) from pg_catalog.pg_locks where pid = pg_backend_pid() and locktype = 'advisory') || ' locks',
		(select count(*) from pg_catalog.pg_cursors where is_holdable) || ' cursors',
		(select count(*) from pg_catalog.pg_listening_channels()) || ' channels')`

// Four hundred requests of twenty people of ten organisations over one connection, many of which end badly: nothing of
// one request is there for the next.
func TestOneConnectionServesManyTenantsAndKeepsNothing(t *testing.T) {
	t.Parallel()
	const orgs, requests = 10, 400
	through := storetest.Second(t, func(o *store.Options) { o.WebConns = 1 })
	all := seats(t, through, orgs)
	super := storetest.Connect(t, "postgres")
	clean := scan[string](t, storetest.Connect(t, store.RoleWeb), afterwards)[0]
	names := make([]string, 0, len(fates))
	for name := range fates {
		names = append(names, name)
	}
	slices.Sort(names)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)

	met := map[string]int{}
	for n := range requests {
		s, name := all[random.IntN(len(all))], names[random.IntN(len(names))]
		if random.IntN(2) == 0 {
			name = []string{"reads", "reads in one batch"}[random.IntN(2)]
		}
		if n < len(names) {
			name = names[n] // each once at least
		}
		met[name]++
		err, mustWork := fates[name](t.Context(), t, s, super)
		if mustWork != (err == nil) {
			t.Errorf("request %d, which %s: %v", n, name, err)
		}
		if state := settled(t, through); state != clean {
			t.Fatalf("request %d of %s, which %s, leaves behind\n%s, want\n%s", n, s.tenant.Org.Slug, name, state, clean)
		}
	}
	for _, name := range names {
		if met[name] == 0 {
			t.Errorf("no request %s", name)
		}
	}
	if total := through.WebPool().Stat().TotalConns(); total > 1 {
		t.Errorf("%d connections", total)
	}
}

// settled borrows the only connection and says what it is like.
func settled(t *testing.T, s *store.Store) string {
	t.Helper()
	var state string
	if err := s.WebPool().QueryRow(t.Context(), afterwards).Scan(&state); err != nil {
		t.Fatalf("the pool did not recover: %v", err)
	}
	return state
}

// A backend that dies between two requests costs at most one of them, and shows nobody a wrong row.
func TestABackendThatDiesWhileIdleIsReplaced(t *testing.T) {
	t.Parallel()
	through := storetest.Second(t, func(o *store.Options) { o.WebConns = 1 })
	all := seats(t, through, 2)
	super := storetest.Connect(t, "postgres")
	for n := range 20 {
		s := all[n%len(all)]
		var pid int
		if err := through.WebPool().QueryRow(t.Context(), `select pg_backend_pid()`).Scan(&pid); err != nil {
			t.Fatal(err)
		}
		if _, err := super.Exec(t.Context(), `select pg_terminate_backend($1, 5000)`, pid); err != nil {
			t.Fatal(err)
		}
		look := func() error {
			return s.tenant.Tx(t.Context(), func(tx pgx.Tx) error { return s.look(t.Context(), t, tx) })
		}
		if first := look(); first != nil {
			if second := look(); second != nil {
				t.Fatalf("round %d: %v, and again %v", n, first, second)
			}
		}
	}
}
