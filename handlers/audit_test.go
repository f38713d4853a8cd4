package handlers_test

import (
	"strings"
	"testing"

	"surrealm/store"
	"surrealm/store/auditlog"
)

func TestTheExportedLogVerifiesElsewhere(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	owner, tenant := a.owner(t)

	page := owner.post(t, "/o/"+tenant.Org.Slug+"/audit/export", nil)

	page.status(t, 200)
	report, err := auditlog.VerifyBundle(strings.NewReader(page.body), auditlog.VerifyOptions{})
	if err != nil || !report.OK() || report.Entries != 2 || report.CheckpointsVerified != 1 {
		t.Errorf("report = %q (%v)", report.Lines(), err)
	}
}

func TestTheAuditLogIsNotForEveryRole(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	_, tenant := a.owner(t)
	member, _ := a.join(t, tenant, store.Member)
	auditor, _ := a.join(t, tenant, store.Auditor)

	member.get(t, "/o/"+tenant.Org.Slug+"/audit").status(t, 403)
	auditor.get(t, "/o/"+tenant.Org.Slug+"/audit").status(t, 200)
	auditor.get(t, "/o/"+tenant.Org.Slug+"/audit/1").text(t, "h1", "Entry 1")
}

func TestTheAuditLogIsFiltered(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	owner, tenant := a.owner(t)
	if _, err := tenant.CreateSurrogate(t.Context(), store.SurrogateInput{
		RoleTitle: "Clerk", Domain: "law", Jurisdiction: "EU",
		Config: store.SurrogateConfig{Assertiveness: 5, EmpathyLevel: 5, RiskTolerance: "low", EscalationThreshold: 0.5},
	}); err != nil {
		t.Fatal(err)
	}
	base := "/o/" + tenant.Org.Slug + "/audit"

	owner.get(t, base+"?action=surrogate.created").text(t, ".row-main a", "Olga Owner created the surrogate “Clerk”")
	owner.get(t, base+"?who=nobody").has(t, ".empty")
	owner.get(t, base+"?from=2999-01-01").has(t, ".empty")
	owner.get(t, base+"?object=not-an-id&from=tomorrow").status(t, 200)
}

func TestTheHistoryOfMembersAndSettingsIsLinked(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	_, tenant := a.owner(t)
	auditor, joined := a.join(t, tenant, store.Auditor)
	member, _ := a.join(t, tenant, store.Member)
	base := "/o/" + tenant.Org.Slug
	ofAuditor := base + "/audit?object=" + joined.User.ID.String()
	ofOrg := base + "/audit?object=" + tenant.Org.ID.String()

	auditor.get(t, base+"/members").has(t, `a[href="`+ofAuditor+`"]`)
	auditor.get(t, ofAuditor).text(t, ".row-main a", joined.User.Name+" joined the organisation")
	auditor.get(t, base+"/settings").has(t, `a[href="`+ofOrg+`"]`)
	member.get(t, base+"/members").hasNot(t, `a[href="`+ofAuditor+`"]`)
	member.get(t, base+"/settings").hasNot(t, `a[href="`+ofOrg+`"]`)
}
