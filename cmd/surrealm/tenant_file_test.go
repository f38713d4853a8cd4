package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surrealm/store/storetest"
)

// TestAnOrganisationGoesIntoAFileAndBack by the command line, on one installation and then on another.
func TestAnOrganisationGoesIntoAFileAndBack(t *testing.T) {
	t.Parallel()
	env, _ := external(t)
	slug, back := storetest.Slug("shop"), storetest.Slug("back")
	create(t, env, slug)
	file := filepath.Join(t.TempDir(), "shop.surrealm")
	_, told := expect(t, 0, env, "tenants", "export", slug, "-o", file)
	contains(t, told, slug+" is in "+file, "1 entries of its audit log", "--signed-by surrealm+")
	if about, err := os.Stat(file); err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", about, err)
	}
	_, complaints := expect(t, 1, env, "tenants", "export", slug, "-o", file)
	contains(t, complaints, "is there already")
	_, complaints = expect(t, 1, env, "tenants", "export", "no-such-org", "-o", file+"2")
	contains(t, complaints, "no such organisation")
	if _, err := os.Stat(file + "2"); err == nil {
		t.Error("a file of nothing is left")
	}

	_, complaints = expect(t, 1, env, "tenants", "restore", file, "--slug", back)
	contains(t, complaints, "cannot be here twice")
	expect(t, 0, env, "tenants", "drop", slug, "--yes", slug)
	_, complaints = expect(t, 2, env, "tenants", "restore", file, "--slug", "admin")
	contains(t, complaints, "--slug: ")
	out, _ := expect(t, 0, env, "tenants", "restore", file, "--slug", back)
	contains(t, out, "is back at the address "+back)
	out, _ = expect(t, 0, env, "tenants", "list")
	contains(t, out, back, "active")
	expect(t, 0, env, "tenants", "check")
	bundle := filepath.Join(t.TempDir(), "audit.jsonl")
	expect(t, 0, env, "audit", "export", back, "-o", bundle)
	expect(t, 0, nil, "audit", "verify", bundle)

	other, _ := external(t)
	_, complaints = expect(t, 1, other, "tenants", "restore", file, "--slug", slug)
	contains(t, complaints, "the seal of the file")
	_, key, _ := strings.Cut(strings.TrimSpace(told), "--signed-by ")
	_, complaints = expect(t, 1, other, "tenants", "restore", file, "--slug", slug, "--signed-by", key)
	contains(t, complaints, "--former-master-key-file")
	former := filepath.Join(strings.TrimPrefix(env[3], "DATA_DIR="), "master.key")
	out, _ = expect(t, 0, other, "tenants", "restore", file, "--slug", slug, "--signed-by", key, "--former-master-key-file", former)
	contains(t, out, "An account was made for owner-")
}
