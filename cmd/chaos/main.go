// Command chaos breaks a running Surrealm in every way that a machine can, while people write, and counts what is lost.
// `make chaos` runs it for ten minutes. People keep a ledger of every write that was acknowledged; after each fault all of
// them have to be there exactly once, nothing may be half done, and the audit chains have to verify from outside.
//
// Everything runs on this machine in a folder of its own: PostgreSQL with fsync on, the built program as a child process,
// and a proxy between the two that can cut connections. It prints the seed, which brings the same order of faults again,
// and a table, and exits with 1 when anything was lost.
package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

type options struct {
	Minutes   float64  `default:"10" help:"How long to go on. Every fault comes once at least. Default: ${default}."`
	Seed      uint64   `help:"Brings the same faults at the same moments again. Default: chosen and printed."`
	Only      []string `placeholder:"FAULT" help:"These faults only: ${faults}."`
	Surrealm  string   `default:"bin/surrealm" type:"existingfile" help:"The program. Default: ${default}."`
	KeepFiles bool     `help:"Leave the folder with its logs, also when all is well."`
}

func main() {
	var o options
	kong.Parse(&o, kong.Name("chaos"), kong.Vars{"faults": faultNames()})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if o.Seed == 0 {
		o.Seed = rand.Uint64()
	}
	fmt.Printf("seed %d\n", o.Seed)
	lost, err := run(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
	}
	os.Exit(exitCode(lost, err))
}

// exitCode is 1 when anything was lost, or when that could not be found out.
func exitCode(lost bool, err error) int {
	if err != nil || lost {
		return 1
	}
	return 0
}

// run causes faults until the time is over and each has come once.
func run(ctx context.Context, o options) (lost bool, err error) {
	chosen, err := chosenFaults(o.Only)
	if err != nil {
		return false, err
	}
	w, err := newWorld(ctx, o)
	if err != nil {
		return false, err
	}
	var table table
	defer func() {
		table.print(os.Stdout)
		w.close(!lost && err == nil && !o.KeepFiles)
	}()
	end := time.Now().Add(time.Duration(o.Minutes * float64(time.Minute)))
	for round := 0; ; round++ {
		for _, i := range w.random.Perm(len(chosen)) {
			if ctx.Err() != nil || round > 0 && time.Now().After(end) {
				return table.lost(), nil
			}
			outcome := w.suffer(ctx, chosen[i])
			table.add(chosen[i].name, outcome)
			fmt.Println(outcome.line(chosen[i].name))
			if outcome.broken != nil {
				return true, fmt.Errorf("%s: the next fault cannot begin: %w", chosen[i].name, outcome.broken)
			}
		}
	}
}
