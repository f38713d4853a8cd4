package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"surrealm/store"
	"surrealm/store/auditlog"
)

// measureCreateSurrogate measures creating a surrogate with its audit entry by 8 connections in one organisation, and then
// verifies the chain, which must have an entry for each.
func measureCreateSurrogate(b *bench) error {
	ctx := context.Background()
	tenant, err := b.owner(ctx, "create-surrogate")
	if err != nil {
		return err
	}
	var made atomic.Int64
	create := func(ctx context.Context) error {
		_, err := tenant.CreateSurrogate(ctx, store.SurrogateInput{
			RoleTitle: fmt.Sprintf("Surrogate %d", made.Add(1)), Domain: "Insurance", Jurisdiction: "EU",
			Config: store.SurrogateConfig{Assertiveness: 5, EmpathyLevel: 5, RiskTolerance: "low", EscalationThreshold: 0.5},
		})
		return err
	}
	for _, conns := range []int{1, 8} {
		rates, err := b.turns(ctx, conns, create)
		if err != nil {
			return err
		}
		b.report(fmt.Sprint(conns), median(rates[0]), "creations/s")
	}
	entries, err := b.database.verify(ctx, tenant)
	if err != nil {
		return err
	}
	if entries != made.Load()+1 { // the organisation's own creation comes first
		return fmt.Errorf("the chain has %d entries for %d surrogates", entries, made.Load())
	}
	b.report("verified", float64(entries), "entries of one chain")
	return nil
}

// verify verifies an organisation's chain as the job does, and returns how many entries it has.
func (d *database) verify(ctx context.Context, t *store.Tenant) (entries int64, err error) {
	signer, err := auditlog.LoadOrCreateKey(d.dir)
	if err != nil {
		return 0, err
	}
	jobs, err := d.store.StartJobs(ctx, store.JobOptions{Log: slog.New(slog.DiscardHandler), Checkpoints: auditlog.NewCheckpointStore(d.dir, signer)})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, jobs.Stop(ctx)) }()
	verified, err := jobs.VerifyAudit(ctx, t.Org.ID)
	if err == nil && !verified.OK() {
		err = errors.New(*verified.Reason)
	}
	return verified.Entries, err
}
