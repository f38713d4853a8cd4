package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"surrealm/store/clustering"
)

// findClusters works one run.
type findClusters struct {
	Org  uuid.UUID `json:"org"`
	User uuid.UUID `json:"user"`
	Run  uuid.UUID `json:"run"`
}

// Kind is the name by which SQL adds the job.
func (findClusters) Kind() string { return "find_clusters" }

// errUnread says that signals of the run have no vector yet: what their captures added to the queue is still under way.
var errUnread = errors.New("signals are still being read")

// unreadPatience is how long a run waits for the vectors of signals that others captured just before.
const unreadPatience = time.Minute

func (j *Jobs) workClusters(ctx context.Context, job *river.Job[findClusters]) error {
	t := j.store.actor(job.Args.Org, job.Args.User)
	err := t.EmbedSignals(ctx)
	if err == nil {
		err = t.findClusters(ctx, job.Args.Run, time.Since(job.CreatedAt) < unreadPatience)
	}
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrConflict):
		return nil // the person or the realm has gone, or the run was cancelled
	case errors.Is(err, errUnread):
		return river.JobSnooze(2 * time.Second)
	case err != nil && job.Attempt >= 3:
		return errors.Join(river.JobCancel(err), t.failRun(context.WithoutCancel(ctx), job.Args.Run))
	}
	return err
}

// material is what a run works on.
type material struct {
	use     use
	kind    RunKind
	options RunOptions
	model   string
	items   []clustering.Item
	known   []clustering.Known
	rules   clustering.Constraints
	points  map[uuid.UUID]clustering.Point
	leftOut []uuid.UUID // signals that nobody allows it to take, or not any more
	rests   []uuid.UUID // consents
}

// findClusters does a run: it reads in one transaction, thinks in none, and writes in another. A run that was cancelled, by a
// person or because the server stops, leaves everything as it was. A patient one ends with errUnread when it looks for themes and some
// signals have no vector yet.
//
// Of what was taken back while it thought nothing may be left, neither a place nor a word in a name: then it thinks again.
func (t *Tenant) findClusters(ctx context.Context, run uuid.UUID, patient bool) error {
	return t.untilKept(ctx, run, func(m material) error { return t.findAmong(ctx, run, m, patient) })
}

// mostAttempts bounds how often a run begins again in a row; then it is tried later.
const mostAttempts = 10

// untilKept gathers and has find work on it, again as long as something that it took is taken back.
func (t *Tenant) untilKept(ctx context.Context, run uuid.UUID, find func(m material) error) error {
	var before []uuid.UUID
	for attempt := 1; ; attempt++ {
		m, err := t.gather(ctx, run)
		if err != nil {
			return err
		}
		m.leaves(before)
		if err := find(m); !errors.Is(err, errTakenBack) || attempt == mostAttempts {
			return err
		}
		before = append(m.ids(), m.leftOut...)
	}
}

func (t *Tenant) findAmong(ctx context.Context, run uuid.UUID, m material, patient bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if patient && m.kind == Thematic && slices.ContainsFunc(m.items, func(i clustering.Item) bool { return i.Vector == nil }) {
		return errUnread
	}
	var percent atomic.Int32
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		t.watchRun(ctx, run, &percent, cancel)
	}()
	result, points, err := m.think(ctx, func(done int) { percent.Store(int32(done)) })
	cancel()
	<-watched
	if err != nil {
		return fmt.Errorf("find clusters: %w", err)
	}
	return t.keepClusters(context.WithoutCancel(ctx), run, m, result, points)
}

// watchRun tells how far a run is, once a second, and stops it when a person has cancelled it.
func (t *Tenant) watchRun(ctx context.Context, run uuid.UUID, percent *atomic.Int32, stop func()) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := t.tx(ctx, func(tx pgx.Tx) error {
			return move(ctx, tx, `update cluster_runs set done = $2 where id = $1 and state = 'RUNNING'`, run, percent.Load())
		})
		if errors.Is(err, ErrConflict) || errors.Is(err, ErrNotFound) {
			stop()
			return
		}
	}
}

// think is the run itself: grouping, and for themes the map.
func (m material) think(ctx context.Context, report func(percent int)) (clustering.Result, map[uuid.UUID]clustering.Point, error) {
	part := func(from, to int) clustering.Progress {
		return func(done, of int) { report(from + (to-from)*done/max(of, 1)) }
	}
	options := clustering.Options{
		Resolution: m.options.Resolution, Reach: m.options.Reach, Pause: time.Duration(m.options.Pause * float64(time.Minute)),
		Floor: clustering.FloorFor(m.model), Seed: 1, NewID: newID,
	}
	switch m.kind {
	case Temporal:
		result, err := clustering.Temporal(ctx, m.items, m.known, m.rules, options, part(0, 100))
		return result, nil, err
	case Spatial:
		result, err := clustering.Spatial(ctx, m.items, m.known, m.rules, options, part(0, 100))
		return result, nil, err
	}
	graph, err := clustering.Nearest(ctx, m.items, clustering.Neighbours(len(m.items)), part(0, 40))
	if err != nil {
		return clustering.Result{}, nil, err
	}
	result, err := clustering.Thematic(ctx, m.items, graph, m.known, m.rules, options, part(40, 60))
	if err != nil {
		return clustering.Result{}, nil, err
	}
	points, err := clustering.Project(ctx, graph, m.points, 1, part(60, 100))
	return result, points, err
}

// failRun marks a run that went wrong for good. What went wrong is in the log; people need to know what they can do.
func (t *Tenant) failRun(ctx context.Context, run uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		_, err := exec(ctx, tx, `
			update cluster_runs set state = 'FAILED', finished_at = now(), error = 'The search failed three times. Nothing was changed. Try again, or ask whoever runs this server to look into its log.'
			where id = $1 and state in ('WAITING', 'RUNNING')`, run)
		return err
	})
}
