package handlers_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"surrealm/views"
)

// packed asks for a page as a browser does that takes gzip, and returns how it came and what was in it.
func packed(t *testing.T, b *browser, path, site string) (encoding, text string) {
	t.Helper()
	request := b.request(t, http.MethodGet, path, nil)
	request.Header.Set("Accept-Encoding", "gzip") // set by hand, so that the client does not unpack it
	request.Header.Del("Sec-Fetch-Site")
	if site != "" {
		request.Header.Set("Sec-Fetch-Site", site)
	}
	response, err := b.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	encoding = response.Header.Get("Content-Encoding")
	if !strings.Contains(strings.Join(response.Header.Values("Vary"), ","), "Cookie") {
		t.Errorf("%s varies by %q", path, response.Header.Values("Vary"))
	}
	body := io.Reader(response.Body)
	if encoding == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			t.Fatal(err)
		}
	}
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return encoding, string(content)
}

func TestPagesArePackedForOurOwnPagesOnly(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	page := views.SurrogatesURL(org.Org.Slug)
	for site, want := range map[string]string{"same-origin": "gzip", "none": "gzip", "cross-site": "", "same-site": "", "": ""} {
		if how, text := packed(t, olga, page, site); how != want || !strings.Contains(text, "</html>") {
			t.Errorf("asked by %q: packed %q, want %q; %d characters", site, how, want, len(text))
		}
	}
	if how, text := packed(t, olga, views.OrgURL(org.Org.Slug)+"/events", "same-origin"); how != "" || text == "" {
		t.Errorf("a stream of events came packed %q", how)
	}
	if how, _ := packed(t, olga, views.OrgURL(org.Org.Slug)+"/proposals/waiting", "same-origin"); how != "" {
		t.Errorf("a few characters came packed %q", how)
	}
}
