package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/storetest"
)

// entriesOf reads a chain from behind the walls.
func entriesOf(t *testing.T, tenant *store.Tenant) []auditlog.Row {
	t.Helper()
	rows, err := storetest.Connect(t, "postgres").Query(t.Context(),
		`select seq, body, hash, prev_hash from `+schemaOf(tenant)+`.audit_entries order by seq`)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r auditlog.Row, err error) {
		return r, row.Scan(&r.Seq, &r.Body, &r.Hash, &r.Prev)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// verifies walks a chain with the verifier that knows no database, and with an eye of its own for forks and times.
func verifies(t *testing.T, tenant *store.Tenant) []auditlog.Row {
	t.Helper()
	verifier := auditlog.NewVerifier(tenant.Org.ID.String())
	list, previous, before := entriesOf(t, tenant), map[string]int64{}, time.Time{}
	for i, row := range list {
		if err := verifier.Add(row); err != nil {
			t.Fatalf("entry %d: %v: %s", row.Seq, err, row.Body)
		}
		if row.Seq != int64(i)+1 {
			t.Fatalf("entry %d stands at place %d", row.Seq, i+1)
		}
		if twin, forked := previous[string(row.Prev)]; forked {
			t.Fatalf("entries %d and %d follow the same one", twin, row.Seq)
		}
		previous[string(row.Prev)] = row.Seq
		entry, err := auditlog.ParseEntry(row.Body)
		if err != nil {
			t.Fatal(err)
		}
		if entry.At.Before(before) {
			t.Fatalf("entry %d is dated before the one before it", row.Seq)
		}
		before = entry.At
	}
	if err := verifier.Finish(); err != nil {
		t.Fatal(err)
	}
	return list
}

// Eight writers, half of them in another server, each with two hundred changes that are recorded.
func TestWritersSideBySideNeverForkTheChain(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 200
	first := storetest.Owner(t)
	second := storetest.ViewIn(t, storetest.Second(t, func(o *store.Options) { o.WebConns = 4 }), first.User, first.Org.Slug)
	// Each has a row of its own to change, so that nothing but the head of the chain makes them wait for each other.
	rows := make([]uuid.UUID, writers)
	for i := range rows {
		id, err := first.CreateSurrogate(t.Context(), surrogateInput("Triage nurse"))
		if err != nil {
			t.Fatal(err)
		}
		rows[i] = id
	}
	start := len(entriesOf(t, first))
	var wait sync.WaitGroup
	for writer, id := range rows {
		tenant := []*store.Tenant{first, second}[writer%2]
		wait.Go(func() {
			for n := range each {
				err := tenant.Tx(t.Context(), func(tx pgx.Tx) error {
					if _, err := tx.Exec(t.Context(), `update surrogates set revision = revision + 1 where id = $1`, id); err != nil {
						return err
					}
					return tenant.Audit(t.Context(), tx, store.SurrogateUpdated, store.Object{Type: "surrogate", ID: id, Label: "s"},
						store.Details{"writer": writer, "n": n})
				})
				if err != nil {
					t.Errorf("writer %d, change %d: %v", writer, n, err)
					return
				}
			}
		})
	}
	wait.Wait()

	list := verifies(t, first)
	if got := len(list) - start; got != writers*each {
		t.Errorf("%d entries for %d changes", got, writers*each)
	}
	revisions := scan[int](t, storetest.Connect(t, "postgres"), `select revision from `+schemaOf(first)+`.surrogates`)
	if !slices.Equal(revisions, slices.Repeat([]int{1 + each}, writers)) {
		t.Errorf("revisions %d after %d changes to each", revisions, each)
	}
}

// A change whose entry cannot be written does not happen.
func TestWithoutItsEntryAChangeIsUndone(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	super := storetest.Connect(t, "postgres")
	run(t, super, `alter table `+schemaOf(owner)+`.audit_entries add constraint audit_entries_closed check (seq < 2) not valid`)

	_, err := owner.CreateSurrogate(t.Context(), surrogateInput("Triage nurse"))
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.ConstraintName != "audit_entries_closed" {
		t.Fatalf("created although the log was closed: %v", err)
	}
	if rows := scan[string](t, super, `select role_title from `+schemaOf(owner)+`.surrogates`); len(rows) != 0 {
		t.Errorf("the change is there without its entry: %q", rows)
	}
	if err := owner.UpdateSettings(t.Context(), 1, "Other name", 2); err == nil {
		t.Error("settings changed although the log was closed")
	}
	if names := scan[string](t, super, `select name from orgs where id = $1`, owner.Org.ID); slices.Contains(names, "Other name") {
		t.Error("the organisation's name changed without an entry")
	}
	if _, err := owner.Invite(t.Context(), store.NewInvitation{Email: storetest.Email("ina"), Role: store.Member, BaseURL: baseURL}); err == nil {
		t.Error("invited although the log was closed")
	}
	if open := scan[uuid.UUID](t, super, `select id from invitations where org_id = $1`, owner.Org.ID); len(open) != 0 {
		t.Error("an invitation is there without its entry")
	}
	run(t, super, `alter table `+schemaOf(owner)+`.audit_entries drop constraint audit_entries_closed`)
	if _, err = owner.CreateSurrogate(t.Context(), surrogateInput("Triage nurse")); err != nil {
		t.Errorf("after the log was opened again: %v", err)
	}
	verifies(t, owner)
}

// An action that is not registered is refused before it reaches the log.
func TestUnregisteredActionsAreRefused(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	before := len(entriesOf(t, owner))
	err := owner.Tx(t.Context(), func(tx pgx.Tx) error {
		return owner.Audit(t.Context(), tx, "surrogate.invented", store.Object{Type: "surrogate", Label: "x"}, nil)
	})
	if err == nil || len(entriesOf(t, owner)) != before {
		t.Errorf("appended: %v", err)
	}
}

// Whatever a label or a detail holds, the body that the database writes is the one that the verifier reads.
func TestAnyTextCanBeRecorded(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	var control strings.Builder
	for r := rune(1); r < 0x20; r++ {
		control.WriteRune(r)
	}
	labels := []string{"", " ", `"quoted" \ / <b>&amp;</b>`, control.String(), "\u007f\u0080\u2028\u2029\ufeff\ufffd", "Zoë 数据 🧪 e\u0301",
		`{"a":1}`, "%s %I %%", "'; drop table audit_entries; --", "\\u0000", strings.Repeat("ä", 5000)}
	for _, label := range labels {
		err := owner.Tx(t.Context(), func(tx pgx.Tx) error {
			return owner.Audit(t.Context(), tx, store.SurrogateUpdated, store.Object{Type: label, ID: uuid.New(), Label: label},
				store.Details{"text": label, label: []any{1, 2.5, true, map[string]any{"é": label, "z": math.Copysign(0, -1), "a": 1e21}}})
		})
		if err != nil {
			t.Errorf("%q: %v", brief(label), err)
		}
	}
	list := verifies(t, owner)
	for i, label := range labels {
		entry, err := auditlog.ParseEntry(list[len(list)-len(labels)+i].Body)
		if err != nil || entry.Object.Label != label {
			t.Errorf("%q was recorded as %q (%v)", brief(label), brief(entry.Object.Label), err)
		}
	}
}

// An entry that could never be read again would break the chain for good, so the database refuses to append it.
func TestTheLogRefusesWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	p := enter(t, owner)
	call := func(action, kind, label, details string) string {
		return fmt.Sprintf("select gate.append_audit(%s, %s, null, %s, %s)", action, kind, label, details)
	}
	for _, sql := range []string{
		call("'a.b'", "'x'", "'l'", "null"),
		call("'a.b'", "'x'", "'l'", "'null'"),
		call("'a.b'", "'x'", "'l'", "'[]'"),
		call("'a.b'", "'x'", "'l'", "'1'"),
		call("'ab'", "'x'", "'l'", "'{}'"),
		call("'A.b'", "'x'", "'l'", "'{}'"),
		call("'a.b; drop'", "'x'", "'l'", "'{}'"),
	} {
		p.refused(t, sql, "22023")
	}
	p.refused(t, call("'a.b'", "'x'", "'l'", "'{'"), "22P02")
	p.refused(t, call("null", "'x'", "'l'", "'{}'"), missing)
	p.refused(t, call("'a.b'", "null", "'l'", "'{}'"), missing)
	p.refused(t, call("'a.b'", "'x'", "null", "'{}'"), missing)
	p.allowed(t, call("'a.b'", "'x'", "'l'", "'{}'"))
}

