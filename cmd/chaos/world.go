package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"
)

// world is everything that runs.
type world struct {
	options  options
	dir      string
	random   *rand.Rand
	postgres *postgres
	program  *program
	to       addresses
	people   []*person
	ledger   ledger
	idle     int           // goroutines of the program before the first fault
	patience time.Duration // until a connection that is gone must have been noticed

	mu       sync.Mutex
	problems []string // of the fault under way
}

func newWorld(ctx context.Context, o options) (_ *world, err error) {
	if o.Surrealm, err = filepath.Abs(o.Surrealm); err != nil {
		return nil, err
	}
	return newWorldIn(ctx, o, "")
}

// newWorldIn makes a world in a folder; "" is the temporary one.
func newWorldIn(ctx context.Context, o options, folder string) (_ *world, err error) {
	w := &world{options: o, random: rand.New(rand.NewPCG(o.Seed, 1)), patience: 5 * time.Second}
	if w.dir, err = os.MkdirTemp(folder, "surrealm-chaos-"); err != nil {
		return nil, err
	}
	// The database belongs to another user when root runs this.
	if err := os.Chmod(w.dir, 0o755); err != nil {
		return nil, err
	}
	fmt.Println("files in", w.dir)
	if err := w.begin(ctx); err != nil {
		w.close(false)
		return nil, err
	}
	return w, nil
}

// begin starts the programs, and two organisations in which people write for a moment.
func (w *world) begin(ctx context.Context) (err error) {
	if w.postgres, err = startPostgres(ctx, w.dir); err != nil {
		return err
	}
	if w.program, err = w.newProgram(ctx, "serve"); err != nil {
		return err
	}
	w.to.set(w.program.listen)
	for range 2 {
		p, err := register(ctx, &w.to, "chaos-"+uuid.NewString()[:8])
		if err != nil {
			return fmt.Errorf("register: %w", err)
		}
		w.people = append(w.people, p)
	}
	l := w.startLoad(ctx)
	time.Sleep(time.Second)
	if err := l.finish(10 * time.Second); err != nil {
		return err
	}
	w.idle, err = w.program.goroutines()
	return err
}

func (w *world) dataDir() string { return filepath.Join(w.dir, "data") }

// problem notes something that must not happen.
func (w *world) problem(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

// close ends everything, and removes the files unless something can be learnt from them.
func (w *world) close(remove bool) {
	if w.program != nil && w.program.process != nil {
		w.program.kill()
	}
	if w.postgres != nil {
		if w.postgres.proxy != nil {
			w.postgres.proxy.close()
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		_ = w.postgres.stop(ctx) // it may have been stopped by a fault
	}
	if remove {
		_ = os.RemoveAll(w.dir) // in the temporary folder
	}
}

// suffer lets a fault happen while people write, waits until they can write again, and looks at what is left.
func (w *world) suffer(ctx context.Context, f fault) (o outcome) {
	w.problems = nil
	before, repeats := w.ledger.size(), w.ledger.repeats.Load()
	l := w.startLoad(ctx)
	w.pause(500, 1500)
	skipped, err := f.happen(ctx, w)
	over := time.Now()
	if err == nil {
		o.recovery, err = w.awaitWrite(ctx, over)
	}
	w.pause(300, 800)
	if unfinished := l.finish(30 * time.Second); unfinished != nil {
		w.problem("%v", unfinished)
	}
	o.writes, o.repeats, o.skipped, o.broken = w.ledger.size()-before, int(w.ledger.repeats.Load()-repeats), skipped, err
	if err == nil {
		w.check(ctx)
	}
	o.problems = w.problems
	return o
}

// awaitWrite waits for the first write that is acknowledged after a moment.
func (w *world) awaitWrite(ctx context.Context, after time.Time) (time.Duration, error) {
	for end := time.Now().Add(startWithin); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		if last := time.Unix(0, w.ledger.last.Load()); last.After(after) {
			return last.Sub(after), nil
		}
	}
	return 0, fmt.Errorf("nothing can be written %v after the fault", startWithin)
}

// pause waits for a time that the seed chooses, in milliseconds.
func (w *world) pause(least, most int) {
	time.Sleep(time.Duration(least+w.random.IntN(most-least)) * time.Millisecond)
}
