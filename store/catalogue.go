package store

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"surrealm/tenant_schema"
)

//go:embed catalogue.sql
var catalogueSQL string

// catalogueItem is one thing that the database knows about a tenant: a column, a constraint, a grant. Texts are the same
// for every tenant, because the name of its schema and role is replaced.
type catalogueItem struct {
	Table string `db:"object"` // "" for what belongs to the schema or the role
	Kind  string `db:"kind"`
	Name  string `db:"name"`
	Text  string `db:"definition"`
}

func (i catalogueItem) key() string { return i.Table + "\x00" + i.Kind + "\x00" + i.Name }

// String names the item for people, such as: sops: constraint sops_status.
func (i catalogueItem) String() string {
	where := ""
	if i.Table != "" {
		where = i.Table + ": "
	}
	return where + strings.TrimSpace(i.Kind+" "+i.Name)
}

// catalogue reads everything about one tenant that its migrations decide. tx acts as surrealm_owner.
func catalogue(ctx context.Context, tx pgx.Tx, schema string) ([]catalogueItem, error) {
	// Names in the tenant's own path are printed without their schema.
	if _, err := tx.Exec(ctx, `select set_config('search_path', $1, true)`, schema+", ext"); err != nil {
		return nil, err
	}
	items, err := many[catalogueItem](ctx, tx, catalogueSQL, schema)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue of %s: %w", schema, err)
	}
	own := regexp.MustCompile(`\b` + regexp.QuoteMeta(schema) + `\b`)
	for i := range items {
		items[i].Name = own.ReplaceAllString(items[i].Name, tenantschema.TenantPlaceholder)
		items[i].Text = own.ReplaceAllString(items[i].Text, tenantschema.TenantPlaceholder)
	}
	return items, nil
}

// templateSchema is a name that no organisation can have, because its address is reserved.
const templateSchema = "tenant_template"

// template is the catalogue of a tenant as it is made now. The tenant is made and never committed. Another template that
// is being read makes this one wait.
func template(ctx context.Context, conn *pgx.Conn) ([]catalogueItem, error) {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer rollback(ctx, tx)
	return templateIn(ctx, tx)
}

func templateIn(ctx context.Context, tx pgx.Tx) ([]catalogueItem, error) {
	if _, err := tx.Exec(ctx, `select public.provision_tenant($1, 2147483647)`, templateSchema); err != nil {
		return nil, fmt.Errorf("make the template: %w", err)
	}
	return catalogue(ctx, tx, templateSchema)
}

// compareCatalogues says in lines what a tenant has that the template has not, and the other way round.
func compareCatalogues(want, have []catalogueItem) []string {
	missing := make(map[string]catalogueItem, len(want))
	for _, item := range want {
		missing[item.key()] = item
	}
	var drift []string
	for _, item := range have {
		expected, known := missing[item.key()]
		delete(missing, item.key())
		switch {
		case !known:
			drift = append(drift, fmt.Sprintf("%s is not part of the template: %s", item, item.Text))
		case expected.Text != item.Text:
			drift = append(drift, fmt.Sprintf("%s differs: it is %s, and should be %s", item, item.Text, expected.Text))
		}
	}
	for _, item := range missing {
		drift = append(drift, fmt.Sprintf("%s is missing: %s", item, item.Text))
	}
	slices.Sort(drift)
	return drift
}
