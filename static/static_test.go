package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, method, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	content, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestAddressHoldsTheHashOfTheContent(t *testing.T) {
	t.Parallel()
	address := URL("app.css")
	if !regexp.MustCompile(`^/static/app\.[0-9a-f]{12}\.css$`).MatchString(address) {
		t.Fatalf("address is %s", address)
	}
	sum := sha256.Sum256(body(t, get(t, "GET", address, "")))
	if !strings.Contains(address, hex.EncodeToString(sum[:6])) {
		t.Errorf("%s does not hold the hash %x", address, sum[:6])
	}
}

func TestAssetsAreServedForAYearWithTheirType(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8",
		"favicon.svg": "image/svg+xml", "inter-latin.woff2": "font/woff2",
	} {
		r := get(t, "GET", URL(name), "")
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != want {
			t.Errorf("%s: status %d, type %q", name, r.StatusCode, r.Header.Get("Content-Type"))
		}
		if got := r.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: cache control %q", name, got)
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: the browser may guess its type", name)
		}
	}
}

func TestCompressionFollowsTheRequest(t *testing.T) {
	t.Parallel()
	plain := body(t, get(t, "GET", URL("app.css"), ""))
	r := get(t, "GET", URL("app.css"), "br, gzip")
	if r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("headers are %v", r.Header)
	}
	zip, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(zip)
	if err != nil || !bytes.Equal(unpacked, plain) {
		t.Errorf("unpacked is not the plain file: %v", err)
	}
	if got := get(t, "GET", URL("app.css"), "gzip;q=0").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("a refused encoding was used: %s", got)
	}
	if got := get(t, "GET", URL("inter-latin.woff2"), "gzip").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("a font was compressed twice: %s", got)
	}
}

func TestEverythingElseIsNotFound(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/static/", "/static/app.css", "/static/app.000000000000.css", "/static/vendor/", "/static/css/tokens.css",
		"/static/../go.mod", "/static/vendor/VENDOR.md",
	} {
		if r := get(t, "GET", path, ""); r.StatusCode != 404 {
			t.Errorf("%s: status %d", path, r.StatusCode)
		}
	}
	if r := get(t, "POST", URL("app.css"), ""); r.StatusCode != 405 {
		t.Errorf("POST: status %d", r.StatusCode)
	}
	if r := get(t, "HEAD", URL("app.css"), ""); r.StatusCode != 200 || len(body(t, r)) != 0 {
		t.Errorf("HEAD: status %d", r.StatusCode)
	}
}

// TestAPageLoadsLittle holds the budget: everything that one page loads.
func TestAPageLoadsLittle(t *testing.T) {
	t.Parallel()
	total := 0
	for _, a := range loaded().byName {
		if a.gzipped != nil {
			total += len(a.gzipped)
		} else {
			total += len(a.plain)
		}
	}
	t.Logf("all assets together: %d bytes compressed", total)
	if total > 150<<10 {
		t.Errorf("all assets together are %d bytes compressed, more than 150 KB", total)
	}
}

// TestNothingNeedsAnExceptionFromThePolicy looks for what the content policy
// forbids.
func TestNothingNeedsAnExceptionFromThePolicy(t *testing.T) {
	t.Parallel()
	script := string(loaded().byName["app.js"].plain) + string(loaded().byName["theme.js"].plain)
	for _, word := range []string{"eval(", "new Function", "innerHTML", "outerHTML", "document.write", ".style."} {
		if strings.Contains(script, word) {
			t.Errorf("the script uses %s", word)
		}
	}
	style := string(loaded().byName["app.css"].plain)
	for _, word := range []string{"@import", "url(http", "url(\"http", "expression("} {
		if strings.Contains(style, word) {
			t.Errorf("the style sheet uses %s", word)
		}
	}
	if strings.Count(style, "{") != strings.Count(style, "}") {
		t.Error("the braces of the style sheet do not match")
	}
}

// TestVendoredFilesAreThoseThatWereRecorded compares with the list in VENDOR.md.
func TestVendoredFilesAreThoseThatWereRecorded(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("vendor/VENDOR.md")
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^    ([0-9a-f]{64})  (\S+)$`).FindAllStringSubmatch(string(list), -1) {
		file := filepath.Join("vendor", m[2])
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != m[1] {
			t.Errorf("%s is not the file that was recorded", file)
		}
		recorded[file] = true
	}
	files, err := filepath.Glob("vendor/*.[jw]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !recorded[file] {
			t.Errorf("%s is not recorded in VENDOR.md", file)
		}
	}
}
