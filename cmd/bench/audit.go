package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"surrealm/store"
	"surrealm/store/auditlog"
)

// auditEntries is how many entries a log has that proofs are measured in.
const auditEntries = 100_000

// measureAudit measures what the audit log costs alone: appending by 8 writers to one chain, each in a transaction of its own;
// verifying a chain of 100,000 entries as the background job does; and the size of the proof that an entry is in it.
func measureAudit(b *bench) error {
	ctx := context.Background()
	tenant, err := b.owner(ctx, "audit")
	if err != nil {
		return err
	}
	if err := b.appendAudit(ctx, tenant); err != nil {
		return err
	}
	total := auditEntries
	if b.Quick {
		total = 2_000
	}
	if err := b.fillAudit(ctx, tenant, total); err != nil {
		return err
	}
	return b.verifyAudit(ctx, tenant)
}

// appendAudit sends what a method sends that changes nothing but the log.
func (b *bench) appendAudit(ctx context.Context, t *store.Tenant) error {
	pool, err := pgxpool.New(ctx, b.database.url(store.RoleWeb)+" pool_max_conns=8 default_query_exec_mode=exec")
	if err != nil {
		return err
	}
	defer pool.Close()
	rates, err := b.turns(ctx, 8, func(ctx context.Context) error {
		batch := &pgx.Batch{}
		batch.Queue("begin")
		batch.Queue(`select set_config('search_path', e.tenant_path, true), set_config('role', e.tenant_role, true)
			from public.enter_tenant($1, $2) as e`, t.Org.ID, t.User.ID)
		batch.Queue(`select gate.append_audit('surrogate.created', 'surrogate', $1, 'A surrogate', '{}')`, uuid.New())
		batch.Queue("commit")
		return pool.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return err
	}
	b.report("append", median(rates[0]), "entries/s", "8 writers of one chain")
	return nil
}

// fillAudit appends entries a thousand in a transaction: how a chain came to be does not matter to who reads it, and the head
// of a chain is the slower to find the more often one transaction has changed it.
func (b *bench) fillAudit(ctx context.Context, t *store.Tenant, total int) error {
	const each = 1_000
	for first := 1; first <= total; first += each {
		_, err := b.database.super.Exec(ctx, `
			select count(gate.append_entry($1, $2, $3, 'Olga Owner', 'surrogate.created', 'surrogate', $3, 'Surrogate ' || n, '{}'))
			from generate_series($4::int, $5::int) as n`, schemaOf(t), t.Org.ID, t.User.ID, first, min(total, first+each-1))
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) verifyAudit(ctx context.Context, t *store.Tenant) error {
	var entries int64
	took, err := seconds(func() (err error) {
		entries, err = b.database.verify(ctx, t)
		return err
	})
	if err != nil {
		return err
	}
	b.report("verify", float64(entries)/took, "entries/s", fmt.Sprintf("%d entries", entries))
	bytes, err := proofSize(t.Org.ID.String(), auditEntries)
	if err != nil {
		return err
	}
	b.add(result{Name: "proof_size", Value: float64(bytes), Unit: "bytes", Of: fmt.Sprintf("an entry among %d", auditEntries)})
	return nil
}

// proofSize is the length of a proof of an entry in the middle of a log.
func proofSize(org string, entries int64) (int, error) {
	tree := &auditlog.Tree{}
	for n := range entries {
		if err := tree.Append(auditlog.LeafHash(fmt.Append(nil, n))); err != nil {
			return 0, err
		}
	}
	dir, err := os.MkdirTemp("", "surrealm-bench-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	signer, err := auditlog.LoadOrCreateKey(dir)
	if err != nil {
		return 0, err
	}
	signed, err := auditlog.NewCheckpointStore(dir, signer).Sign(org, tree, time.Now())
	if err != nil {
		return 0, err
	}
	proof, err := tree.Prove(entries/2, signed)
	if err != nil {
		return 0, err
	}
	text, err := json.Marshal(proof)
	return len(text), err
}
