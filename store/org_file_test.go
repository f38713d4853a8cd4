package store_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/orgfile"
	"surrealm/store/seal"
	"surrealm/store/storetest"
)

func TestAnOrganisationComesBackWholeAndAlone(t *testing.T) {
	t.Parallel()
	x := install(t)
	gone, neighbour := x.org(t), x.org(t)
	heard, account := withKey(t, gone)
	before, beside := x.content(t, schemaOf(gone)), x.content(t, schemaOf(neighbour))
	file := x.export(t, gone.Org.Slug)

	// The file holds this organisation alone.
	archive := got[*zip.Reader](t)(zip.NewReader(bytes.NewReader(file), int64(len(file))))
	for _, part := range archive.File {
		opened := got[io.ReadCloser](t)(part.Open())
		text := string(got[[]byte](t)(io.ReadAll(opened)))
		for _, strange := range []string{neighbour.Org.Slug, neighbour.Org.ID.String(), neighbour.User.Email, "$argon2id$", llmSecret} {
			if strings.Contains(text, strange) {
				t.Errorf("%s holds %s", part.Name, strange)
			}
		}
	}
	if len(before) < 40 || len(archive.File) != len(before)-1+2 { // all tables but audit_head, the manifest and the seal
		t.Errorf("%d tables and %d parts", len(before), len(archive.File))
	}

	x.drop(t, gone)
	platform := x.content(t, "public")
	slug := storetest.Slug("back")
	report, err := x.restore(t, file, slug, nil)
	if err != nil || report.ID != gone.Org.ID || len(report.Made) != 0 || len(report.Former) != 0 || report.Lost != 0 {
		t.Fatalf("%+v, %v", report, err)
	}

	// Its rows are as they were, but for the entry that tells of the restore; its neighbour's are untouched.
	after := x.content(t, "tenant_"+strings.ReplaceAll(slug, "-", "_"))
	for table, rows := range before {
		if table == "audit_entries" {
			if !strings.Contains(after[table], "org.restored") || !containsLines(after[table], rows) {
				t.Errorf("the audit log is not what it was and one entry more")
			}
		} else if table != "audit_head" && after[table] != rows {
			t.Errorf("%s: was\n%.300s\nis\n%.300s", table, rows, after[table])
		}
	}
	for table, rows := range x.content(t, schemaOf(neighbour)) {
		if beside[table] != rows {
			t.Errorf("the neighbour's %s changed", table)
		}
	}
	for table, rows := range x.content(t, "public") {
		for line := range strings.SplitSeq(platform[table], "\n") {
			if !strings.Contains(rows, line) && !strings.Contains(line, gone.Org.ID.String()) {
				t.Errorf("public.%s lost or changed %.200s", table, line)
			}
		}
	}

	// It lives: its tables are what they should be, its owner gets in, its secrets open, its log verifies and goes on.
	if _, drift, err := x.migrator.CheckTenants(t.Context(), nil); err != nil || len(drift) > 0 {
		t.Errorf("%v, %v", drift, err)
	}
	again := storetest.ViewIn(t, x.store, gone.User, slug)
	if keys, err := again.SigningKeys(t.Context()); err != nil || len(keys) < 3 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
	if err := again.RotateKey(t.Context()); err != nil {
		t.Errorf("a key after the restore: %v", err)
	}
	heard.hears(t, again, account)
	if realms, err := again.Realms(t.Context(), store.RealmFilter{}); err != nil || len(realms.Mine) == 0 {
		t.Errorf("realms after the restore: %+v, %v", realms, err)
	}
	x.verify(t, slug)
	x.drop(t, again) // which writes down where its log ends, once more
}

// withKey gives an organisation a language model with a key.
func withKey(t *testing.T, tenant *store.Tenant) (*modelServer, uuid.UUID) {
	t.Helper()
	m, _ := model(t)
	return m, got[uuid.UUID](t)(tenant.AddLLMAccount(t.Context(), m.account()))
}

