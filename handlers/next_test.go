package handlers

import (
	"net/url"
	"strings"
	"testing"
)

func TestSafeNextKeepsOwnPages(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/o/acme":                     "/o/acme",
		"/o/acme/sops?status=DRAFT":   "/o/acme/sops?status=DRAFT",
		"/o/acme/sops?q=a%26b&page=2": "/o/acme/sops?page=2&q=a%26b",
		"/invitations/abc-_1":         "/invitations/abc-_1",
		"/account/sessions":           "/account/sessions",
		"/orgs":                       "/orgs",
	} {
		if got := safeNext(next); got != want {
			t.Errorf("%s: %q, want %q", next, got, want)
		}
	}
}

// hostile leads elsewhere in at least one browser, or to an action.
var hostile = []string{
	"", "o/acme", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example", "/%09/evil.example",
	"/%2fevil.example", "/%5cevil.example", "https://evil.example/o/acme", "javascript:alert(1)", "/o/..//evil.example", "/o/../logout",
	"/o/%2e%2e/logout", "/logout", "/login", "/static/app.js", "/o/acme\r\nSet-Cookie: a=b", "/o/a%0d%0aLocation:%20x", "/o/\u0000", "/o/a b",
	"@evil.example", "/@evil.example", "http:/o/acme", "/o//acme", "/./o/acme", "/o/acme/../../../x", "/%zz", "/.",
}

func TestSafeNextRefusesOtherPlaces(t *testing.T) {
	t.Parallel()
	for _, next := range hostile {
		if got := safeNext(next); got != "" {
			t.Errorf("%q became %q", next, got)
		}
	}
}

func FuzzSafeNext(f *testing.F) {
	for _, next := range hostile {
		f.Add(next)
	}
	f.Add("/o/acme/sops?status=DRAFT#x")
	base, err := url.Parse("https://surrealm.test")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, next string) {
		safe := safeNext(next)
		if safe == "" {
			return
		}
		if safe[0] != '/' || strings.HasPrefix(safe, "//") || strings.ContainsAny(safe, "\\\r\n\t\x00 #") {
			t.Fatalf("%q became %q", next, safe)
		}
		target, err := base.Parse(safe)
		if err != nil || target.Host != base.Host || target.Scheme != base.Scheme || target.User != nil {
			t.Fatalf("%q leads to %v, %v", next, target, err)
		}
		if again := safeNext(safe); again != safe {
			t.Fatalf("%q became %q and then %q", next, safe, again)
		}
	})
}
