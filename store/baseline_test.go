package store_test

import (
	"fmt"
	"strings"
	"testing"

	"surrealm/store/storetest"
	"surrealm/tenant_schema"
)

func TestBaselineStandsForEveryMigration(t *testing.T) {
	t.Parallel()
	version, sql, err := tenantschema.Baseline()
	if err != nil {
		t.Fatal(err)
	}
	latest, err := tenantschema.Latest()
	if err != nil {
		t.Fatal(err)
	}
	if version != latest {
		t.Errorf("schema.sql is of version %d, and the files go up to %d; run make schema", version, latest)
	}
	if strings.Contains(sql, "audit_entries (") {
		t.Error("the baseline makes a table of the audit's own, which its owner has to make")
	}
}

// What the two make is compared thing by thing in TestAnUpgradedSchemaIsAFreshOne; this is about the rows in it.
func TestBaselineLeavesTheRowsThatMigrationsLeave(t *testing.T) {
	t.Parallel()
	_, dsn := storetest.FreshStore(t)
	conn := behindTheWalls(t, dsn)
	rows := func(schema string) string {
		run(t, conn, `select public.provision_tenant($1, 2147483647)`, schema)
		var found []string
		for _, table := range scan[string](t, conn, `select tablename::text from pg_tables where schemaname = $1 order by 1`, schema) {
			for _, row := range scan[string](t, conn, fmt.Sprintf(`select (to_jsonb(r) - 'at')::text from %s.%s r`, schema, table)) {
				found = append(found, table+" "+row)
			}
		}
		return strings.Join(found, "\n")
	}
	byBaseline := rows("tenant_baseline")
	run(t, conn, `delete from public.tenant_baseline`)
	if byFiles := rows("tenant_files"); byBaseline != byFiles || !strings.HasPrefix(byFiles, "audit_head ") {
		t.Errorf("by the baseline:\n%s\nby each file:\n%s", byBaseline, byFiles)
	}
}

func TestNewOrganisationsAreMadeByTheBaseline(t *testing.T) {
	t.Parallel()
	_, dsn := storetest.FreshStore(t)
	conn := behindTheWalls(t, dsn)
	run(t, conn, `update public.tenant_baseline set sql = 'select ''the baseline''::int'`)
	_, err := conn.Exec(t.Context(), `select public.provision_tenant('tenant_new', 2147483647)`)
	if err == nil || !strings.Contains(err.Error(), "the baseline") {
		t.Errorf("the stored text was not run: %v", err)
	}
	// At an earlier version it stands for too much.
	run(t, conn, `select public.provision_tenant('tenant_old', 2)`)
}
