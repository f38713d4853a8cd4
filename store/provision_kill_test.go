package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// saboteur makes a database of the test's own whose registrations can be stopped: by an error, or by the death of the
// backend, right after the n-th command that makes or grants something, and at each row that registration writes.
const saboteur = `
	create table public.sabotage (place text, n int, how text);
	create sequence public.commands;
	grant select on public.sabotage to public;

	create function public.stop(how text) returns void language plpgsql security definer as $$
	begin
		if how = 'kill' then
			perform pg_terminate_backend(pg_backend_pid());
			perform pg_sleep(1); -- it dies in here
		end if;
		raise exception 'sabotaged';
	end $$;

	create function public.count_command() returns event_trigger language plpgsql security definer as $$
	declare seen int := nextval('public.commands'); plan text;
	begin
		select s.how into plan from public.sabotage s where s.place = 'command' and s.n = seen;
		if found then perform public.stop(plan); end if;
	end $$;
	create event trigger sabotage on ddl_command_end execute function public.count_command();

	create function public.count_row() returns trigger language plpgsql security definer as $$
	declare plan text;
	begin
		select s.how into plan from public.sabotage s where s.place = tg_name;
		if found then perform public.stop(plan); end if;
		return null;
	end $$;
	create trigger row_of_user after insert on public.users for each row execute function public.count_row();
	create trigger row_of_org after insert on public.orgs for each row execute function public.count_row();
	create trigger row_of_membership after insert on public.memberships for each row execute function public.count_row();
	create trigger version_of_org after update on public.orgs for each row execute function public.count_row();
	create trigger row_of_key after insert on public.org_keys for each row execute function public.count_row();
	create constraint trigger commit after insert on public.org_keys deferrable initially deferred
		for each row execute function public.count_row()`

// rowPlaces are the places beside the commands; the last is the commit itself.
var rowPlaces = []string{"row_of_user", "row_of_org", "row_of_membership", "version_of_org", "row_of_key", "commit"}

// A registration that is stopped anywhere leaves nothing behind: no role, schema, person, organisation or address; and
// the same registration works afterwards.
func TestARegistrationThatIsStoppedLeavesNothing(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	super := behindTheWalls(t, dsn)
	run(t, super, saboteur)
	run(t, super, `select setval('public.commands', 1, false)`)
	whole := "whole-" + storetest.Slug("x")
	if err := register(t.Context(), s, whole); err != nil {
		t.Fatal(err)
	}
	commands := scan[int](t, super, `select last_value::int from public.commands`)[0]
	if commands < 150 {
		t.Fatalf("a registration runs only %d commands: the saboteur does not see them", commands)
	}
	before := census(t, super)

	tried, places := 0, sample(commands)
	t.Logf("%d commands, stopped after %d", commands, places)
	for i, n := range places {
		how := []string{"error", "kill"}[i%2]
		stopped(t, s, super, "command", n, how, before)
		tried++
	}
	for _, place := range rowPlaces {
		for _, how := range []string{"error", "kill"} {
			stopped(t, s, super, place, 0, how, before)
			tried++
		}
	}
	if tried < 35 {
		t.Errorf("stopped at %d places only", tried)
	}
}

// stopped tries a registration that is stopped at a place, and looks for remains. Every few, it then tries the same one
// again without the saboteur, and drops the organisation to be back where it was.
func stopped(t *testing.T, s *store.Store, super *pgx.Conn, place string, n int, how, before string) {
	t.Helper()
	slug := storetest.Slug("stop")
	run(t, super, `select setval('public.commands', 1, false)`)
	run(t, super, `insert into public.sabotage values ($1, $2, $3)`, place, n, how)
	if err := register(t.Context(), s, slug); err == nil {
		t.Errorf("%s %d, %s: the registration was not stopped", place, n, how)
	}
	run(t, super, `delete from public.sabotage`)
	if after := census(t, super); after != before {
		t.Fatalf("%s %d, %s: something is left:\n%s\nbefore:\n%s", place, n, how, after, before)
	}
	if leftRole(t, super, slug) {
		t.Errorf("%s %d, %s: the role is left", place, n, how)
	}
	if place == "command" && n%10 != 0 {
		return
	}
	if err := register(t.Context(), s, slug); err != nil {
		t.Errorf("%s %d, %s: the same registration fails afterwards: %v", place, n, how, err)
		return
	}
	run(t, super, `select public.drop_org(id, 'test') from public.orgs where slug = $1`, slug)
	run(t, super, `delete from public.users where name = $1`, slug)
	run(t, super, `delete from public.dropped_orgs`)
	if after := census(t, super); after != before || leftRole(t, super, slug) {
		t.Fatalf("dropping leaves something:\n%s\nbefore:\n%s", after, before)
	}
}

