package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"surrealm/store"
	"surrealm/store/storetest"
)

// measureScopedRead measures the tenant's list of 20 surrogates, with membership and realms verified by the database, against
// the same statements on a copy of the tables, where nothing is verified, and against an application that verifies by itself
// and asks for membership and realms before it, 1 and 8 at a time. Then the same over organisations chosen at random, 8 at a time.
func measureScopedRead(b *bench) error {
	ctx := context.Background()
	list, err := b.bareList(ctx)
	if err != nil {
		return err
	}
	defer list.pool.Close()
	for _, conns := range []int{1, 8} {
		rates, err := b.turns(ctx, conns, list.scoped, list.bare, list.three)
		if err != nil {
			return err
		}
		b.ratio(fmt.Sprint(conns), rates[0], rates[1], "the bare statements")
		b.ratio(map[int]string{1: "three_1", 8: "three"}[conns], rates[0], rates[2], "membership, realms and the bare statements")
	}
	orgs := b.orgsEach()
	tenants, err := b.orgs(ctx, orgs)
	if err != nil {
		return err
	}
	somewhere := func(ctx context.Context) error { return readList(ctx, tenants[rand.IntN(len(tenants))]) }
	rates, err := b.turns(ctx, 8, somewhere, list.bare, list.scoped)
	if err != nil {
		return err
	}
	b.ratio(fmt.Sprintf("%d_tenants", orgs), rates[0], rates[1], "the bare statements")
	b.ratio(fmt.Sprintf("%d_tenants_to_one", orgs), rates[0], rates[2], "one tenant")
	return nil
}

func readList(ctx context.Context, t *store.Tenant) error {
	list, err := t.Surrogates(ctx, store.SurrogateFilter{})
	if err == nil && len(list.Items) != store.PageSize {
		err = fmt.Errorf("the list of %s has %d surrogates", t.Org.Slug, len(list.Items))
	}
	return err
}

// bareList is the list of one organisation, and the same list without any scope.
type bareList struct {
	tenant *store.Tenant
	pool   *pgxpool.Pool    // its path is the schema of the copy
	sent   []storetest.Sent // what the store sends for it, inside the tenant
}

func (b *bench) bareList(ctx context.Context) (*bareList, error) {
	tenant, err := b.owner(ctx, "scoped-read")
	if err != nil {
		return nil, err
	}
	d := b.database
	if err := d.addSurrogates(ctx, tenant, store.PageSize); err != nil {
		return nil, err
	}
	for _, table := range []string{"surrogates", "sop_lines", "realms_users"} {
		err := d.inTenant(ctx, tenant, `create schema if not exists bare;
			create table bare.`+table+` (like `+table+` including all);
			insert into bare.`+table+` select * from `+table+`;
			analyze bare.`+table+`; analyze `+table)
		if err != nil {
			return nil, err
		}
	}
	l := &bareList{tenant: tenant}
	if l.sent, err = d.sentFor(ctx, tenant, "from surrogates"); err != nil {
		return nil, err
	}
	l.pool, err = pgxpool.New(ctx, d.url("postgres")+" search_path=bare pool_max_conns=16")
	return l, err
}

// sentFor are the statements with these words that the store sends for the list.
func (d *database) sentFor(ctx context.Context, t *store.Tenant, words string) ([]storetest.Sent, error) {
	statements := &storetest.Statements{}
	s, err := d.open(ctx, statements)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	traced, err := s.Tenant(t.User, t.Org.Slug)
	if err != nil {
		return nil, err
	}
	if err := readList(ctx, traced); err != nil {
		return nil, err
	}
	sent := slices.DeleteFunc(statements.Take(), func(s storetest.Sent) bool { return !strings.Contains(s.SQL, words) })
	if len(sent) == 0 {
		return nil, fmt.Errorf("the store sends no statement with %q", words)
	}
	return sent, nil
}

func (l *bareList) scoped(ctx context.Context) error { return readList(ctx, l.tenant) }

// bareSurrogate is a row of the list as the store takes it.
type bareSurrogate struct {
	ID           uuid.UUID
	RoleTitle    string
	Domain       string
	Jurisdiction string
	Status       string
	UpdatedAt    time.Time
	Key          string
	Procedures   int
}

// bareChoices are the choices of its filters.
type bareChoices struct {
	Domains       []string
	Jurisdictions []string
}

func (l *bareList) bare(ctx context.Context) error {
	var found []bareSurrogate
	batch := &pgx.Batch{}
	for i, sent := range l.sent {
		batch.Queue(sent.SQL, sent.Args...).Query(func(rows pgx.Rows) (err error) {
			if i > 0 { // the choices of the filters
				_, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[bareChoices])
				return err
			}
			found, err = pgx.CollectRows(rows, pgx.RowToStructByName[bareSurrogate])
			return err
		})
	}
	err := l.pool.SendBatch(ctx, batch).Close()
	if err == nil && len(found) != store.PageSize {
		err = fmt.Errorf("the bare list has %d surrogates", len(found))
	}
	return err
}

// three is the list with what an application asks before it that verifies by itself.
func (l *bareList) three(ctx context.Context) error {
	var role string
	err := l.pool.QueryRow(ctx, `
		select m.role
		from public.memberships m
		join public.orgs o on o.id = m.org_id
		where o.slug = $1 and m.user_id = $2 and m.state = 'ACTIVE'`, l.tenant.Org.Slug, l.tenant.User.ID).Scan(&role)
	if err != nil {
		return err
	}
	rows, err := l.pool.Query(ctx, `select realm_id from realms_users where user_id = $1 and state = 'ACTIVE'`, l.tenant.User.ID)
	if err != nil {
		return err
	}
	if _, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
		return err
	}
	return l.bare(ctx)
}