// The clock of the server may jump back; the log's does not.
func TestEntriesAreNeverDatedBeforeTheLast(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ahead := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Microsecond)
	run(t, storetest.Connect(t, "postgres"), `update `+schemaOf(owner)+`.audit_head set at = $1`, ahead)
	if _, err := owner.CreateSurrogate(t.Context(), surrogateInput("Triage nurse")); err != nil {
		t.Fatal(err)
	}
	list := verifies(t, owner)
	entry, err := auditlog.ParseEntry(list[len(list)-1].Body)
	if err != nil || !entry.At.Equal(ahead) {
		t.Errorf("dated %s, want %s (%v)", entry.At, ahead, err)
	}
}

// A log that is longer than one page of reading: everything that walks it walks it whole, and twice.
func TestALongLogIsExportedWhole(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	const long = 2345
	run(t, storetest.Connect(t, "postgres"), `
		select count(gate.append_entry($1, $2, $3, 'Olga', 'org.updated', 'org', $2, 'long ' || n, '{}')) from generate_series(2, $4::int) n`,
		schemaOf(owner), owner.Org.ID, owner.User.ID, long)
	data := t.TempDir()
	signer, err := auditlog.LoadOrCreateKey(data)
	if err != nil {
		t.Fatal(err)
	}
	var bundle bytes.Buffer
	org := store.OrgOverview{ID: owner.Org.ID, Slug: owner.Org.Slug, Name: owner.Org.Name}
	manifest, err := storetest.Store(t).ExportAudit(t.Context(), &bundle, org, signer, auditlog.NewCheckpointStore(data, signer))
	if err != nil || manifest.Entries != long {
		t.Fatalf("exported %d of %d: %v", manifest.Entries, long, err)
	}
	report, err := auditlog.VerifyBundle(&bundle, auditlog.VerifyOptions{})
	if err != nil || !report.OK() || report.Entries != long {
		t.Errorf("verified %d of %d: %q (%v)", report.Entries, long, report.Lines(), err)
	}
}
