package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// What a member's transaction may do to the platform, to the people of the organisation, to its history, and to work
// that was signed off.

func TestThePlatformIsOutOfReachFromInside(t *testing.T) {
	t.Parallel()
	ours := storetest.Owner(t)
	super := storetest.Connect(t, "postgres")
	p := enter(t, ours)
	for _, schema := range []string{"public", "river"} {
		tables := scan[string](t, super, `select relname::text from pg_class
			where relnamespace = $1::regnamespace and relkind in ('r', 'v', 'm', 'S', 'p') order by 1`, schema)
		if len(tables) < 5 {
			t.Fatalf("only %q in %s", tables, schema)
		}
		for _, table := range tables {
			name := pgx.Identifier{schema, table}.Sanitize()
			p.refused(t, "select * from "+name, denied)
			p.refused(t, "delete from "+name, denied)
			p.refused(t, "insert into "+name+" default values", denied)
			// Nor has a tenant a table of that name, which a query with the wrong scope would read instead.
			p.refused(t, "select * from "+pgx.Identifier{table}.Sanitize(), unknownTable)
		}
	}
	p.refused(t, "update public.memberships set role = 'OWNER'", denied)
	p.refused(t, "insert into public.memberships select * from public.memberships", denied)
}

// The functions of the platform, and those of gate that are not the tenant's: by name, with arguments that would work.
func TestThePlatformsFunctionsCannotBeCalledFromInside(t *testing.T) {
	t.Parallel()
	ours, theirs := storetest.Owner(t), storetest.Owner(t)
	p := enter(t, ours)
	for _, call := range []string{
		fmt.Sprintf("select * from public.enter_tenant('%s', '%s')", theirs.Org.ID, theirs.User.ID),
		fmt.Sprintf("select * from public.enter_tenant('%s', '%s')", ours.Org.ID, ours.User.ID),
		"select public.provision_tenant('tenant_intruder')",
		"select public.keep_spare_tenants(9)",
		"select gate.make_tenant('tenant_intruder', 1)",
		"select gate.take_spare('tenant_intruder')",
		fmt.Sprintf("select public.apply_tenant_migrations('%s', 0)", schemaOf(ours)),
		fmt.Sprintf("select public.create_org(gen_random_uuid(), 'intruder', 'x', '%s')", ours.User.ID),
		fmt.Sprintf("select public.drop_org('%s', 'x')", theirs.Org.ID),
		fmt.Sprintf("select public.accept_invitation('\\x00', '%s')", ours.User.ID),
		fmt.Sprintf("select public.rename_user('%s', 'x')", theirs.User.ID),
		"select public.enqueue('delete_org', '{}')",
		"select public.queue_mail(gen_random_uuid(), 'a@b.c', 's', 'b')",
		"select public.refuse_ownerless_org()",
		fmt.Sprintf("select gate.append_entry('%s', '%s', null, 'x', 'a.b', 'x', null, 'x', '{}')", schemaOf(theirs), theirs.Org.ID),
		fmt.Sprintf("select gate.append_entry('%s', '%s', null, 'x', 'a.b', 'x', null, 'x', '{}')", schemaOf(ours), ours.Org.ID),
		fmt.Sprintf("select * from gate.audit_rows('%s', 0, 10)", schemaOf(theirs)),
		fmt.Sprintf("select * from gate.audit_head_of('%s')", schemaOf(theirs)),
		fmt.Sprintf("select gate.apply_audit_migration('%s', 2)", schemaOf(ours)),
		fmt.Sprintf("select gate.write_member('%s', 'OWNER', 'ACTIVE')", ours.User.ID),
		fmt.Sprintf("select gate.end_membership('%s')", ours.User.ID),
		fmt.Sprintf("select gate.lock_member('%s')", ours.User.ID),
		"select gate.require_role('OWNER')",
		"select gate.refuse_change()",
		"select gate.refuse_certified_change()",
	} {
		p.refused(t, call, denied, "0A000") // 0A000: a trigger's function, whoever calls it
	}
}

