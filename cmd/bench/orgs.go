package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"surrealm/store"
)

// owner makes an organisation in the database of the measures, and returns its owner's view.
func (b *bench) owner(ctx context.Context, slug string) (*store.Tenant, error) {
	d, err := b.db(ctx)
	if err != nil {
		return nil, err
	}
	user, err := d.store.Register(ctx,
		store.NewAccount{Name: "Olga Owner", Email: slug + "@example.com", Password: "a password for measuring"},
		store.NewOrg{Name: "Organisation " + slug, Slug: slug})
	if err != nil {
		return nil, err
	}
	return d.store.Tenant(user, slug)
}

// addSurrogates puts surrogates into an organisation without asking the store.
func (d *database) addSurrogates(ctx context.Context, t *store.Tenant, n int) error {
	return d.inTenant(ctx, t, `
		insert into surrogates (id, role_title, domain, jurisdiction, config, created_by, created_at, updated_at)
		select gen_random_uuid(), 'Surrogate ' || n || ' for claims and complaints', 'Insurance', 'EU', '{}', $2,
			now() - n * interval '1 hour', now() - n * interval '1 minute'
		from generate_series(1, $1) as n`, n, t.User.ID)
}

// inTenant runs a statement as the superuser with the path of an organisation.
func (d *database) inTenant(ctx context.Context, t *store.Tenant, sql string, args ...any) error {
	tx, err := d.super.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }() // nothing to do after a commit
	if _, err = tx.Exec(ctx, `select set_config('search_path', $1 || ', ext', true)`, schemaOf(t)); err != nil {
		return err
	}
	if _, err = tx.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("%.60s: %w", sql, err)
	}
	return tx.Commit(ctx)
}

// orgs returns the owners' views of n organisations with 20 surrogates each, and makes those that are missing, on all
// processors. Of thousands it tells on the way: they take minutes.
func (b *bench) orgs(ctx context.Context, n int) ([]*store.Tenant, error) {
	d, err := b.db(ctx)
	if err != nil {
		return nil, err
	}
	first := len(d.orgs)
	if n <= first {
		return d.orgs[:n], nil
	}
	slowly, err := d.hurry(ctx)
	if err != nil {
		return nil, err
	}
	made := make([]*store.Tenant, n-first)
	var next, done atomic.Int64
	var makers sync.WaitGroup
	errs := make([]error, runtime.NumCPU())
	for maker := range errs {
		makers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(made) && errs[maker] == nil; i = int(next.Add(1)) - 1 {
				made[i], _, errs[maker] = d.addOrg(ctx, first+i)
				if so := done.Add(1); so%500 == 0 {
					fmt.Fprintf(os.Stderr, "%d of %d organisations are made\n", first+int(so), n)
				}
			}
		})
	}
	makers.Wait()
	if err := errors.Join(append(errs, slowly())...); err != nil {
		return nil, err
	}
	d.orgs = append(d.orgs, made...)
	return d.orgs, nil
}

// hurry lets the database do without fsync while organisations are made that only later measures need: each has two hundred
// files, and waits for the disk twice as long as for a processor. slowly writes everything down and has it wait again.
func (d *database) hurry(ctx context.Context) (slowly func() error, err error) {
	run := func(statements ...string) error {
		for _, sql := range statements {
			if _, err := d.super.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	}
	err = run(`alter system set fsync = off`, `select pg_reload_conf()`)
	return func() error { return run(`alter system reset fsync`, `select pg_reload_conf()`, `checkpoint`) }, err
}

// addOrg makes the organisation of a number for a new person, whose password nobody knows and whose hash nobody computes,
// and returns the seconds that making it took.
func (d *database) addOrg(ctx context.Context, number int) (*store.Tenant, float64, error) {
	slug, person := fmt.Sprintf("org-%d", number), uuid.New()
	_, err := d.super.Exec(ctx, `insert into public.users (id, email, name, password_hash) values ($1, $2, 'Otto Owner', '!')`,
		person, slug+"@example.com")
	if err != nil {
		return nil, 0, err
	}
	took, err := seconds(func() error {
		_, err := d.store.CreateOrg(ctx, person, store.NewOrg{Name: "Organisation " + slug, Slug: slug})
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	user, err := d.store.UserByID(ctx, person)
	if err != nil {
		return nil, 0, err
	}
	tenant, err := d.store.Tenant(user, slug)
	if err != nil {
		return nil, 0, err
	}
	return tenant, took, d.addSurrogates(ctx, tenant, store.PageSize)
}

func schemaOf(t *store.Tenant) string { return "tenant_" + strings.ReplaceAll(t.Org.Slug, "-", "_") }
