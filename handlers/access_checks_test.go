package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"surrealm/store/storetest"
)

// guarded checks what every answer carries, whatever its status.
func guarded(t *testing.T, p *page) {
	t.Helper()
	place := p.response.Request.Method + " " + p.response.Request.URL.Path
	for name, want := range map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := p.header(name); got != want {
			t.Errorf("%s: %s is %q", place, name, got)
		}
	}
	if policy := p.header("Referrer-Policy"); policy != "same-origin" && policy != "no-referrer" {
		t.Errorf("%s: Referrer-Policy is %q", place, policy)
	}
	policy := p.header("Content-Security-Policy")
	wants := []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"}
	if strings.HasSuffix(policy, "sandbox") { // a file of somebody's: nothing in it runs, sends or loads
		wants = []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "sandbox"}
	}
	for _, want := range wants {
		if !strings.Contains(policy, want) {
			t.Errorf("%s: the policy %q lacks %s", place, policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") || p.header("Permissions-Policy") == "" || p.header("X-Request-Id") == "" || p.header("Server") != "" {
		t.Errorf("%s: headers %v", place, p.response.Header)
	}
	path, status := p.response.Request.URL.RequestURI(), p.response.StatusCode
	sessionless := strings.Contains(path, "/static") || strings.HasSuffix(path, "/healthz") || strings.HasSuffix(path, "/readyz") || status == http.StatusMethodNotAllowed || status == http.StatusNoContent
	keep := "no-store"
	if strings.Contains(path, "/files/") && (status == http.StatusOK || status == http.StatusPartialContent || status == http.StatusNotModified) {
		keep = "private, no-cache" // the browser asks each time whether it still may show them
	}
	if !sessionless && (p.header("Cache-Control") != keep || !strings.Contains(strings.Join(p.response.Header["Vary"], ","), "Cookie")) {
		t.Errorf("%s: %d may be kept in a cache: %q", place, p.response.StatusCode, p.header("Cache-Control"))
	}
	if p.response.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s: %d: %s", place, p.response.StatusCode, p.summary())
	}
}

// headersOf are the headers that may tell two answers apart, without those that always differ.
func headersOf(p *page) string {
	var lines []string
	for name, values := range p.response.Header {
		if name != "Date" && name != "X-Request-Id" {
			lines = append(lines, fmt.Sprintf("%s: %q", name, values))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// digest sums up every table of the organisation, and what the platform knows of it.
func digest(t *testing.T, w *world) map[string]string {
	t.Helper()
	conn := storetest.Behind(t)
	schema := "tenant_" + strings.ReplaceAll(w.slug(), "-", "_")
	var tables []string
	err := conn.QueryRow(t.Context(), `
		select array_agg(quote_ident(nspname) || '.' || quote_ident(relname)) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where relkind = 'r' and nspname = $1`, schema).Scan(&tables)
	if err != nil || len(tables) < 30 {
		t.Fatalf("tables of %s: %d (%v)", schema, len(tables), err)
	}
	sums := map[string]string{}
	for _, table := range tables {
		var sum string
		if err := conn.QueryRow(t.Context(), `select coalesce(md5(string_agg(r::text, '|' order by r::text)), '') from `+table+` r`).Scan(&sum); err != nil {
			t.Fatal(err)
		}
		sums[table] = sum
	}
	for _, table := range []string{"memberships", "invitations", "org_keys"} {
		var sum string
		err := conn.QueryRow(t.Context(), `select coalesce(md5(string_agg(r::text, '|' order by r::text)), '') from `+table+` r where org_id = $1`, w.owner.Org.ID).Scan(&sum)
		if err != nil {
			t.Fatal(err)
		}
		sums[table] = sum
	}
	var org string
	if err := conn.QueryRow(t.Context(), `select o::text from orgs o where id = $1`, w.owner.Org.ID).Scan(&org); err != nil {
		t.Fatal(err)
	}
	sums["orgs"] = org
	return sums
}

func differing(before, after map[string]string) []string {
	var tables []string
	for table, sum := range after {
		if before[table] != sum {
			tables = append(tables, table)
		}
	}
	slices.Sort(tables)
	return tables
}
