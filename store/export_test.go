package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"surrealm/store/synthesis"
)

// What the guard tests need to see of the inside: the door's own statement, the pool behind it, and the road through it.

// EnterTenant is the statement by which every request enters.
const EnterTenant = enterTenant

// WebPool is the pool that enters tenants.
func (s *Store) WebPool() *pgxpool.Pool { return s.web }

// Tx is Tenant.tx.
func (t *Tenant) Tx(ctx context.Context, do func(tx pgx.Tx) error) error { return t.tx(ctx, do) }

// Batch is Tenant.batch.
func (t *Tenant) Batch(ctx context.Context, queue func(b *pgx.Batch)) error {
	return t.batch(ctx, queue)
}

// Audit is Tenant.audit.
func (t *Tenant) Audit(ctx context.Context, tx pgx.Tx, action Action, object Object, details Details) error {
	return t.audit(ctx, tx, action, object, details)
}

// ImportFile does what the job does for one import, now.
func (t *Tenant) ImportFile(ctx context.Context, id uuid.UUID) error { return t.importFile(ctx, id) }

// FindClusters does what the job does for one run, now.
func (t *Tenant) FindClusters(ctx context.Context, run uuid.UUID) error {
	return t.findClusters(ctx, run, false)
}

// WriteSynthesis does what the job does for one text, now, with a provider.
func (t *Tenant) WriteSynthesis(ctx context.Context, id uuid.UUID, provider synthesis.Provider) error {
	return t.writeSynthesis(ctx, id, provider)
}

// WorkSynthesis is the job that writes a text, in its first attempt or a later one.
func (t *Tenant) WorkSynthesis(ctx context.Context, id uuid.UUID, attempt int) error {
	j := &Jobs{store: t.store, outside: make(chan struct{}, jobsOutside)}
	return j.workSynthesis(ctx, &river.Job[writeSynthesis]{JobRow: &rivertype.JobRow{Attempt: attempt},
		Args: writeSynthesis{Org: t.Org.ID, User: t.User.ID, Synthesis: id}})
}

// TryLLM is the job that tries an account.
func (t *Tenant) TryLLM(ctx context.Context, call uuid.UUID) error { return t.tryLLM(ctx, call) }

// FindClustersWhile does a run as the job does it, with something that happens each time after it has read.
func (t *Tenant) FindClustersWhile(ctx context.Context, run uuid.UUID, meanwhile func()) error {
	return t.untilKept(ctx, run, func(m material) error {
		meanwhile()
		return t.findAmong(ctx, run, m, false)
	})
}

// TakeTurns takes the turn of every read inside a tenant, until end is called.
func (s *Store) TakeTurns() (end func()) {
	for range cap(s.webReads) {
		s.webReads <- struct{}{}
	}
	return func() {
		for range cap(s.webReads) {
			<-s.webReads
		}
	}
}
