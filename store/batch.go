package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// batch runs statements in one transaction inside the tenant, like tx, of which none needs what another returns. Once the
// connection has prepared them all, the door and the statements go in one round trip. The statements run in
// their order; when one fails, or the door does, those after it do not run and nothing is committed. What takes their
// results runs after the commit, so it may fail but not decide: a change that depends on what was found needs tx.
// queue may be called more than once. A request with a form's key has to look first whether it was carried out, so its
// statements go one round trip later.
func (t *Tenant) batch(ctx context.Context, queue func(b *pgx.Batch)) error {
	if formOf(ctx) != nil {
		return t.tx(ctx, func(tx pgx.Tx) error {
			statements := &pgx.Batch{}
			queue(statements)
			return tx.SendBatch(ctx, statements).Close()
		})
	}
	return attempt(ctx, t.store.web, func(conn *pgx.Conn) error {
		statements := &pgx.Batch{}
		queue(statements)
		if prepared(conn).has(statements) {
			err := t.sendAll(ctx, conn, queue)
			if unprepared := (pgx.ErrPreprocessingBatch{}); !errors.As(err, &unprepared) {
				return err
			}
			// The connection has forgotten one, and could not prepare it outside of the tenant: nothing was begun.
		}
		tx, err := t.enter(ctx, conn)
		if err != nil {
			return err
		}
		err = finish(ctx, tx, func(tx pgx.Tx) error { return tx.SendBatch(ctx, statements).Close() })
		if err == nil {
			prepared(conn).add(statements)
		}
		return err
	})
}

// read is batch for statements that change nothing, when it is their turn.
func (t *Tenant) read(ctx context.Context, queue func(b *pgx.Batch)) error {
	release, err := t.store.webReads.take(ctx, acquireWait)
	if err != nil {
		return err
	}
	defer release()
	return t.batch(ctx, queue)
}

// sendAll sends the door and the statements in one batch, which is a transaction without BEGIN and COMMIT: PostgreSQL ends it
// where the batch ends, and undoes it when a statement fails.
func (t *Tenant) sendAll(ctx context.Context, conn *pgx.Conn, queue func(b *pgx.Batch)) error {
	all := &pgx.Batch{}
	t.queueDoor(all)
	queue(all)
	if err := conn.SendBatch(ctx, all).Close(); err != nil {
		return fmt.Errorf("in %s: %w", t.Org.Slug, err)
	}
	return nil
}

// statements are those that a connection has prepared inside a tenant. A statement is prepared before anything runs, so one
// that is new cannot go in the batch that enters: its tables are not in the path yet.
type statements map[string]bool

// prepared returns the connection's own.
func prepared(conn *pgx.Conn) statements {
	const key = "surrealm.prepared"
	known, ok := conn.PgConn().CustomData()[key].(statements)
	if !ok {
		known = statements{}
		conn.PgConn().CustomData()[key] = known
	}
	return known
}

func (s statements) has(batch *pgx.Batch) bool {
	for _, query := range batch.QueuedQueries {
		if !s[query.SQL] {
			return false
		}
	}
	return true
}

func (s statements) add(batch *pgx.Batch) {
	for _, query := range batch.QueuedQueries {
		s[query.SQL] = true
	}
}

// readAll returns all rows of one statement as T, in a transaction of its own inside the tenant.
func readAll[T any](ctx context.Context, t *Tenant, sql string, args ...any) ([]T, error) {
	var rows []T
	err := t.read(ctx, func(b *pgx.Batch) { queueMany(b, &rows, sql, args...) })
	return rows, err
}

// readOne returns the only row of one statement as T, likewise.
func readOne[T any](ctx context.Context, t *Tenant, sql string, args ...any) (T, error) {
	var row T
	err := t.read(ctx, func(b *pgx.Batch) { queueOne(b, &row, sql, args...) })
	return row, err
}

// queueOne adds a statement to a batch whose only row becomes T. pgx.ErrNoRows becomes ErrNotFound at the door.
func queueOne[T any](b *pgx.Batch, into *T, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
		return err
	})
}

// queueMany adds a statement to a batch, all rows of which become T.
func queueMany[T any](b *pgx.Batch, into *[]T, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
}
