package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"surrealm/store/auditlog"
)

// Jobs works what the database has queued: mail, deletions, verifications of audit chains. Any number of servers may do
// so beside each other; each job is worked by one of them. Jobs are added by public.enqueue, in the transaction of the
// change that causes them, and carry ids only: a job reads what is true when it runs and does nothing when the reason
// for it is gone.
type Jobs struct {
	store       *Store
	pool        *pgxpool.Pool // surrealm_ctl, apart from the pool that answers requests
	client      *river.Client[pgx.Tx]
	log         *slog.Logger
	mailer      Mailer        // nil: there is no mail server
	outside     chan struct{} // a slot for each job that waits for a language model
	checkpoints *auditlog.CheckpointStore
	rest        context.CancelFunc // ends stayAlive
}

// JobOptions say what jobs work with.
type JobOptions struct {
	Log         *slog.Logger
	Mailer      Mailer                    // nil: there is no mail server, and mail stays in the outbox
	Checkpoints *auditlog.CheckpointStore // where signed checkpoints are kept, outside the database
}

const (
	jobConns   = 4
	jobTimeout = 15 * time.Minute
	// jobsOutside leaves a place for other jobs while language models think.
	jobsOutside = jobConns - 2

	// overdueEvery is how often it is looked which chains are due, so a new organisation waits at most that long.
	overdueEvery = 10 * time.Minute
	sweepEvery   = time.Hour
	spareEvery   = time.Minute
)

// StartJobs begins to work jobs, until Stop.
func (s *Store) StartJobs(ctx context.Context, o JobOptions) (*Jobs, error) {
	config := s.ctl.Config()
	config.MaxConns = jobConns
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("start jobs: %w", err)
	}
	j := &Jobs{store: s, pool: pool, log: o.Log, mailer: o.Mailer, outside: make(chan struct{}, jobsOutside), checkpoints: o.Checkpoints}
	j.client, err = river.NewClient(riverpgxv5.New(pool), j.config())
	if err == nil {
		err = j.sayAlive(ctx)
	}
	if err == nil {
		err = j.client.Start(context.WithoutCancel(ctx)) // Stop ends it, after the jobs under way
	}
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("start jobs: %w", err)
	}
	living, rest := context.WithCancel(context.WithoutCancel(ctx))
	j.rest = rest
	go j.stayAlive(living)
	return j, nil
}

// Stop takes no new job and waits for those under way until ctx ends; then it cancels them, and another server works
// them later.
func (j *Jobs) Stop(ctx context.Context) error {
	defer j.pool.Close()
	defer j.rest()
	err := j.client.Stop(ctx)
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err != nil {
		err = errors.Join(err, j.client.StopAndCancel(patience))
	}
	return errors.Join(err, j.leave(patience))
}

// ErrJobsStopped says that jobs are not worked here.
var ErrJobsStopped = errors.New("jobs are not worked")

// Running is nil while jobs are worked, and ErrJobsStopped afterwards.
func (j *Jobs) Running(context.Context) error {
	select {
	case <-j.client.Stopped():
		return ErrJobsStopped
	default:
		return nil
	}
}

func (j *Jobs) config() *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(j.workMail))
	river.AddWorker(workers, river.WorkFunc(j.workDeletion))
	river.AddWorker(workers, river.WorkFunc(j.workRealmDeletion))
	river.AddWorker(workers, river.WorkFunc(j.workVerification))
	river.AddWorker(workers, river.WorkFunc(j.workEmbedding))
	river.AddWorker(workers, river.WorkFunc(j.workClusters))
	river.AddWorker(workers, river.WorkFunc(j.workSynthesis))
	river.AddWorker(workers, river.WorkFunc(j.workLLMTrial))
	river.AddWorker(workers, river.WorkFunc(j.workImport))
	river.AddWorker(workers, river.WorkFunc(j.workOverdue))
	river.AddWorker(workers, river.WorkFunc(j.workSweep))
	river.AddWorker(workers, river.WorkFunc(j.workSpares))
	return &river.Config{
		Schema:       "river",
		Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: jobConns - 1}},
		Workers:      workers,
		PeriodicJobs: periodicJobs(),
		JobTimeout:   jobTimeout,
		ErrorHandler: jobErrors{j.log},
		Logger:       slog.New(onlyWarnings{j.log.Handler()}),
		// Polling once a second works through every connection pooler, and jobs added by SQL announce themselves to nobody.
		PollOnly: true,
		// Only an index's owner rebuilds it, and surrealm_ctl owns nothing.
		ReindexerIndexNames: []string{},
	}
}

func periodicJobs() []*river.PeriodicJob {
	every := func(interval time.Duration, args river.JobArgs, atOnce bool) *river.PeriodicJob {
		return river.NewPeriodicJob(river.PeriodicInterval(interval), func() (river.JobArgs, *river.InsertOpts) {
			return args, &river.InsertOpts{MaxAttempts: 1}
		}, &river.PeriodicJobOpts{RunOnStart: atOnce})
	}
	return []*river.PeriodicJob{
		every(overdueEvery, verifyOverdue{}, true),
		every(sweepEvery, sweep{}, true),
		every(spareEvery, keepSpares{}, false), // a server that has just started has better things to do
	}
}

// jobErrors writes what went wrong in a job to the log; River keeps it beside the job and tries again.
type jobErrors struct{ log *slog.Logger }

// HandleError logs an error.
func (e jobErrors) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	e.log.ErrorContext(ctx, "job failed", "kind", job.Kind, "job", job.ID, "attempt", job.Attempt, "of", job.MaxAttempts, "err", err)
	return nil
}

// HandlePanic logs a panic.
func (e jobErrors) HandlePanic(ctx context.Context, job *rivertype.JobRow, panicked any, trace string) *river.ErrorHandlerResult {
	e.log.ErrorContext(ctx, "job panicked", "kind", job.Kind, "job", job.ID, "attempt", job.Attempt, "panic", panicked, "trace", trace)
	return nil
}

// onlyWarnings keeps River's running commentary out of the log.
type onlyWarnings struct{ slog.Handler }

// Enabled says what is worth a line.
func (h onlyWarnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// Handle leaves out what fails because the jobs are being stopped.
func (h onlyWarnings) Handle(ctx context.Context, record slog.Record) error {
	if ctx.Err() != nil {
		return nil
	}
	return h.Handler.Handle(ctx, record)
}
