package store

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"surrealm/tenant_schema"
)

// TenantSchema returns what all files of tenant_schema come to, as one SQL text that makes the same: tenantschema.Baseline
// once it is committed. A template is made for it by all migrations, never by the baseline that is stored.
func (m *Migrator) TenantSchema(ctx context.Context) (string, error) {
	latest, err := tenantschema.Latest()
	if err != nil {
		return "", err
	}
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer rollback(ctx, tx)
	if _, err := tx.Exec(ctx, `delete from public.tenant_baseline`); err != nil {
		return "", err
	}
	items, err := templateIn(ctx, tx)
	if err != nil {
		return "", err
	}
	order, err := tablesInOrder(ctx, tx, templateSchema)
	if err != nil {
		return "", err
	}
	return schemaText(latest, items, order), nil
}

const schemaHeader = `-- version %d
-- What every organisation owns: the files of this folder together, as PostgreSQL tells it. A new one is made by this text.
-- Written by make schema; a test keeps it current. @tenant is the organisation's schema and role.
`

// schemaText writes a catalogue down: the role and the schema, then the tables in an order in which each comes after those
// that it refers to, and at last the deferred keys to later ones.
func schemaText(version int, items []catalogueItem, order []wholeTable) string {
	of := map[string][]catalogueItem{}
	for _, item := range items {
		of[item.Table] = append(of[item.Table], item)
	}
	var b strings.Builder
	fmt.Fprintf(&b, schemaHeader, version)
	writeTable(&b, of[""], nil)
	var late []string
	written := map[string]bool{}
	for _, table := range order {
		written[table.Name] = true
		late = append(late, writeTable(&b, of[table.Name], written)...)
	}
	if len(late) > 0 {
		fmt.Fprintf(&b, "\n-- owned by surrealm_owner, keys of tables that refer to each other\n%s;\n", strings.Join(late, ";\n"))
	}
	return b.String()
}

var foreignKey = regexp.MustCompile(`^constraint \S+ FOREIGN KEY .* REFERENCES (\w+)\(`)

// writeTable writes one table: its columns and constraints as create table, the rest as statements of their own. It returns
// the keys that have to wait for tables which are not written yet.
func writeTable(b *strings.Builder, items []catalogueItem, written map[string]bool) (late []string) {
	var inside, after []string
	about := ""
	for _, item := range items {
		key := foreignKey.FindStringSubmatch(item.Text)
		switch {
		case item.Kind == "table":
			about = item.Text
			if strings.Contains(about, "row security is enabled and forced") {
				after = append(after, fmt.Sprintf("alter table %s enable row level security, force row level security", item.Table))
			}
		case key != nil && !written[key[1]]:
			late = append(late, fmt.Sprintf("alter table %s add %s", item.Table, item.Text))
		case item.Kind == "column" || item.Kind == "constraint":
			inside = append(inside, "  "+item.Text)
		default:
			after = append(after, item.Text)
		}
	}
	b.WriteString("\n")
	if about != "" {
		fmt.Fprintf(b, "-- %s\ncreate table %s (\n%s\n);\n", about, items[0].Table, strings.Join(inside, ",\n"))
	}
	for _, statement := range after {
		fmt.Fprintf(b, "%s;\n", statement)
	}
	return late
}
