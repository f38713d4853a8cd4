package store

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// Job is one piece of work in the background of an organisation: what kind it is and how it stands, and nothing of what it works on.
type Job struct {
	ID          int64      `db:"id"`
	Kind        string     `db:"kind"` // the name of the job, such as find_clusters
	State       JobState   `db:"state"`
	Attempt     int        `db:"attempt"`
	MaxAttempts int        `db:"max_attempts"`
	AskedBy     *string    `db:"asked_by"` // nil when nobody did
	CreatedAt   time.Time  `db:"created_at"`
	ScheduledAt time.Time  `db:"scheduled_at"` // when it is tried next, while it waits
	EndedAt     *time.Time `db:"finalized_at"`
	MayRetry    bool       `db:"may_retry"`
	MayStop     bool       `db:"may_stop"`
}

// JobState is how a job stands.
type JobState string

// The states.
const (
	JobWaiting  JobState = "WAITING"
	JobRunning  JobState = "RUNNING"
	JobRetrying JobState = "RETRYING" // the last try failed, and another comes
	JobDone     JobState = "DONE"
	JobFailed   JobState = "FAILED"
	JobStopped  JobState = "STOPPED"
)

// JobStates are all of them, in the order in which a job goes through them.
var JobStates = []JobState{JobWaiting, JobRunning, JobRetrying, JobDone, JobFailed, JobStopped}

// JobFilter narrows the queue; empty fields are all.
type JobFilter struct {
	State  JobState
	Kind   string
	Cursor string
}

// QueueCount is how many jobs of a kind stand so.
type QueueCount struct {
	Kind  string   `db:"kind"`
	State JobState `db:"state"`
	Jobs  int      `db:"jobs"`
}

// Queue is a page of the work in the background, with what there is in all.
type Queue struct {
	Page[Job]
	Counts []QueueCount
}

// Queue lists the organisation's jobs, the newest first. Jobs that ended are kept for a day, failed ones for a week. Previous is always
// "": a queue is read from its beginning. ErrForbidden to whoever is neither owner nor admin.
func (t *Tenant) Queue(ctx context.Context, f JobFilter) (Queue, error) {
	var before *int64
	if n, err := strconv.ParseInt(f.Cursor, 10, 64); err == nil {
		before = &n
	}
	var found Queue
	err := t.read(ctx, func(b *pgx.Batch) {
		queueMany(b, &found.Counts, `select kind, state, jobs from gate.job_counts() order by kind, state`)
		queueMany(b, &found.Items, `
			select j.id, j.kind, j.state, j.attempt, j.max_attempts, p.display_name as asked_by, j.created_at, j.scheduled_at, j.finalized_at,
				j.may_retry, j.may_stop
			from gate.jobs($1, $2, $3, $4) j
			left join people p on p.user_id = j.asked_by
			order by j.id desc`, f.State, f.Kind, before, PageSize+1)
	})
	if len(found.Items) > PageSize {
		found.Items = found.Items[:PageSize]
		found.Next = strconv.FormatInt(found.Items[PageSize-1].ID, 10)
	}
	return found, err
}

// RetryJob has a job that failed tried again now. ErrConflict when it does not wait for that.
func (t *Tenant) RetryJob(ctx context.Context, job int64) error {
	return t.changeJob(ctx, job, JobRetried, `select gate.retry_job($1)`)
}

// StopJob stops a job, whoever asked for it; what waits for it is marked as stopped. ErrConflict when it has ended or cannot be stopped.
func (t *Tenant) StopJob(ctx context.Context, job int64) error {
	return t.changeJob(ctx, job, JobEnded, `select gate.stop_job($1)`)
}

func (t *Tenant) changeJob(ctx context.Context, job int64, action Action, sql string) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		kind, err := value[string](ctx, tx, sql, job)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, action, Object{"job", t.Org.ID, "job " + strconv.FormatInt(job, 10)}, Details{"job": job, "kind": kind})
	})
}
