package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// wholeTable is a table as an export copies it and a restore fills it.
type wholeTable struct {
	Name    string   `db:"name"`
	Owner   string   `db:"owner"`   // who may fill it
	Columns []string `db:"columns"` // those that are stored, not computed
	Needs   []string `db:"needs"`   // tables whose rows have to be there before
	Walled  bool     `db:"walled"`  // row security is on
	Opened  bool     `db:"opened"`  // and lets an export through
	OrgKey  string   `db:"org_key"` // the column that refers to public.orgs; "" for a tenant's own tables
	Numbers bool     `db:"numbers"` // its key comes from a sequence, so its rows cannot be put elsewhere
}

// tablesInOrder lists the tables of a schema so that each comes after those that it refers to. The catalogue tells, so a
// table of a later migration is in its place without anybody's help.
func tablesInOrder(ctx context.Context, tx pgx.Tx, schema string) ([]wholeTable, error) {
	left, err := many[wholeTable](ctx, tx, `
		select c.relname::text as name, c.relowner::regrole::text as owner, c.relrowsecurity as walled,
			array(select a.attname::text from pg_attribute a
				where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
			array(select distinct n.relname::text from pg_constraint f join pg_class n on n.oid = f.confrelid
				where f.conrelid = c.oid and f.contype = 'f' and not f.condeferrable and f.confrelid <> c.oid
					and n.relnamespace = c.relnamespace) as needs,
			exists (select from pg_policy p where p.polrelid = c.oid and p.polname = c.relname || '_export') as opened,
			coalesce((select a.attname::text from pg_constraint f join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
				where f.conrelid = c.oid and f.contype = 'f' and f.confrelid = to_regclass('public.orgs') limit 1), '') as org_key,
			exists (select from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
				where a.attrelid = c.oid and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')) as numbers
		from pg_class c
		where c.relnamespace = $1::regnamespace and c.relkind = 'r'
		order by c.relname`, pgx.Identifier{schema}.Sanitize())
	if err != nil {
		return nil, fmt.Errorf("list the tables of %s: %w", schema, err)
	}
	ordered, placed := []wholeTable{}, map[string]bool{}
	for len(left) > 0 {
		before := len(left)
		left = slices.DeleteFunc(left, func(t wholeTable) bool {
			if slices.ContainsFunc(t.Needs, func(name string) bool { return !placed[name] }) {
				return false
			}
			ordered, placed[t.Name] = append(ordered, t), true
			return true
		})
		if len(left) == before {
			return nil, fmt.Errorf("%s and others refer to each other in a circle: no order fills them", left[0].Name)
		}
	}
	return ordered, nil
}

// headTable holds one row that follows from the audit entries.
const headTable = "audit_head"

// notCarried are tables of the platform that an organisation leaves behind, each with the reason.
var notCarried = map[string]string{
	"invitations":         "their links hold for the place that sent them",
	"audit_verifications": "what was found there; it is found again",
}

// platformTables lists the tables of the platform with rows of organisations, beside orgs itself, that go along with one.
func platformTables(ctx context.Context, tx pgx.Tx) ([]wholeTable, error) {
	all, err := tablesInOrder(ctx, tx, "public")
	return slices.DeleteFunc(all, func(t wholeTable) bool {
		return t.OrgKey == "" || t.Numbers || notCarried[t.Name] != ""
	}), err
}

// quoted writes names for SQL. They come from the catalogue, or were compared with it.
func quoted(names ...string) string {
	list := make([]string, 0, len(names))
	for _, name := range names {
		list = append(list, pgx.Identifier{name}.Sanitize())
	}
	return strings.Join(list, ", ")
}

// plainText makes what a table's rows look like in a file independent of the server's settings.
const plainText = `
	select set_config('datestyle', 'ISO, YMD', true), set_config('intervalstyle', 'iso_8601', true), set_config('timezone', 'UTC', true),
		set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true), set_config('statement_timeout', '0', true)`
