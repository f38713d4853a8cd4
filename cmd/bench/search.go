package main

import (
	"context"
	"fmt"
	"strings"

	"surrealm/store"
)

// searchQueries are what is looked for: one to four words.
var searchQueries = []string{
	"pressure alarm", "billed twice", "reserve pump", "catheter laboratory", "night shift valve", "chest pain nurse",
	"letter nobody answered", "customer complaint", "morning crew log", "blood pressure record",
}

// measureSearch measures a search by words and meaning over 10,000 and 100,000 signals of one realm, which shows how it grows. The
// vectors are of the encoder's length, and without a meaning: what a search reads and compares does not depend on it.
func measureSearch(b *bench) error {
	ctx := context.Background()
	tenant, err := b.owner(ctx, "search")
	if err != nil {
		return err
	}
	sizes := []int{10_000, 100_000}
	if b.Quick {
		sizes = []int{1_000}
	}
	before := 0
	for _, size := range sizes {
		if err := b.database.addSignals(ctx, tenant, size-before); err != nil {
			return err
		}
		before = size
		took, err := b.searches(ctx, tenant)
		if err != nil {
			return err
		}
		b.report(fmt.Sprintf("%dk_p50", size/1000), quantile(took, 0.5), "ms")
		b.report(fmt.Sprintf("%dk_p95", size/1000), quantile(took, 0.95), "ms")
	}
	return nil
}

// searches returns how many milliseconds each search took.
func (b *bench) searches(ctx context.Context, t *store.Tenant) (took []float64, err error) {
	for round := range b.rounds() + 1 {
		for _, query := range searchQueries {
			var found store.SignalList
			one, err := seconds(func() (err error) {
				found, err = t.Signals(ctx, store.SignalFilter{Query: query})
				return err
			})
			if err == nil && len(found.Items) == 0 {
				err = fmt.Errorf("nothing was found for %q", query)
			}
			if err != nil {
				return nil, err
			}
			if round > 0 { // the first fills the caches
				took = append(took, 1000*one)
			}
		}
	}
	return took, nil
}

// addSignals puts signals with vectors into the owner's default realm, without asking the store.
func (d *database) addSignals(ctx context.Context, t *store.Tenant, n int) error {
	vectors, err := d.encoder.Encode(ctx, []string{"a signal"})
	if err != nil {
		return err
	}
	words := strings.Fields(strings.Join(searchQueries, " "))
	err = d.inTenant(ctx, t, `
		insert into signals (id, realm_id, type, title, payload, body, visibility, created_by, captured_at)
		select gen_random_uuid(), r.id, 'DOCUMENT', 'Signal ' || n, '{}', text.body, 'SHARED', $3, now() - n * interval '1 minute'
		from generate_series(1, $1::int) as n
		cross join (select id from realms order by is_default desc limit 1) r
		cross join lateral (
			select string_agg(case when random() < 0.05 then ($2::text[])[1 + floor(random() * cardinality($2::text[]))::int]
				else 'term' || floor(20000 * random() ^ 2) end, ' ') as body
			from generate_series(1, 40 + n % 40)) text`, n, words, t.User.ID)
	if err != nil {
		return err
	}
	err = d.inTenant(ctx, t, `
		insert into signal_embeddings (realm_id, signal_id, visibility, signal_author, model, embedding)
		select realm_id, id, visibility, created_by, $1,
			(select l2_normalize(array_agg(random() - 0.5)::real[]::vector)::halfvec from generate_series(1, $2::int) where s.id is not null)
		from signals s
		where not exists (select from signal_embeddings e where e.realm_id = s.realm_id and e.signal_id = s.id)`, d.encoder.Model(), len(vectors[0]))
	if err != nil {
		return err
	}
	_, err = d.super.Exec(ctx, `analyze`) // as autovacuum does within a minute
	return err
}
