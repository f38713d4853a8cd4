package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"surrealm/store"
	"surrealm/store/storetest"
)

// measureHTMLList measures the page of 20 surrogates, whole and as the region that htmx asks for, for somebody who is
// signed in: by 1, 8 and 32 connections that are kept open.
func measureHTMLList(b *bench) error {
	ctx := context.Background()
	tenant, err := b.owner(ctx, "html-list")
	if err != nil {
		return err
	}
	if err := b.database.addSurrogates(ctx, tenant, store.PageSize); err != nil {
		return err
	}
	path := "/o/" + tenant.Org.Slug + "/surrogates"
	for _, conns := range []int{1, 8, 32} {
		if err := b.pages(ctx, tenant, fmt.Sprint(conns), path, "", conns); err != nil {
			return err
		}
	}
	return b.pages(ctx, tenant, "fragment_32", path, "HX-Request: true\r\nHX-Target: surrogates\r\n", 32)
}

// pages measures one address.
func (b *bench) pages(ctx context.Context, t *store.Tenant, part, path, headers string, conns int) error {
	statements, trips, err := b.database.statementsOf(ctx, t, path, headers)
	if err != nil {
		return err
	}
	s, err := b.database.startSite(b.database.store)
	if err != nil {
		return err
	}
	defer func() { _ = s.close() }() // it is only read from
	cookie, err := signIn(ctx, b.database.store, t)
	if err != nil {
		return err
	}
	headers += "Cookie: " + cookie + "\r\n"
	var rates, medians, slowest []float64
	var last load
	var inGo, inDatabase []float64
	for range b.rounds() + 1 {
		before, err := b.database.processorTime(ctx)
		if err != nil {
			return err
		}
		if last, err = ask(s.address, path, headers, conns, b.spell()); err != nil {
			return err
		}
		after, err := b.database.processorTime(ctx)
		if err != nil {
			return err
		}
		n := float64(len(last.seconds))
		inGo, inDatabase = append(inGo, (after.us-before.us)/n), append(inDatabase, (after.database-before.database)/n)
		rates, medians, slowest = append(rates, last.rate), append(medians, last.quantile(0.5)), append(slowest, last.quantile(0.99))
	}
	rates, medians, slowest, inGo, inDatabase = rates[1:], medians[1:], slowest[1:], inGo[1:], inDatabase[1:] // the first warms up
	b.report(part, median(rates), "requests/s")
	b.report(part+"_p50", 1000*median(medians), "ms")
	b.report(part+"_p99", 1000*median(slowest), "ms")
	b.report(part+"_cpu_program", 1000*median(inGo), "ms/request")
	b.report(part+"_cpu_database", 1000*median(inDatabase), "ms/request")
	b.report(part+"_bytes", float64(last.bytes), "bytes")
	b.report(part+"_allocations", last.allocations, "allocations/request")
	b.report(part+"_allocated", last.allocated, "bytes/request")
	b.report(part+"_statements", float64(statements), "statements/request")
	b.report(part+"_trips", float64(trips), "round trips/request")
	return nil
}

// load is what asking for a page again and again was like.
type load struct {
	rate        float64   // requests in a second
	seconds     []float64 // of each request
	bytes       int       // of a page
	allocations float64   // of this process, for each request
	allocated   float64   // bytes, likewise
}

func (l load) quantile(share float64) float64 { return quantile(l.seconds, share) }

// ask has each connection ask again as soon as it has an answer.
func ask(address, path, headers string, conns int, during time.Duration) (load, error) {
	clients := make([]*client, conns)
	for i := range clients {
		c, err := dial(address, path, headers)
		if err != nil {
			return load{}, err
		}
		defer c.close()
		clients[i] = c
	}
	took, sizes, errs := make([][]float64, conns), make([]int, conns), make([]error, conns)
	for i := range took {
		took[i] = make([]float64, 0, 1<<16)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var waiting sync.WaitGroup
	start := time.Now()
	for i, c := range clients {
		waiting.Go(func() {
			for now := time.Now(); now.Sub(start) < during && errs[i] == nil; {
				sizes[i], errs[i] = c.get()
				then := now
				now = time.Now()
				took[i] = append(took[i], now.Sub(then).Seconds())
			}
		})
	}
	waiting.Wait()
	elapsed := time.Since(start).Seconds()
	runtime.ReadMemStats(&after)
	l := load{bytes: sizes[0]}
	for _, of := range took {
		l.seconds = append(l.seconds, of...)
	}
	n := float64(len(l.seconds))
	l.rate, l.allocations, l.allocated = n/elapsed, float64(after.Mallocs-before.Mallocs)/n, float64(after.TotalAlloc-before.TotalAlloc)/n
	return l, errors.Join(errs...)
}

// statementsOf counts what a page asks the database, once everything is prepared.
func (d *database) statementsOf(ctx context.Context, t *store.Tenant, path, headers string) (statements, trips int, err error) {
	sent := &storetest.Statements{}
	traced, err := d.open(ctx, sent)
	if err != nil {
		return 0, 0, err
	}
	defer traced.Close()
	s, err := d.startSite(traced)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = s.close() }() // it is only read from
	cookie, err := signIn(ctx, traced, t)
	if err != nil {
		return 0, 0, err
	}
	c, err := dial(s.address, path, headers+"Cookie: "+cookie+"\r\n")
	if err != nil {
		return 0, 0, err
	}
	defer c.close()
	for range 5 {
		sent.Take()
		if _, err := c.get(); err != nil {
			return 0, 0, fmt.Errorf("%s: %w", path, err)
		}
	}
	statements, trips = storetest.CountStatements(sent.Take())
	return statements, trips, nil
}
