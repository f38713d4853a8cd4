package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"surrealm/store/storetest"
)

// TestMetricsTellOfEverythingAndNameNobody serves with an organisation in the database, asks for some pages, and reads
// the metrics.
func TestMetricsTellOfEverythingAndNameNobody(t *testing.T) {
	t.Parallel()
	env, dsn := external(t)
	server := serve(t, append(env, "METRICS_ADDR=127.0.0.1:0"))
	slug, email := storetest.Slug("metered"), storetest.Email("mira")
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(storetest.Password), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, 0, env, "tenants", "create", slug, "--name", "Metered Ltd", "--owner-email", email, "--owner-name", "Mira", "--password-file", password)
	storetest.Exec(t, dsn("postgres"), `update public.orgs set schema_version = schema_version - 1`)
	server.get("/login")
	server.get("/o/" + slug + "/surrogates")
	server.get("/nothing/" + slug)

	at := regexp.MustCompile(`address=(http\S+)/metrics`).FindStringSubmatch(server.output())
	if at == nil {
		t.Fatalf("no address of the metrics:\n%s", server.output())
	}
	status, text := (&child{t: t, URL: at[1]}).get("/metrics")
	if status != http.StatusOK {
		t.Fatalf("/metrics answers %d", status)
	}
	contains(t, text,
		`surrealm_http_request_seconds_count{method="GET",route="/login",status="200"} 2`,
		`surrealm_http_request_seconds_count{method="GET",route="/o/:org/surrogates",status="303"} 1`,
		`surrealm_pool_connections_used{pool="tenants"}`, `surrealm_pool_connections_max{pool="jobs"} 4`, `surrealm_pool_acquires_total{pool="platform"}`,
		"surrealm_organisations 1\n", "surrealm_organisations_behind 1\n", "surrealm_audit_damaged 0\n", "surrealm_database_up 1\n",
		"surrealm_live_streams 0\n", "surrealm_live_up ", "go_goroutines")
	for _, name := range []string{slug, strings.ReplaceAll(slug, "-", "_"), email, "Metered", "Mira"} {
		if strings.Contains(text, name) {
			t.Errorf("the metrics name %s", name)
		}
	}
	if status, _ := server.get("/metrics"); status != http.StatusNotFound {
		t.Errorf("/metrics of the site answers %d", status)
	}
	server.stop()
}

func TestMetricsStayOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:9090", ":9090", "10.0.0.1:9090", "127.0.0.1", "example.com:9090"} {
		_, complaints := expect(t, 2, []string{"METRICS_ADDR=" + address}, "serve")
		contains(t, complaints, "METRICS_ADDR: ")
	}
}
