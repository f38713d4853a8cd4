package store

import (
	"context"
	"fmt"
	"regexp"
	"slices"
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
	return schemaText(latest, items), nil
}

const schemaHeader = `-- version %d
-- What every organisation owns: the files of this folder together, as PostgreSQL tells it. A new one is made by this text.
-- Written by make schema; a test keeps it current. @tenant is the organisation's schema and role.
`

// schemaText writes a catalogue down: the role and the schema, then each table after those that it refers to, and at last
// the keys between tables that refer to each other.
func schemaText(version int, items []catalogueItem) string {
	tables := map[string][]catalogueItem{}
	var names []string
	for _, item := range items {
		if _, known := tables[item.Table]; !known {
			names = append(names, item.Table)
		}
		tables[item.Table] = append(tables[item.Table], item)
	}
	var b strings.Builder
	fmt.Fprintf(&b, schemaHeader, version)
	var late []string
	for len(names) > 0 {
		name := nextTable(tables, names)
		names = slices.DeleteFunc(names, func(other string) bool { return other == name })
		late = append(late, writeTable(&b, tables[name], names)...)
	}
	if len(late) > 0 {
		fmt.Fprintf(&b, "\n-- owned by surrealm_owner, keys of tables that refer to each other\n%s;\n", strings.Join(late, ";\n"))
	}
	return b.String()
}

// nextTable is the first of the names that refers to none of the others, or else to one that refers back.
func nextTable(tables map[string][]catalogueItem, names []string) string {
	for _, name := range names {
		if len(refersTo(tables[name], names)) == 0 {
			return name
		}
	}
	for _, name := range names {
		for _, other := range refersTo(tables[name], names) {
			if slices.Contains(refersTo(tables[other], names), name) {
				return name
			}
		}
	}
	return names[0]
}

var foreignKey = regexp.MustCompile(`^constraint \S+ FOREIGN KEY .* REFERENCES (\w+)\(`)

// refersTo are those of some tables that an item of a table has a foreign key to, the table itself left out.
func refersTo(items []catalogueItem, some []string) (found []string) {
	for _, item := range items {
		if key := foreignKey.FindStringSubmatch(item.Text); key != nil && key[1] != item.Table && slices.Contains(some, key[1]) {
			found = append(found, key[1])
		}
	}
	return found
}

// writeTable writes one table: its columns and constraints as create table, the rest as statements of their own. It returns
// those that have to wait for tables which are not there yet.
func writeTable(b *strings.Builder, items []catalogueItem, missing []string) (late []string) {
	var inside, after []string
	about := ""
	for _, item := range items {
		switch {
		case item.Kind == "table":
			about = item.Text
			if strings.Contains(about, "row security is enabled and forced") {
				after = append(after, fmt.Sprintf("alter table %s enable row level security, force row level security", item.Table))
			}
		case len(refersTo([]catalogueItem{item}, missing)) > 0:
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