// hears tries the account out: its key arrives as it was stored.
func (m *modelServer) hears(t *testing.T, tenant *store.Tenant, account uuid.UUID) {
	t.Helper()
	must(t, tenant.TryLLMAccount(t.Context(), account))
	must(t, tenant.TryLLM(t.Context(), llmAccount(t, tenant, account).Trial.ID))
	if len(m.keys) != 1 || m.keys[0] != "Bearer "+llmSecret {
		t.Errorf("the endpoint was shown %q", m.keys)
	}
}

// containsLines says whether every line of part is one of whole.
func containsLines(whole, part string) bool {
	lines := strings.Split(whole, "\n")
	for line := range strings.SplitSeq(part, "\n") {
		if !slices.Contains(lines, line) {
			return false
		}
	}
	return true
}

func TestARestoreIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	x := install(t)
	tenant := x.org(t)
	file := x.export(t, tenant.Org.Slug)
	slug := storetest.Slug("refused")
	_, err := x.restore(t, file, slug, nil)
	if !errors.Is(err, store.ErrConflict) || !strings.Contains(err.Error(), "/o/"+tenant.Org.Slug) {
		t.Errorf("beside the living organisation: %v", err)
	}
	stranger := got[auditlog.Signer](t)(auditlog.LoadOrCreateKey(t.TempDir()))
	if _, err := orgfile.Open(bytes.NewReader(file), int64(len(file)), stranger.VerifierKey()); err == nil {
		t.Error("a file that another installation sealed is opened")
	}
	if err := tenant.RotateKey(t.Context()); err != nil { // an entry that the file lacks, and a checkpoint over it
		t.Fatal(err)
	}
	x.verify(t, tenant.Org.Slug)
	x.drop(t, tenant)
	before := x.content(t, "public")
	for name, test := range map[string]struct {
		file   []byte
		slug   string
		change func(*store.OrgRestore)
		want   error
	}{
		"older than what is known": {file, slug, nil, store.ErrOlderFile},
		"a newer program's":        {file, slug, func(o *store.OrgRestore) { o.File.Schema++ }, store.ErrNewerFile},
		"a newer platform's":       {file, slug, func(o *store.OrgRestore) { o.File.Platform++ }, store.ErrNewerFile},
		"another master key":       {file, slug, func(o *store.OrgRestore) { o.AcceptOlder, o.Master = true, masterOf(t, "dead") }, seal.ErrWrongKey},
		"a changed row":            {reseal(t, file, "sops", "canary", "Canary"), slug, older, orgfile.ErrChanged},
		"a changed audit entry":    {reseal(t, file, "audit_entries", "Olga", "Olge"), slug, older, orgfile.ErrChanged},
		"a missing table":          {reseal(t, file, "sops", "", ""), slug, older, orgfile.ErrChanged},
		"a reserved address":       {file, "admin", older, nil},
		"an unknown owner":         {file, slug, func(o *store.OrgRestore) { o.AcceptOlder, o.Owner = true, "nobody@example.com" }, nil},
	} {
		_, err := x.restore(t, test.file, test.slug, test.change)
		var invalid store.Invalid
		if err == nil || test.want != nil && !errors.Is(err, test.want) || test.want == nil && !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for table, rows := range x.content(t, "public") {
		if before[table] != rows {
			t.Errorf("a refused restore left something in public.%s", table)
		}
	}
	if left := scan[string](t, x.super, `select nspname::text from pg_namespace where nspname like 'tenant\_%'`); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}

	// Given up knowingly, what the file lacks is noted, and the log goes on from there.
	report, err := x.restore(t, file, slug, older)
	if err != nil || report.Lost != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	x.verify(t, slug)
}

func older(o *store.OrgRestore) { o.AcceptOlder = true }

