package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/seal"
)

// RotateMaster wraps the data key of every organisation with the next master key, all in one transaction, and returns how
// many there are. The data keys and what they seal stay as they are. A key that the next master has wrapped already is
// left alone, so a rotation that was interrupted can be run again.
// Conflict while a server is connected: it would go on wrapping with the former key, which it holds in memory.
func (m *Migrator) RotateMaster(ctx context.Context, former, next seal.Master) (int, error) {
	n := 0
	err := pgx.BeginFunc(ctx, m.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `lock table public.org_keys in access exclusive mode`); err != nil {
			return err
		}
		if err := alone(ctx, tx); err != nil {
			return err
		}
		var err error
		n, err = rewrapAll(ctx, tx, former, next)
		return err
	})
	return n, translate(err)
}

// alone makes sure that no server is connected. A backend whose client has just ended may still be leaving, so it looks for up to five
// seconds.
func alone(ctx context.Context, tx pgx.Tx) error {
	for try := 0; ; try++ {
		connected, err := value[int](ctx, tx, `
			select count(*) from pg_stat_activity
			where datname = current_database() and usename in ($1, $2)`, RoleWeb, RoleControl)
		if err != nil || connected == 0 {
			return err
		}
		if try == 50 {
			return Conflict{Reason: fmt.Sprintf("%d connections of surrealm are open: stop every server first, and a connection pooler with them", connected)}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
		// Within a transaction the view stays as it was first read.
		if _, err := tx.Exec(ctx, `select pg_stat_clear_snapshot()`); err != nil {
			return err
		}
	}
}

func rewrapAll(ctx context.Context, tx pgx.Tx, former, next seal.Master) (int, error) {
	type row struct {
		OrgID      uuid.UUID `db:"org_id"`
		WrappedKey []byte    `db:"wrapped_key"`
	}
	keys, err := many[row](ctx, tx, `select org_id, wrapped_key from public.org_keys order by org_id`)
	if err != nil {
		return 0, err
	}
	batch := &pgx.Batch{}
	for _, key := range keys {
		wrapped, err := former.Rewrap(key.OrgID.String(), key.WrappedKey, next)
		if err != nil {
			return 0, err
		}
		batch.Queue(`update public.org_keys set wrapped_key = $2 where org_id = $1`, key.OrgID, wrapped)
	}
	return len(keys), tx.SendBatch(ctx, batch).Close()
}
