package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surrealm/store/storetest"
)

func TestTheMasterKeyIsRotatedAndTheFormerOneKept(t *testing.T) {
	t.Parallel()
	env, _ := external(t)
	data, _ := strings.CutPrefix(env[3], "DATA_DIR=")
	key := filepath.Join(data, "master.key")
	_, complaints := expect(t, 1, env, "keys", "rotate-master")
	contains(t, complaints, "no master key here to rotate")
	create(t, env, storetest.Slug("one"), storetest.Slug("two"))
	former := contentOf(t, key)

	out, _ := expect(t, 0, env, "keys", "rotate-master")
	contains(t, out, "The data keys of 2 organisations are wrapped", key, "former key")
	next := contentOf(t, key)
	kept, err := filepath.Glob(key + ".*")
	if err != nil || len(kept) != 1 || contentOf(t, kept[0]) != former || next == former {
		t.Errorf("files: %v (%v)", kept, err)
	}
	create(t, env, storetest.Slug("three")) // the new key works

	// Interrupted after the database was changed and before the file was: the new key is beside the former one.
	if err := os.Rename(key, key+".next"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(kept[0], key); err != nil {
		t.Fatal(err)
	}
	expect(t, 0, env, "keys", "rotate-master")
	if contentOf(t, key) != next {
		t.Error("the rotation did not go on with the key that it had begun with")
	}

	fromEnvironment := append(env, "MASTER_KEY="+strings.TrimSpace(next))
	_, complaints = expect(t, 2, fromEnvironment, "keys", "rotate-master")
	contains(t, complaints, "--next")
	file := filepath.Join(data, "another.key")
	out, _ = expect(t, 0, fromEnvironment, "keys", "rotate-master", "--next", file)
	contains(t, out, "Set MASTER_KEY to the content of "+file)
	_, complaints = expect(t, 1, env, "keys", "rotate-master") // the file has the key of before
	contains(t, complaints, "nothing was changed")
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
