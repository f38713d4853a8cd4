package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"surrealm/handlers"
)

func TestReadinessNamesWhatIsMissingAndNoMore(t *testing.T) {
	t.Parallel()
	part := func(name string, optional bool, err error) handlers.Part {
		return handlers.Part{Name: name, Optional: optional, Check: func(context.Context) error { return err }}
	}
	secret := errors.New("password=hunter2 host=db.internal")
	for name, test := range map[string]struct {
		parts  []handlers.Part
		status int
		want   string
	}{
		"all there":     {[]handlers.Part{part("database", false, nil), part("encoder", true, nil)}, http.StatusOK, "database: ok\nencoder: ok\n"},
		"less is fine":  {[]handlers.Part{part("database", false, nil), part("encoder", true, secret)}, http.StatusOK, "database: ok\nencoder: missing, not needed\n"},
		"one is needed": {[]handlers.Part{part("database", false, nil), part("jobs", false, secret)}, http.StatusServiceUnavailable, "database: ok\njobs: missing\n"},
		"all are told":  {[]handlers.Part{part("database", false, secret), part("jobs", false, nil)}, http.StatusServiceUnavailable, "database: missing\njobs: ok\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := newApp(t, func(o *handlers.Options) { o.Ready = test.parts })
			page := site.browser(t).get(t, "/readyz").status(t, test.status)
			if got := page.body; got != test.want {
				t.Errorf("it says %q instead of %q", got, test.want)
			}
			if strings.Contains(page.body, "hunter2") || page.header("Cache-Control") != "no-store" {
				t.Errorf("%q, %v", page.body, page.response.Header)
			}
		})
	}
}
