package store

import (
	"context"
	"slices"
	"strings"
)

// DoorCheck is one condition of the one-way door, as the database in use keeps it or not.
type DoorCheck struct {
	Name    string // such as set-config
	Promise string // what holds when the check passes
	Problem string // what was found instead; "" when it passes
	Advice  string // what to do about it
}

// OK says that the promise holds.
func (c DoorCheck) OK() bool { return c.Problem == "" }

// doorCheck is a condition as a query: the rows are what breaks it. It is asked as surrealm_web, at each start of a server and
// with thousands of organisations: pg_has_role, which counts all memberships of a role anew, and a look at every table take minutes.
type doorCheck struct {
	name, promise, query, advice string
	found                        string // begins the sentence about the rows
	acceptable                   bool   // a database without a superuser cannot keep it
}

const (
	adviceRole      = "Run surrealm migrate --bootstrap-url; if an attribute was given to the role by hand, take it away with ALTER ROLE."
	adviceBootstrap = "Run surrealm migrate --bootstrap-url with the address of a superuser. A managed database that has none can be accepted as it is, by naming the check in ACCEPT_WEAKER_DOOR."
)

// logins are the roles of a running server.
const logins = `(select r.* from pg_catalog.pg_roles r where r.rolname in ('surrealm_web', 'surrealm_ctl'))`

var doorChecks = []doorCheck{{
	name:    "who",
	promise: "the server logs in as surrealm_web",
	query:   `select format('it logs in as %s', session_user) where session_user <> 'surrealm_web'`,
	advice:  "Let DATABASE_URL log in as surrealm_web.",
}, {
	name:    "superuser",
	promise: "neither login role is a superuser or may make roles",
	query:   `select r.rolname || ' is' from ` + logins + ` r where r.rolsuper or r.rolcreaterole or r.rolreplication`,
	advice:  adviceRole,
}, {
	name:    "bypassrls",
	promise: "neither login role passes by row security",
	query:   `select r.rolname || ' does' from ` + logins + ` r where r.rolbypassrls`,
	advice:  adviceRole,
}, {
	name:    "ownership",
	promise: "neither login role owns anything in the database",
	query: `
		select format('%s owns %s', r.rolname, pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid))
		from ` + logins + ` r join pg_catalog.pg_shdepend d on d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass and d.refobjid = r.oid
		where d.deptype = 'o' and d.dbid = (select b.oid from pg_catalog.pg_database b where b.datname = pg_catalog.current_database())`,
	advice: "Give it to surrealm_owner with ALTER ... OWNER TO.",
}, {
	name:    "inherit",
	promise: "no login role has a tenant's rights before it enters the tenant",
	query: `
		select format('%s inherits %s', r.rolname, t.rolname)
		from ` + logins + ` r join pg_catalog.pg_roles t on t.rolname ~ '^tenant_' or t.rolname in ('surrealm_tenant', 'surrealm_owner', 'audit_owner')
		where pg_catalog.pg_has_role(r.oid, t.oid, 'USAGE')
		union all
		select format('%s may become %s', b.rolname, t.rolname)
		from (
			with recursive becomes as (
				select r.rolname, r.oid as role from ` + logins + ` r
				union
				select b.rolname, m.roleid from becomes b join pg_catalog.pg_auth_members m on m.member = b.role
			)
			select * from becomes
		) b join pg_catalog.pg_roles t on t.oid = b.role
		where t.rolname in ('surrealm_owner', 'audit_owner', 'surrealm_migrator') or (t.rolname ~ '^tenant_' and b.rolname <> 'surrealm_web')`,
	advice: "Run ALTER ROLE ... NOINHERIT, and REVOKE the membership that is named.",
}, {
	name:    "functions",
	promise: "no function of the platform can be called by everybody",
	query: `
		select p.oid::regprocedure::text from pg_catalog.pg_proc p
		where p.pronamespace in (select n.oid from pg_catalog.pg_namespace n where n.nspname in ('public', 'gate'))
			and pg_catalog.has_function_privilege('public', p.oid, 'EXECUTE')
			and not exists (select from pg_catalog.pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
	found:  "everybody may execute ",
	advice: "Run REVOKE EXECUTE ON FUNCTION ... FROM PUBLIC.",
}, {
	name:    "set-config",
	promise: "inside a tenant no setting can be changed",
	query: `
		select 'set_config'
		where pg_catalog.has_function_privilege('public', 'pg_catalog.set_config(text, text, boolean)', 'EXECUTE')`,
	found:      "everybody may execute ",
	advice:     adviceBootstrap,
	acceptable: true,
}, {
	name:    "sql-from-text",
	promise: "inside a tenant no function runs SQL that it is given as text",
	query: `
		select p.oid::regprocedure::text from pg_catalog.pg_proc p
		where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
			and p.proname ~ '^((query|cursor|table|schema|database)_to_xml|ts_stat$|ts_rewrite$)'
			and pg_catalog.has_function_privilege('public', p.oid, 'EXECUTE')`,
	found:      "everybody may execute ",
	advice:     adviceBootstrap,
	acceptable: true,
}}

// MayBeAccepted says whether a check of that name exists and an operator may accept its failure.
func MayBeAccepted(name string) bool {
	return slices.ContainsFunc(doorChecks, func(c doorCheck) bool { return c.name == name && c.acceptable })
}

// CheckDoor asks the database whether it keeps every condition of the door.
func (s *Store) CheckDoor(ctx context.Context) ([]DoorCheck, error) {
	conn, err := s.web.Acquire(ctx)
	if err != nil {
		return nil, translate(err)
	}
	defer conn.Release()
	results := make([]DoorCheck, 0, len(doorChecks))
	for _, check := range doorChecks {
		found, err := texts(ctx, conn, check.query)
		if err != nil {
			return nil, translate(err)
		}
		results = append(results, DoorCheck{
			Name: check.name, Promise: check.promise, Problem: shorten(check.found, found), Advice: check.advice,
		})
	}
	return results, nil
}

// shorten makes a sentence that names at most three of many findings.
func shorten(prefix string, found []string) string {
	if len(found) == 0 {
		return ""
	}
	if len(found) > 3 {
		found = append(found[:3:3], "and more")
	}
	return prefix + strings.Join(found, ", ")
}
