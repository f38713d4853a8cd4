package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

// TestTheDemonstration makes the demonstration organisation once, because the role of a tenant belongs to the whole
// server of these tests, and then works with it.
func TestTheDemonstration(t *testing.T) {
	t.Parallel()
	env, dsn := external(t)
	out, _ := expect(t, 0, env, "demo")
	_, rest, _ := strings.Cut(out, demoAuthor.Email)
	password := strings.Fields(rest)[0]
	_, complaints := expect(t, 1, env, "demo")
	contains(t, complaints, "there is an organisation "+demoSlug+" already")

	t.Run("signatures are verified offline", func(t *testing.T) { verifySignatures(t, env, password) })
	t.Run("an export is verified offline", func(t *testing.T) { verifyExport(t, env, dsn) })
	t.Run("another master key is refused", func(t *testing.T) {
		_, complaints := expect(t, 1, append(env, "LISTEN_ADDR=127.0.0.1:0", "MASTER_KEY="+strings.Repeat("ab", 32)), "serve")
		contains(t, complaints, "does not open the data key")
	})
}

func verifyExport(t *testing.T, env []string, dsn func(string) string) {
	bundle := filepath.Join(t.TempDir(), "audit.jsonl")
	_, messages := expect(t, 0, env, "audit", "export", demoSlug, "-o", bundle)
	_, key, _ := strings.Cut(strings.TrimSpace(messages), "--key ")

	out, _ := expect(t, 0, nil, "audit", "verify", bundle, "--key", key)
	contains(t, out, "The audit log is whole.", "the one that you trust")
	_, complaints := expect(t, 1, env, "audit", "export", demoSlug, "-o", bundle)
	contains(t, complaints, "is there already")
	expect(t, 1, nil, "audit", "verify", bundle, "--key", "surrealm+00000000+AAAA")
	_, complaints = expect(t, 1, nil, "verify", bundle)
	contains(t, complaints, "surrealm audit verify")

	text, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	lines[4], lines[5] = lines[5], lines[4] // the manifest, a checkpoint, then entries 1, 2, 3, 4
	code, out, _ := call(t, nil, string(bytes.Join(lines, nil)), "audit", "verify", "-")
	if code != 1 {
		t.Errorf("swapped entries end with %d", code)
	}
	contains(t, out, "NOT whole. First bad entry: 3")
	_, complaints = expect(t, 1, nil, "audit", "verify", filepath.Join(t.TempDir(), "none"))
	contains(t, complaints, "no such file")

	// A log that was damaged in the database is exported as evidence.
	schema := "tenant_" + strings.ReplaceAll(demoSlug, "-", "_")
	storetest.Exec(t, dsn("postgres"), `alter table `+schema+`.audit_entries disable trigger all`)
	storetest.Exec(t, dsn("postgres"), `update `+schema+`.audit_entries set body = body || ' '::bytea where seq = 2`)
	_, complaints = expect(t, 1, env, "audit", "export", demoSlug, "-o", bundle+"2")
	contains(t, complaints, "Entry 2 was changed")
	out, _ = expect(t, 1, nil, "audit", "verify", bundle+"2")
	contains(t, out, "First bad entry: 2", "The file is exactly what was exported")
}

func verifySignatures(t *testing.T, env []string, password string) {
	path := signedFile(t, env, password)
	out, _ := expect(t, 0, nil, "verify", path)
	contains(t, out, "every signature holds", "Ravi Menon")

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	code, out, _ := call(t, nil, strings.Replace(string(text), "CHECKPOINT", "ESCALATION", 1), "verify", "-")
	if code != 1 || !strings.Contains(out, "NOT") {
		t.Errorf("a changed procedure ends with %d: %s", code, out)
	}
	expect(t, 1, nil, "verify", path, "--key", "0000:0000:0000:0000")
}

// signedFile exports the demonstration's certified procedure with its signatures.
func signedFile(t *testing.T, env []string, password string) string {
	t.Helper()
	var text bytes.Buffer
	given := newEnvironment(env).values
	settings := storeSettings{dataSettings: dataSettings{DataDir: given["DATA_DIR"]}, databaseSettings: databaseSettings{
		DatabaseURL: given["DATABASE_URL"], ControlURL: given["CONTROL_DATABASE_URL"], MigrateURL: given["MIGRATE_DATABASE_URL"],
	}}
	err := settings.with(&process{ctx: t.Context()}, true, func(s *store.Store) error {
		user, err := s.Authenticate(t.Context(), demoAuthor.Email, password, store.Place{Address: "127.0.0.1"})
		if err != nil {
			return err
		}
		tenant, err := s.Tenant(user, demoSlug)
		if err != nil {
			return err
		}
		list, err := tenant.SOPs(t.Context(), store.SOPFilter{Status: store.VersionCertified})
		if err != nil || len(list.Items) != 1 {
			t.Fatalf("certified procedures: %+v, %v", list, err)
		}
		file, _, err := tenant.SignatureFile(t.Context(), list.Items[0].ID)
		if err != nil {
			return err
		}
		_, err = file.WriteTo(&text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "signed.json")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
