package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// acquireWait is how long a request waits for a free connection before it is told that the server is busy.
const acquireWait = 10 * time.Second

// enterTenant is the door: the database checks the membership and names role and path, and this statement takes them.
// Once it ran, the transaction can call set_config no more; commit and rollback undo all of it. An organisation whose
// tables are older than this program is not entered: no row comes, and the transaction stays one that may touch nothing.
const enterTenant = `
	select set_config('search_path', e.tenant_path, true), set_config('role', e.tenant_role, true)
	from public.enter_tenant($1, $2) as e
	where e.schema_version >= $3`

// tx runs do in one transaction inside the tenant, as its role. It commits when do returns nil, and rolls back on an
// error or a panic. A deadlock or a stale plan runs do again, so do only assigns results and calls the database.
// ErrNotFound when the membership has ended since the request began.
func (t *Tenant) tx(ctx context.Context, do func(tx pgx.Tx) error) error {
	return attempt(ctx, t.store.web, func(conn *pgx.Conn) error {
		tx, err := t.enter(ctx, conn)
		if err != nil {
			return err
		}
		return once(ctx, func(do func(pgx.Tx) error) error { return finish(ctx, tx, do) }, do)
	})
}

// enter begins a transaction and walks through the door, in one round trip.
func (t *Tenant) enter(ctx context.Context, conn *pgx.Conn) (pgx.Tx, error) {
	batch := &pgx.Batch{}
	batch.BeginTx(pgx.TxOptions{})
	t.queueDoor(batch)
	results := conn.SendBatch(ctx, batch)
	tx := results.Tx()
	if err := results.Close(); err != nil {
		rollback(ctx, tx)
		return nil, fmt.Errorf("enter %s: %w", t.Org.Slug, err)
	}
	return tx, nil
}

// queueDoor adds the statement that enters.
func (t *Tenant) queueDoor(batch *pgx.Batch) {
	batch.Queue(enterTenant, t.Org.ID, t.User.ID, t.store.schema).Exec(func(entered pgconn.CommandTag) error {
		if entered.RowsAffected() == 0 {
			return ErrUpgrading
		}
		return nil
	})
}

// platformTx runs do in one transaction on the platform's tables.
func (s *Store) platformTx(ctx context.Context, do func(tx pgx.Tx) error) error {
	return attempt(ctx, s.ctl, func(conn *pgx.Conn) error {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		return finish(ctx, tx, do)
	})
}

// attempt borrows a connection for use and tries again, at most twice, when the error says that it may help.
func attempt(ctx context.Context, pool *pgxpool.Pool, use func(conn *pgx.Conn) error) error {
	for try := 1; ; try++ {
		waiting, cancel := context.WithTimeout(ctx, acquireWait)
		conn, err := pool.Acquire(waiting)
		cancel()
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("%w: no database connection: %w", ErrBusy, err)
		}
		err = func() error {
			defer conn.Release()
			return use(conn.Conn())
		}()
		if err == nil || try == 3 || !retryable(err) {
			return translate(err)
		}
	}
}

// finish runs do and ends the transaction. The rollback in the defer is a no-op after a commit, and covers panics.
func finish(ctx context.Context, tx pgx.Tx, do func(pgx.Tx) error) error {
	defer rollback(ctx, tx)
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// rollback ends tx even when the request was cancelled, so that the connection goes back clean.
func rollback(ctx context.Context, tx pgx.Tx) {
	if tx == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = tx.Rollback(ctx) // a connection that cannot roll back is broken, and the pool discards it on release
}

// queryer is what the helpers below need of a transaction, a connection or a pool.
type queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// many returns all rows of a query as T, columns matched to fields by their db tag.
func many[T any](ctx context.Context, q queryer, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// one returns the only row of a query as T, or pgx.ErrNoRows, which becomes ErrNotFound at the door.
func one[T any](ctx context.Context, q queryer, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var none T
		return none, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
}

// value returns the only column of the only row of a query.
func value[T any](ctx context.Context, q queryer, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var none T
		return none, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
}

// exec runs a statement and returns how many rows it changed.
func exec(ctx context.Context, tx pgx.Tx, sql string, args ...any) (int64, error) {
	tag, err := tx.Exec(ctx, sql, args...)
	return tag.RowsAffected(), err
}

// move runs a guarded update, such as a change of state or an optimistic save: no row changed means ErrConflict.
func move(ctx context.Context, tx pgx.Tx, sql string, args ...any) error {
	changed, err := exec(ctx, tx, sql, args...)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// texts returns the only column of all rows of a query.
func texts(ctx context.Context, q queryer, sql string, args ...any) ([]string, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
