package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// processorTime is how many seconds of a processor were used so far. Unlike a rate it hardly depends on what else the machine does.
type processorTime struct {
	us       float64 // by this process: the site, and the client that asks it
	database float64 // by the connections of the site
}

// tick is the unit of times in /proc.
const tick = 10 * time.Millisecond

func (d *database) processorTime(ctx context.Context) (processorTime, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return processorTime{}, err
	}
	found := processorTime{us: time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()}
	rows, err := d.super.Query(ctx, `select pid from pg_stat_activity where usename in ('surrealm_web', 'surrealm_ctl')`)
	if err != nil {
		return found, err
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	for _, pid := range pids {
		used, err := processTime(pid)
		if err != nil {
			return found, err
		}
		found.database += used.Seconds()
	}
	return found, err
}

// processTime is what another process used.
func processTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ") // a name in brackets may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("the process %d says %q", pid, text)
	}
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick, err
}
