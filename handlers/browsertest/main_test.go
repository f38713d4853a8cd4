package browsertest

import (
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// site is the whole product on a loopback address: its pages, its jobs, and the database that the tests of this package
// share.
type site struct {
	url     string
	routes  []*echo.Route
	dataDir string // where the checkpoints are, as in the data folder of a real server
	dsn     func(role string) string
	later   *atomic.Int64 // how far the server's clock is ahead, in nanoseconds
}

// newSite starts a site that ends with the test.
func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteOn(t, storetest.Store(t), storetest.DSN)
}

// newSiteOn starts a site on another store than the shared one.
func newSiteOn(t *testing.T, data *store.Store, dsn func(role string) string) *site {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{url: "http://" + listener.Addr().String(), dataDir: t.TempDir(), dsn: dsn, later: new(atomic.Int64)}
	key, err := auditlog.LoadOrCreateKey(s.dataDir)
	if err != nil {
		t.Fatal(err)
	}
	checkpoints := auditlog.NewCheckpointStore(s.dataDir, key)
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	live := data.StartLive(log)
	t.Cleanup(live.Stop)
	handler, err := handlers.New(handlers.Options{
		Store: data, Log: log, BaseURL: s.url, Outbox: true, Live: live, Checkpoints: checkpoints, Signer: key,
		Now: func() time.Time { return time.Now().Add(time.Duration(s.later.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.routes = handler.(*echo.Echo).Routes()
	jobs, err := data.StartJobs(t.Context(), store.JobOptions{Log: log, Checkpoints: checkpoints})
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }() // it ends with an error when it is closed
	t.Cleanup(func() {
		_ = server.Close() // what is under way is nobody's any more
		ctx, cancel := contextFor(20 * time.Second)
		defer cancel()
		if err := jobs.Stop(ctx); err != nil {
			t.Errorf("stop the jobs: %v", err)
		}
	})
	return s
}

// wait sets the server's clock forward, for what happens only some time after a login.
func (s *site) wait(d time.Duration) { s.later.Add(int64(d)) }