// register makes an account and its organisation. The person's name is the slug, so that census can tell them apart.
func register(ctx context.Context, s *store.Store, slug string) error {
	_, err := s.Register(ctx, store.NewAccount{Name: slug, Email: slug + "@example.com", Password: storetest.Password},
		store.NewOrg{Name: "Organisation", Slug: slug})
	return err
}

// census counts everything that a registration could leave in this database.
func census(t *testing.T, super *pgx.Conn) string {
	t.Helper()
	return strings.Join(scan[string](t, super, `
		select format('%s schemas, %s relations, %s functions, %s policies, %s constraints, %s triggers, %s users, %s orgs, %s memberships, '
				'%s keys, %s invitations, %s mails, %s jobs, %s references to roles',
			(select count(*) from pg_namespace where nspname !~ '^pg_'), (select count(*) from pg_class where relnamespace >= 16384 or relname ~ 'tenant'),
			(select count(*) from pg_proc), (select count(*) from pg_policy), (select count(*) from pg_constraint), (select count(*) from pg_trigger),
			(select count(*) from users), (select count(*) from orgs), (select count(*) from memberships), (select count(*) from org_keys),
			(select count(*) from invitations), (select count(*) from outbox), (select count(*) from river.river_job),
			(select count(*) from pg_shdepend where dbid = (select oid from pg_database where datname = current_database())))`), "")
}

func leftRole(t *testing.T, super *pgx.Conn, slug string) bool {
	t.Helper()
	return scan[bool](t, super, `select exists (select from pg_roles where rolname = $1)`, "tenant_"+strings.ReplaceAll(slug, "-", "_"))[0]
}

// sample is every place when there are few, and otherwise the first and last five and about fifteen between, others in each
// run: enough to meet every kind of command, in bounded time.
func sample(n int) []int {
	step := max(1, n/15)
	offset := rand.IntN(step)
	var places []int
	for i := 1; i <= n; i++ {
		if i <= 5 || i > n-5 || i%step == offset {
			places = append(places, i)
		}
	}
	return places
}

// An organisation's schema and role are made, never taken over: something of that name that is there already is left alone.
func TestASchemaOrRoleThatExistsIsNotTakenOver(t *testing.T) {
	t.Parallel()
	super := storetest.Connect(t, "postgres")
	for name, there := range map[string]string{
		"a schema": `create schema %[1]s authorization surrealm_owner; create table %[1]s.secret as select 'keep' as text`,
		"a role":   `create role %s nologin`,
	} {
		slug := storetest.Slug("there")
		schema := "tenant_" + strings.ReplaceAll(slug, "-", "_")
		run(t, super, fmt.Sprintf(there, schema))
		err := register(t.Context(), storetest.Store(t), slug)
		if bad := (store.Invalid)(nil); !errors.As(err, &bad) || bad["slug"] == "" {
			t.Errorf("%s of that name: %v, want that the address is taken", name, err)
		}
		if n := scan[int](t, super, `select count(*) from orgs where slug = $1`, slug)[0]; n != 0 {
			t.Errorf("%s of that name: the organisation is there", name)
		}
		if granted := scan[bool](t, super, `select coalesce(pg_has_role('surrealm_web', to_regrole($1), 'MEMBER'), false)`, schema)[0]; granted {
			t.Errorf("%s of that name: surrealm_web may become it", name)
		}
	}
}
