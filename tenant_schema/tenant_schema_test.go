package tenantschema

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAll(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no migrations embedded")
	}
	latest, err := Latest()
	if err != nil {
		t.Fatal(err)
	}
	if last := all[len(all)-1].Version; latest != last {
		t.Errorf("Latest() = %d, last version is %d", latest, last)
	}
	for _, m := range all {
		if m.AsAuditOwner != (m.Name == "audit") {
			t.Errorf("%04d_%s: AsAuditOwner = %t", m.Version, m.Name, m.AsAuditOwner)
		}
		if len(m.Checksum) != 64 {
			t.Errorf("%04d_%s: checksum %q", m.Version, m.Name, m.Checksum)
		}
	}
}

func TestReadFiles(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

	t.Run("OK", func(t *testing.T) {
		all, err := read(fstest.MapFS{
			"0002_log_book.sql": file("-- run as: audit_owner\n-- Why.\n"),
			"0001_people.sql":   file("-- Why.\n-- run as: audit_owner\n"),
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 2 || all[0].Name != "people" || all[1].Name != "log_book" {
			t.Fatalf("read %+v", all)
		}
		if all[0].AsAuditOwner || !all[1].AsAuditOwner {
			t.Error("only a first line may ask for the audit's role")
		}
	})

	for name, fsys := range map[string]fstest.MapFS{
		"ErrGap":      {"0001_people.sql": file(""), "0003_sops.sql": file("")},
		"ErrTwice":    {"0001_people.sql": file(""), "0001_sops.sql": file("")},
		"ErrNotFirst": {"0002_people.sql": file("")},
		"ErrDigits":   {"001_people.sql": file("")},
		"ErrCase":     {"0001_People.sql": file("")},
		"ErrNoName":   {"0001.sql": file("")},
	} {
		t.Run(name, func(t *testing.T) {
			if all, err := read(fsys); err == nil {
				t.Errorf("accepted %+v", all)
			}
		})
	}
}

// What must not be in a tenant schema: see the package comment, and the lists of what schema sharding refuses.
var forbidden = regexp.MustCompile(`(?i)\b(` + strings.Join([]string{
	`create\s+(or\s+replace\s+)?(type|domain|function|procedure|view|materialized|sequence|extension|schema|aggregate|cast|rule)`,
	`create\s+(unlogged|temp|temporary|foreign)`,
	`inherits`,
	`partition\s+(by|of)`,
	`set\s+schema`,
	`(small|big)?serial`,
	`public\.`,
	`security\s+definer`,
	`disable\s+(row|trigger)`,
	`if\s+not\s+exists`,
}, `|`) + `)`)

func TestFilesKeepToTables(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	comment := regexp.MustCompile(`(?m)--.*$`)
	for _, m := range all {
		if found := forbidden.FindString(comment.ReplaceAllString(m.SQL, "")); found != "" {
			t.Errorf("%04d_%s: %q does not belong in a tenant schema", m.Version, m.Name, found)
		}
		if strings.Contains(m.SQL, "create table") && !strings.Contains(m.SQL, TenantPlaceholder) {
			t.Errorf("%04d_%s: grants nothing to the tenant's role", m.Version, m.Name)
		}
		if !strings.HasPrefix(m.SQL, "-- ") {
			t.Errorf("%04d_%s: does not open with the reason for it", m.Version, m.Name)
		}
	}
}
