package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// Addresses that differ in one place only, however long, are two schemas with two roles.
func TestAddressesThatLookAlikeAreTwoSchemas(t *testing.T) {
	t.Parallel()
	tag := strings.ReplaceAll(storetest.Slug("s"), "-", "")
	long := (tag + strings.Repeat("x", 48))[:47]
	super := storetest.Connect(t, "postgres")
	seen := map[string]string{}
	for _, slug := range []string{
		long + "a", long + "b", // equal in 47 of 48 characters
		tag + "-b", tag + "b", tag + "-1", tag + "1", tag + "-11", tag + "-1-1",
		"0" + tag, "o" + tag, tag + "-l", tag + "-i",
	} {
		if err := register(t.Context(), storetest.Store(t), slug); err != nil {
			t.Fatalf("%s: %v", slug, err)
		}
		schema := scan[string](t, super, `select schema_name from orgs where slug = $1`, slug)[0]
		if twin, shared := seen[schema]; shared {
			t.Errorf("%s and %s share %s", slug, twin, schema)
		}
		seen[schema] = slug
		if want := "tenant_" + strings.ReplaceAll(slug, "-", "_"); schema != want || len(schema) > 63 {
			t.Errorf("%s has the schema %s", slug, schema)
		}
		for what, sql := range map[string]string{
			"schema": `select count(*) from pg_namespace where nspname = $1`,
			"role":   `select count(*) from pg_roles where rolname = $1`,
		} {
			if n := scan[int](t, super, sql, schema)[0]; n != 1 {
				t.Errorf("%s: %d times the %s %s", slug, n, what, schema)
			}
		}
		if people := scan[string](t, super, `select display_name from `+pgx.Identifier{schema}.Sanitize()+`.people`); len(people) != 1 || people[0] != slug[:min(len(slug), 100)] {
			t.Errorf("%s: its people are %q", slug, people)
		}
	}
}

// unfit are addresses that must be refused by the program and, when it is not asked, by the database.
var unfit = []string{
	"", "a", "ab", strings.Repeat("a", 49), strings.Repeat("a", 63), strings.Repeat("a", 200),
	"-abc", "abc-", "a--b", "a_b", "a.b.c", "a b c", "a/b/c", "Acme", "ACME",
	"abc\n", "\nabc", "abc\x00", "abc\t", " abc", "abc ",
	"аcme", "асmе", // Cyrillic
	"acmé", "acme\u0301", "ａcme", "acme\u200b", "acme\u00ad", "ac\u2010me", "ac\u2013me", "acme１", "acme²", "ﬁrm", "ıstanbul", "İstanbul", "straße",
	`acme"; drop`, "acme'--", "acme;x", "tenant_x", "%I", "$1$",
}

func TestUnfitAddressesAreRefusedByProgramAndDatabase(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ctl, super := newProbe(t, store.RoleControl), newProbe(t, "postgres")
	for _, slug := range unfit {
		if slug != "" && slug == strings.TrimSpace(slug) { // spaces around it are forgiven, and none at all is suggested one
			_, err := storetest.Store(t).CreateOrg(t.Context(), owner.User.ID, store.NewOrg{Name: "Organisation", Slug: slug})
			if bad := (store.Invalid)(nil); !errors.As(err, &bad) || bad["slug"] == "" {
				t.Errorf("%q: %v, want a complaint about the address", slug, err)
			}
		}
		if problem, err := storetest.Store(t).SlugProblem(t.Context(), slug); err != nil || problem == "" {
			t.Errorf("%q: nothing to complain about while typing (%v)", slug, err)
		}
		err := ctl.try(t, `select public.create_org(gen_random_uuid(), $1, 'x', $2)`, slug, owner.User.ID)
		if code := codeOf(err); code != brokenRule && code != "22021" { // 22021: not even text
			t.Errorf("%q: the database answers %v", slug, orAllowed(err))
		}
		err = super.try(t, `select public.provision_tenant('tenant_' || replace($1, '-', '_'))`, strings.TrimPrefix(slug, "tenant_"))
		fits := map[string]bool{"a": true, "ab": true, strings.Repeat("a", 49): false, "a_b": true, "tenant_x": true}[slug]
		if code := codeOf(err); !fits && code != "22023" && code != "22021" {
			t.Errorf("%q: provisioning answers %v", slug, orAllowed(err))
		}
	}
	for _, reserved := range []string{"new", "admin", "api", "app", "static", "login", "public", "surrealm", "system", "template"} {
		_, err := storetest.Store(t).CreateOrg(t.Context(), owner.User.ID, store.NewOrg{Name: "Organisation", Slug: reserved})
		if bad := (store.Invalid)(nil); !errors.As(err, &bad) || bad["slug"] == "" {
			t.Errorf("%q: %v, want that it is reserved", reserved, err)
		}
	}
}

