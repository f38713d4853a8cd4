package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// homeOf is the realm that the member's captures go to.
func homeOf(t *testing.T, member *store.Tenant) string {
	t.Helper()
	choices, err := member.CaptureChoices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return choices.Realms[0].Slug
}

func jsonl(t *testing.T, drafts ...signal.Draft) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, d := range drafts {
		if err := exchange.WriteJSONL(&out, d); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// upload sends a file and returns the import.
func upload(t *testing.T, member *store.Tenant, format exchange.Format, file []byte) store.ImportPage {
	t.Helper()
	id, err := member.UploadImport(t.Context(), store.NewImport{
		Realm: homeOf(t, member), Format: format, FileName: "file", File: bytes.NewReader(file), Size: int64(len(file)), Visibility: signal.Private})
	if err != nil {
		t.Fatal(err)
	}
	return importOf(t, member, id)
}

func importOf(t *testing.T, member *store.Tenant, id uuid.UUID) store.ImportPage {
	t.Helper()
	found, err := member.SignalImport(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// imported starts an import, does the job's work and returns its end.
func imported(t *testing.T, member *store.Tenant, id uuid.UUID) store.ImportPage {
	t.Helper()
	if err := member.StartImport(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := member.ImportFile(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	return importOf(t, member, id)
}

func exported(t *testing.T, member *store.Tenant, f store.SignalFilter, format exchange.Format) ([]byte, int) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "export"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	count, err := member.ExportSignals(t.Context(), f, format, file)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return content, count
}

// exportedLines are the lines of an export, sorted: where two signals were captured in one moment, each list has its own order.
func exportedLines(t *testing.T, member *store.Tenant) []string {
	t.Helper()
	file, _ := exported(t, member, everything(), exchange.JSONL)
	return slices.Sorted(strings.Lines(string(file)))
}

// everything is the filter that leaves nothing out.
func everything() store.SignalFilter {
	f := store.SignalFilter{}
	for _, s := range signal.Statuses {
		f.Statuses = append(f.Statuses, string(s))
	}
	return f
}

func titled(title string) signal.Draft {
	d := signal.NewDraft(signal.DocumentType)
	d.Title = title
	return d
}

func second[T any](_ T, err error) error { return err }
