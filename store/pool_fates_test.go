package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

var errOnPurpose = errors.New("on purpose")

// fates are the ways in which a request ends. Each returns whether it must have succeeded.
var fates = map[string]func(ctx context.Context, t *testing.T, s seat, super *pgx.Conn) (err error, mustWork bool){
	"reads": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error { return s.look(ctx, t, tx) }), true
	},
	"changes": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `update surrogates set revision = revision + 1`); err != nil {
				return err
			}
			return s.look(ctx, t, tx)
		}), true
	},
	"reads in one batch": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.lookAtOnce(ctx, t), true
	},
	"changes in one batch": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		err := s.tenant.Batch(ctx, func(b *pgx.Batch) { b.Queue(`update surrogates set revision = revision + 1`) })
		return errors.Join(err, s.lookAtOnce(ctx, t)), true
	},
	"breaks a statement of a batch": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Batch(ctx, func(b *pgx.Batch) {
			b.Queue(`update surrogates set role_title = 'changed'`)
			b.Queue(`select 1 / (select 0 from surrogates limit 1)`)
		}), false
	},
	"breaks what takes a batch's results": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Batch(ctx, func(b *pgx.Batch) {
			b.Queue(`select role_title from surrogates`).Query(func(pgx.Rows) error { return errOnPurpose })
		}), false
	},
	"cancels a batch": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		ctx, cancel := context.WithTimeout(ctx, time.Duration(rand.IntN(4000))*time.Microsecond)
		defer cancel()
		return s.tenant.Batch(ctx, func(b *pgx.Batch) { b.Queue(`select count(*) from generate_series(1, 20000000)`) }), false
	},
	"finds the door shut to a batch": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		stranger := *s.tenant
		stranger.User.ID = uuid.New()
		return seat{tenant: &stranger}.lookAtOnce(ctx, t), false
	},
	"tries to leave in a batch": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Batch(ctx, func(b *pgx.Batch) {
			b.Queue(`select set_config('role', 'none', false), set_config('search_path', 'public', false)`)
		}), false
	},
	"gives up": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error { return errors.Join(s.look(ctx, t, tx), errOnPurpose) }), false
	},
	"breaks a statement": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `select 1 / (select 0 from surrogates limit 1)`)
			return err
		}), false
	},
	"ignores a broken statement": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error {
			_, _ = tx.Exec(ctx, `select nothing from nowhere`)
			return nil
		}), false
	},
	"breaks a constraint": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update surrogates set status = 'UNKNOWN'`)
			return err
		}), false
	},
	"panics": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (err error, _ bool) {
		defer func() { err = fmt.Errorf("panic: %v", recover()) }()
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error {
			if err := s.look(ctx, t, tx); err != nil {
				t.Error(err)
			}
			panic("on purpose")
		}), false
	},
	"is cancelled before": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error { return s.look(ctx, t, tx) }), false
	},
	"is cancelled within a statement": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error {
			time.AfterFunc(time.Duration(rand.IntN(4000))*time.Microsecond, cancel)
			_, err := tx.Exec(ctx, `select count(*) from generate_series(1, 20000000)`)
			return err
		}), false
	},
	"is cancelled between statements": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error {
			err := s.look(ctx, t, tx)
			cancel()
			return err
		}), false
	},
	"loses its backend": func(ctx context.Context, t *testing.T, s seat, super *pgx.Conn) (error, bool) {
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error {
			var pid int
			if err := tx.QueryRow(ctx, `select pg_backend_pid()`).Scan(&pid); err != nil {
				return err
			}
			if _, err := super.Exec(ctx, `select pg_terminate_backend($1, 5000)`, pid); err != nil {
				t.Error(err)
			}
			return s.look(ctx, t, tx)
		}), false
	},
	"finds the door shut": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		stranger := *s.tenant
		stranger.User.ID = uuid.New()
		return stranger.Tx(ctx, func(pgx.Tx) error { t.Error("a stranger was let in"); return nil }), false
	},
	"tries to leave": func(ctx context.Context, t *testing.T, s seat, _ *pgx.Conn) (error, bool) {
		return s.tenant.Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `select set_config('role', 'none', false), set_config('search_path', 'public', false)`)
			return err
		}), false
	},
}