// What a name suggests is fit, or nothing.
func TestSuggestedAddressesAreFit(t *testing.T) {
	t.Parallel()
	for _, name := range append([]string{
		"Acme Health & Care", "Ärzte ohne Grenzen", "日本", "Zoë's Café №5", "a", strings.Repeat("long name ", 20), "--", "x--y", "Ω-Lab", "АБВ Ltd",
	}, unfit...) {
		slug := store.SuggestSlug(name)
		if slug == "" || len(slug) < 3 {
			continue
		}
		for _, r := range slug {
			if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') {
				t.Errorf("%q suggests %q", name, slug)
			}
		}
		if len(slug) > 48 || strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Contains(slug, "--") {
			t.Errorf("%q suggests %q", name, slug)
		}
	}
}

func TestTwentyRegistrationsAtOnce(t *testing.T) {
	t.Parallel()
	slugs := make([]string, 20)
	for i := range slugs {
		slugs[i] = storetest.Slug("crowd")
	}
	roomy := storetest.Second(t, func(o *store.Options) { o.CtlConns = 20 }) // so that nobody waits for a connection
	for i, err := range registerAll(t, roomy, slugs) {
		if err != nil {
			t.Errorf("%s: %v", slugs[i], err)
		}
	}
	super := storetest.Connect(t, "postgres")
	for _, slug := range slugs {
		if n := scan[int](t, super, `select count(*) from orgs o join memberships m on m.org_id = o.id where slug = $1`, slug)[0]; n != 1 {
			t.Errorf("%s: %d organisations", slug, n)
		}
	}
}

func TestOfRegistrationsOfOneAddressExactlyOneWins(t *testing.T) {
	t.Parallel()
	super := storetest.Connect(t, "postgres")
	for range 3 {
		slug := storetest.Slug("race")
		same := make([]string, 8)
		for i := range same {
			same[i] = slug
		}
		won := 0
		for _, err := range registerAll(t, storetest.Store(t), same) {
			if err == nil {
				won++
				continue
			}
			if errors.Is(err, store.ErrBusy) {
				continue // on a slow machine a loser waits longer for the winner than anybody has to, and is told to try again
			}
			if bad := (store.Invalid)(nil); !errors.As(err, &bad) || bad["slug"] == "" {
				t.Errorf("a loser is told %v, want that the address is taken", err)
			}
		}
		left := scan[string](t, super, `
			select format('%s orgs, %s schemas, %s roles, %s users', (select count(*) from orgs where slug = $1),
				(select count(*) from pg_namespace where nspname = $2), (select count(*) from pg_roles where rolname = $2),
				(select count(*) from users where name = $1))`, slug, "tenant_"+strings.ReplaceAll(slug, "-", "_"))[0]
		if won != 1 || left != "1 orgs, 1 schemas, 1 roles, 1 users" {
			t.Errorf("%d won; left: %s", won, left)
		}
	}
}

// registerAll registers everybody at the same moment, each with an account of their own.
func registerAll(t *testing.T, s *store.Store, slugs []string) []error {
	t.Helper()
	errs, ready := make([]error, len(slugs)), make(chan struct{})
	var wait sync.WaitGroup
	for i, slug := range slugs {
		wait.Go(func() {
			<-ready
			_, errs[i] = s.Register(t.Context(),
				store.NewAccount{Name: slug, Email: storetest.Email(fmt.Sprintf("n%d", i)), Password: storetest.Password},
				store.NewOrg{Name: "Organisation", Slug: slug})
		})
	}
	close(ready)
	wait.Wait()
	return errs
}