// Whom a gate function acts for is fixed by the door, and each asks the actor's role again: the pages' own checks are
// not the only ones.
func TestGateFunctionsAskTheRoleAgain(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	member := storetest.Join(t, owner, store.Member, "Mona Member")
	stranger := storetest.Owner(t)
	target := member.User.ID
	calls := []string{
		fmt.Sprintf("select gate.change_member_role('%s', 'MEMBER', 'OWNER')", target),
		fmt.Sprintf("select gate.set_member_state('%s', 'DISABLED')", target),
		fmt.Sprintf("select gate.remove_member('%s')", target),
		fmt.Sprintf("select gate.transfer_ownership('%s')", target),
		"select gate.update_org(1, 'x', 1)",
		"select gate.schedule_deletion()",
		"select gate.cancel_deletion()",
		"select * from gate.invitations()",
		"select gate.invite(gen_random_uuid(), 'a@b.c', 'ADMIN', '\\x00', 's', 'b')",
		"select gate.renew_invitation(gen_random_uuid(), '\\x00')",
		"select gate.revoke_invitation(gen_random_uuid())",
		"select gate.mail_invitation(gen_random_uuid(), gen_random_uuid(), 's', 'b')",
		"select gate.enqueue_llm_test(gen_random_uuid())",
	}
	for _, role := range []store.Role{store.Reviewer, store.Member, store.Auditor} {
		p := enter(t, storetest.Join(t, owner, role, "Rolf Role"))
		for _, call := range calls {
			p.refused(t, call, "SR403")
		}
	}
	admin := enter(t, storetest.Join(t, owner, store.Admin, "Ada Admin"))
	for _, call := range []string{
		fmt.Sprintf("select gate.change_member_role('%s', 'MEMBER', 'OWNER')", target),
		fmt.Sprintf("select gate.change_member_role('%s', 'OWNER', 'MEMBER')", owner.User.ID),
		fmt.Sprintf("select gate.set_member_state('%s', 'DISABLED')", owner.User.ID),
		fmt.Sprintf("select gate.remove_member('%s')", owner.User.ID),
		fmt.Sprintf("select gate.transfer_ownership('%s')", target),
		"select gate.schedule_deletion()",
		"select gate.cancel_deletion()",
	} {
		admin.refused(t, call, "SR403")
	}
	// An owner elsewhere has no power over this organisation's people: they are unknown there.
	elsewhere := enter(t, stranger)
	for _, call := range calls[:4] {
		elsewhere.refused(t, call, "SR404")
	}
	elsewhere.allowed(t, "select gate.update_org(1, 'x', 1)")
}

func TestPeopleAndRealmMembershipsAreReadOnly(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	p := enter(t, ours)
	for _, sql := range []string{
		"insert into people (user_id, display_name, email, org_role) values (gen_random_uuid(), 'x', 'x@y.z', 'OWNER')",
		"update people set org_role = 'OWNER'",
		"update people set display_name = 'x'",
		"update people set state = 'ACTIVE', left_at = null",
		"delete from people",
		"truncate people cascade",
		"select * from people for update",
		"select * from people for share",
		"select * from people for key share",
		"insert into realms_users (realm_id, user_id, role, state, invited_by, joined_at) values ('a1000000-0000-4000-8000-000000000002', '" +
			ours.User.ID.String() + "', 'OWNER', 'ACTIVE', '" + ours.User.ID.String() + "', now())",
		"update realms_users set role = 'OWNER'",
		"delete from realms_users",
		"select * from realms_users for update",
		"insert into realms (id, owner_id, slug, name) values (gen_random_uuid(), '" + ours.User.ID.String() + "', 'x', 'x')",
		"update realms set owner_id = owner_id",
		"update realms set type = 'PUBLIC'",
		"update realms set status = 'ACTIVE'",
		"delete from realms",
	} {
		p.refused(t, sql, denied)
	}
	p.allowed(t, "select * from people")
}

func TestTheAuditLogOnlyGrows(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	attempts := []string{
		"update audit_entries set body = 'x'",
		"update audit_entries set actor_name = 'x' where false",
		"delete from audit_entries",
		"delete from audit_entries where false",
		"truncate audit_entries",
		"delete from audit_head",
		"truncate audit_head",
	}
	member := enter(t, ours)
	for _, sql := range append([]string{
		"insert into audit_entries (seq, body, hash, prev_hash, at, actor_name, action, object_type, object_label) " +
			"values (99, 'x', sha256('x'), sha256('y'), now(), 'x', 'a.b', 'x', 'x')",
		"update audit_head set seq = 0",
		"insert into audit_head (seq, hash, at) values (0, sha256('x'), now())",
		"select * from audit_entries for update",
		"select * from audit_entries for share",
		"select * from audit_head for update",
		"select * from audit_head for key share",
		"lock table audit_entries in share mode",
		"lock table audit_head in row exclusive mode",
		"alter table audit_entries disable trigger audit_entries_append_only",
		"alter table audit_entries disable trigger all",
		"drop trigger audit_entries_append_only on audit_entries",
		"set local session_replication_role = replica",
	}, attempts...) {
		member.refused(t, sql, denied)
	}
	member.allowed(t, "select * from audit_entries, audit_head")

	// The owner of the table and even a superuser who plays replica run into the trigger.
	for _, setup := range []string{"set local role audit_owner", "set local session_replication_role = replica"} {
		p := newProbe(t, "postgres")
		p.run(t, setup)
		p.run(t, `select set_config('search_path', $1, true)`, schemaOf(ours))
		for _, sql := range attempts {
			p.refused(t, sql, denied)
		}
	}
}