// reseal changes text in one table of a file, or leaves the table out. The manifest stays as it was, and so does its seal.
func reseal(t *testing.T, file []byte, table, from, to string) []byte {
	t.Helper()
	archive := got[*zip.Reader](t)(zip.NewReader(bytes.NewReader(file), int64(len(file))))
	var changed bytes.Buffer
	w := zip.NewWriter(&changed)
	for _, part := range archive.File {
		content := got[[]byte](t)(io.ReadAll(got[io.ReadCloser](t)(part.Open())))
		if part.Name == "tables/"+table {
			if from == "" {
				continue
			}
			altered := bytes.ReplaceAll(content, []byte(from), []byte(to))
			if bytes.Equal(altered, content) {
				t.Fatalf("%s is not in %s", from, table)
			}
			content = altered
		}
		if _, err := got[io.Writer](t)(w.Create(part.Name)).Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return changed.Bytes()
}

// An organisation moves to an installation that knows neither its people nor its master key.
func TestAnOrganisationMoves(t *testing.T) {
	t.Parallel()
	from, to := install(t), install(t)
	tenant := from.org(t)
	taken := storetest.Email("mara")
	storetest.Exec(t, from.dsn("postgres"), `insert into public.users (id, email, name, password_hash) values ('00000000-0000-4000-8000-0000000000c1', $1, 'Mara', 'x')`, taken)
	storetest.Exec(t, from.dsn("postgres"), `insert into public.memberships (org_id, user_id, role) values ($1, '00000000-0000-4000-8000-0000000000c1', 'MEMBER')`, tenant.Org.ID)
	storetest.Exec(t, from.dsn("postgres"), `update `+schemaOf(tenant)+`.people set email = $1 where user_id = '00000000-0000-4000-8000-0000000000c1'`, taken)
	heard, account := withKey(t, tenant)
	file := from.export(t, tenant.Org.Slug)

	host := storetest.OwnerIn(t, to.store)
	storetest.Exec(t, to.dsn("postgres"), `update public.users set email = $1 where id = $2`, taken, host.User.ID)
	opened := got[orgfile.File](t)(orgfile.Open(bytes.NewReader(file), int64(len(file)), from.signer.VerifierKey()))
	slug := storetest.Slug("moved")
	report, err := to.migrator.RestoreOrg(t.Context(), store.OrgRestore{
		File: opened, FileKey: from.signer.VerifierKey(), Slug: slug, By: "The operator", Kept: to.kept, Master: to.master, Former: &from.master, Owner: taken,
	})
	if err != nil || !slices.Equal(report.Made, []string{tenant.User.Email}) || !slices.Equal(report.Former, []string{taken}) {
		t.Fatalf("%+v, %v", report, err)
	}
	moved := storetest.ViewIn(t, to.store, tenant.User, slug)
	if err := moved.RotateKey(t.Context()); err != nil {
		t.Errorf("its secrets under another master key: %v", err)
	}
	heard.hears(t, moved, account)
	if view := storetest.ViewIn(t, to.store, host.User, slug); view.Role != store.Owner {
		t.Errorf("the owner who was named is %s", view.Role)
	}
	states := scan[string](t, to.super, `select state from tenant_`+strings.ReplaceAll(slug, "-", "_")+`.people where email = $1 order by state`, taken)
	if !slices.Equal(states, []string{"ACTIVE", "LEFT"}) { // the account here, and the person that the history names
		t.Errorf("people with the address that was taken: %q", states)
	}
	if _, err := to.store.Authenticate(t.Context(), tenant.User.Email, storetest.Password, store.Place{}); err == nil {
		t.Error("the account that was made has the password of the other installation")
	}
	to.verify(t, slug)
}

// A file of an older version is put into tables of that version, and those are migrated.
func TestAnOlderFileIsMigrated(t *testing.T) {
	t.Parallel()
	x := install(t)
	_, latest := store.SchemaVersions()
	run(t, x.super, `create temporary table kept as select * from public.tenant_migrations`)
	run(t, x.super, `delete from public.tenant_migrations where version > $1`, latest-5)
	tenant := storetest.OwnerIn(t, x.store)
	run(t, x.super, `insert into public.tenant_migrations select * from kept on conflict do nothing`)
	file := x.export(t, tenant.Org.Slug)
	x.drop(t, tenant)
	slug := storetest.Slug("older")
	if _, err := x.restore(t, file, slug, nil); err != nil {
		t.Fatal(err)
	}
	if version := scan[int](t, x.super, `select schema_version from public.orgs`); !slices.Equal(version, []int{latest}) {
		t.Errorf("version %d", version)
	}
	if _, drift, err := x.migrator.CheckTenants(t.Context(), nil); err != nil || len(drift) > 0 {
		t.Errorf("%v, %v", drift, err)
	}
	storetest.ViewIn(t, x.store, tenant.User, slug)
}
