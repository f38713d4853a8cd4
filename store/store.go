// Package store is the only road to Surrealm's data. It alone speaks to PostgreSQL.
//
// There are two tiers. The platform (accounts, sessions, organisations, jobs) is read and written by methods of Store,
// on a small pool of its own that logs in as surrealm_ctl. Everything that an organisation owns is behind *Tenant,
// and a *Tenant is had only from a user who is a member:
//
//	tenant, err := store.Tenant(user, "acme")     // a member's view of one organisation
//	list, err := tenant.Surrogates(ctx, filter)   // one method = one transaction inside the tenant
//
// Each tenant method goes through Tenant.tx, the one-way door: the database itself checks the membership
// (public.enter_tenant), and the transaction then runs with the tenant's role and path, which it cannot leave.
// Inside one tx any number of statements share that scope; many, one and exec run them. CreateOrg makes a tenant.
// There is no other way in: no method takes a schema name, and the pool's own search path names no tenant.
//
// An exported method is exactly one transaction; helpers take a pgx.Tx. Time is SQL's now().
package store

import (
	"context"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"surrealm/store/embed"
	"surrealm/store/llm"
	"surrealm/store/outbound"
	"surrealm/store/seal"
	"surrealm/tenant_schema"
)

// Store holds the two pools of a server. It is safe for concurrent use.
type Store struct {
	web      *pgxpool.Pool // surrealm_web: only ever used to enter a tenant
	ctl      *pgxpool.Pool // surrealm_ctl: the platform, sessions, jobs
	master   seal.Master
	encoder  embed.Encoder
	outbound outbound.Guard
	llm      llm.Client
	schema   int // the version of tenant_schema that this program works with
	cost     *argon2id.Params
	hashes   turns         // of passwords that are being hashed
	heavy    chan struct{} // a slot for each file that is held in memory
	webReads turns         // of a single round trip
	ctlReads turns
}

// Options say how to reach the database.
type Options struct {
	WebURL     string // logs in as surrealm_web
	ControlURL string // logs in as surrealm_ctl
	WebConns   int32  // size of the tenants' pool; 0 means 16
	CtlConns   int32  // size of the platform's pool; 0 means 8
	Master     seal.Master
	Encoder    embed.Encoder    // turns texts into vectors; nil means embed.Hashing, which knows no meaning
	Outbound   outbound.Guard   // which addresses organisations may have called; the zero value is public ones
	Cost       *argon2id.Params // of new passwords; nil means PasswordCost
	Tracer     pgx.QueryTracer  // sees every statement, for tests and measurements; nil means nobody does
}

// Open connects both pools and checks that the database answers.
func Open(ctx context.Context, o Options) (*Store, error) {
	schema, err := tenantschema.Latest()
	if err != nil {
		return nil, err
	}
	web, err := openPool(ctx, o.WebURL, orDefault(o.WebConns, 16), o.Tracer)
	if err != nil {
		return nil, explain(RoleWeb, err)
	}
	ctl, err := openPool(ctx, o.ControlURL, orDefault(o.CtlConns, 8), o.Tracer)
	if err != nil {
		web.Close()
		return nil, explain(RoleControl, err)
	}
	encoder, cost := o.Encoder, o.Cost
	if encoder == nil {
		encoder = embed.Hashing{}
	}
	if cost == nil {
		cost = PasswordCost
	}
	return &Store{web: web, ctl: ctl, master: o.Master, encoder: encoder, outbound: o.Outbound, llm: llm.NewClient(o.Outbound), schema: schema,
		cost: cost, hashes: make(turns, maxHashes), heavy: make(chan struct{}, heavyAtOnce),
		webReads: readsAtOnce(), ctlReads: readsAtOnce()}, nil
}

// Close waits for the connections in use and closes both pools.
func (s *Store) Close() {
	s.web.Close()
	s.ctl.Close()
}

// Ping answers whether both pools reach the database.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.ctl.Ping(ctx); err != nil {
		return translate(err)
	}
	return translate(s.web.Ping(ctx))
}

func openPool(ctx context.Context, url string, size int32, tracer pgx.QueryTracer) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = size
	// A backend keeps the catalogue of every tenant that it has seen; a bounded life bounds its memory.
	config.MaxConnLifetime = 30 * time.Minute
	config.MaxConnLifetimeJitter = 5 * time.Minute
	config.ConnConfig.RuntimeParams["application_name"] = "surrealm"
	config.ConnConfig.Tracer = tracer
	registerTypes(config)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

func orDefault(n, fallback int32) int32 {
	if n == 0 {
		return fallback
	}
	return n
}

// newID makes a UUIDv7: unique, and in the order of creation.
func newID() uuid.UUID {
	return uuid.Must(uuid.NewV7())
}
