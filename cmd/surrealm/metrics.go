package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"surrealm/store"
)

// metrics are the numbers for Prometheus, on an address of their own. No label names an organisation or a person: whoever
// draws the curves need not know who they are, and a label for each of thousands would cost more than it tells.
type metrics struct {
	requests *prometheus.HistogramVec
	server   *http.Server
}

// scrapeWait is how long one look at the database may take.
const scrapeWait = 5 * time.Second

// serveMetrics opens the address and answers /metrics until close.
func serveMetrics(address string, from *store.Store, live *store.Live, jobs *store.Jobs, log *slog.Logger) (*metrics, error) {
	listener, err := listen(address)
	if err != nil {
		return nil, err
	}
	m := &metrics{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "surrealm_http_request_seconds",
		Help:    "How long requests took, by the pattern of their route.",
		Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"method", "route", "status"})}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, watcher{from, live, jobs, log},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2}))
	m.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second}
	go func() { _ = m.server.Serve(listener) }() // it ends by close alone
	log.Info("metrics are served", "address", "http://"+listener.Addr().String()+"/metrics")
	return m, nil
}

func (m *metrics) close() { _ = m.server.Close() } // nobody waits for a scrape

// observe counts a request. Whoever invents methods does not invent labels. It may be called on nil.
func (m *metrics) observe(method, route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost}, method) {
		method = "other"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// watcher reads the database and the pools when somebody asks.
type watcher struct {
	store *store.Store
	live  *store.Live
	jobs  *store.Jobs
	log   *slog.Logger
}

// Describe announces nothing: what there is depends on what the database holds.
func (watcher) Describe(chan<- *prometheus.Desc) {}

// Collect sends what there is now. A database that does not answer is a metric as well.
func (w watcher) Collect(out chan<- prometheus.Metric) {
	send := sendTo(out)
	for _, pool := range append(w.store.Pools(), w.jobs.Pools()...) {
		send("pool_connections_max", "Size of the pool.", float64(pool.MaxConns()), "pool", pool.Name)
		send("pool_connections", "Open connections.", float64(pool.TotalConns()), "pool", pool.Name)
		send("pool_connections_used", "Connections in use.", float64(pool.AcquiredConns()), "pool", pool.Name)
		send("pool_acquires_total", "How often a connection was taken.", float64(pool.AcquireCount()), "pool", pool.Name)
		send("pool_waits_total", "How often one was taken after waiting, because none was free.", float64(pool.EmptyAcquireCount()), "pool", pool.Name)
		send("pool_wait_seconds_total", "How long that waiting was, added up.", pool.EmptyAcquireWaitTime().Seconds(), "pool", pool.Name)
	}
	streams, hears := w.live.Open()
	send("live_streams", "Pages that are told of changes as they happen, each by a connection that stays open.", float64(streams))
	send("live_up", "Whether this server hears of changes. If not, those pages look again now and then.", truth(hears))
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWait)
	defer cancel()
	figures, err := w.store.Figures(ctx)
	if err != nil {
		w.log.Warn("metrics without the database", "err", err)
	} else {
		send.figures(figures)
	}
	send("database_up", "Whether the database answers.", truth(err == nil))
}

// truth is 1 or 0.
func truth(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

// sender sends one number. What ends in _total only grows. Labels are pairs of a name and a value.
type sender func(name, help string, value float64, labels ...string)

func sendTo(out chan<- prometheus.Metric) sender {
	return func(name, help string, value float64, labels ...string) {
		kind := prometheus.GaugeValue
		if strings.HasSuffix(name, "_total") {
			kind = prometheus.CounterValue
		}
		var names, values []string
		for pair := range slices.Chunk(labels, 2) {
			names, values = append(names, pair[0]), append(values, pair[1])
		}
		out <- prometheus.MustNewConstMetric(prometheus.NewDesc("surrealm_"+name, help, names, nil), kind, value, values...)
	}
}

func (send sender) figures(f store.Figures) {
	send("organisations", "Organisations.", float64(f.Orgs))
	send("organisations_behind", "Organisations that wait for a migration.", float64(f.Behind))
	send("organisations_failed", "Organisations whose migration was tried in vain.", float64(f.Failed))
	send("audit_damaged", "Organisations whose audit log was found damaged when it was last verified.", float64(f.Damaged))
	send("audit_unverified", "Organisations whose audit log was never verified.", float64(f.Unverified))
	if f.VerifiedLast != nil && f.VerifiedFrom != nil {
		send("audit_verified_newest_timestamp_seconds", "When an audit log was last verified.", float64(f.VerifiedLast.Unix()))
		send("audit_verified_oldest_timestamp_seconds", "The same of the organisation that waits longest.", float64(f.VerifiedFrom.Unix()))
	}
	for _, j := range f.Jobs {
		send("jobs", "Jobs that are not done, by kind and state.", float64(j.Count), "kind", j.Kind, "state", j.State)
		send("jobs_oldest_seconds", "How long the oldest of them could have been worked.", j.Oldest.Seconds(), "kind", j.Kind, "state", j.State)
	}
}