func TestOnceAVersionHasLeftDraftItsContentIsFinal(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	p := enter(t, ours)
	const certified, review = "where id = '30000000-0000-4000-8000-000000000001'", "where id = '30000000-0000-4000-8000-000000000003'"
	for _, set := range []string{"title = 'x'", "description = 'x'", "source = 'x'", "graph = '{}'", "graph_hash = repeat('f', 64)",
		"hash = repeat('f', 64)", "previous_hash = repeat('b', 64), previous_version_id = '30000000-0000-4000-8000-000000000002'"} {
		p.refused(t, "update sops set "+set+" "+certified, finalState, noReference)
		p.refused(t, "update sops set "+set+" "+review, finalState, noReference)
	}
	for _, set := range []string{"certified_at = now()", "status = 'DRAFT', hash = null, certified_at = null", "status = 'REVIEW', certified_at = null"} {
		p.refused(t, "update sops set "+set+" "+certified, finalState)
	}
	p.refused(t, "update sops set status = 'DEPRECATED', certified_at = now(), deprecated_at = now() "+review, finalState)
	p.refused(t, "delete from sops "+certified, finalState)
	p.refused(t, "delete from sops "+review, finalState)
	p.refused(t, "update sops set created_by = '00000000-0000-4000-8000-0000000000c1'", denied)
	p.refused(t, "update sops set version = 9", denied)
	p.refused(t, "update sops set line_id = line_id", denied)
	// A second certified version of the line needs the first one deprecated.
	p.refused(t, "update sops set status = 'CERTIFIED', certified_at = now() "+review, taken)
	p.allowed(t, "update sops set title = 'x' where id = '30000000-0000-4000-8000-000000000002'")
	p.allowed(t, "update sops set status = 'DEPRECATED', deprecated_at = now() "+certified)
	for _, table := range []string{"proposal_revisions", "sop_signatures", "persona_versions", "compliance_checks", "graph_edits"} {
		p.refused(t, fmt.Sprintf("update %s set %[2]s = %[2]s", table, firstColumn(t, ours, table)), denied)
	}
	for _, table := range []string{"proposal_revisions", "sop_signatures", "reviews", "persona_versions", "compliance_checks", "signing_keys",
		"sop_proposals", "surrogates", "sessions"} {
		p.refused(t, "delete from "+table, denied)
	}
	p.refused(t, "delete from sop_lines", noReference) // an empty one may go
	p.refused(t, "update reviews set verdict = 'REJECT'", denied)
	p.refused(t, "update reviews set reviewer = proposed_by", denied)
	p.refused(t, "update signing_keys set public_key = public_key", denied)
	p.refused(t, "update signing_keys set user_id = user_id", denied)
}

func TestNobodySignsOffTheirOwnWork(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	me, other := ours.User.ID.String(), "00000000-0000-4000-8000-0000000000c1"
	p := enter(t, ours)
	fill := strings.NewReplacer("@me", me, "@other", other)
	review := func(by, author string) string {
		return fill.Replace(fmt.Sprintf(`insert into reviews (id, proposal_id, revision, proposed_by, reviewer, verdict, reason)
			values (gen_random_uuid(), '60000000-0000-4000-8000-000000000001', 1, '%s', '%s', 'APPROVE', 'r')`, author, by))
	}
	p.refused(t, review("@me", "@me"), brokenRule)
	p.refused(t, review("@me", "@other"), noReference) // an invented author
	p.refused(t, review("@other", "@me"), taken)       // a second verdict on the same revision
	certify := func(signer, author, key string) string {
		return fill.Replace(fmt.Sprintf(`insert into sop_signatures (id, sop_id, revision, key_id, signer, author, decision, statement, signature)
			values (gen_random_uuid(), '30000000-0000-4000-8000-000000000003', 1, '40000000-0000-4000-8000-00000000000%s', '%s', '%s', 'CERTIFY', 's',
			decode(repeat('00', 64), 'hex'))`, key, signer, author))
	}
	p.refused(t, certify("@me", "@me", "1"), brokenRule)
	p.refused(t, certify("@me", "@other", "1"), noReference)
	p.refused(t, certify("@other", "@me", "1"), noReference) // with a key that is not the signer's
	p.allowed(t, certify("@other", "@me", "2"))
}
