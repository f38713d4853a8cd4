package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store"
)

// evidenceTeam is a review team whose author shares a realm with Mo; no reviewer is in it. Every word in it is "zebra" or beside one.
type evidenceTeam struct {
	reviewTeam
	mo           *store.Tenant
	realm        string
	own, theirs  uuid.UUID
	cluster      uuid.UUID
	fromCluster  store.EvidenceOrigin
	fromBothCite []store.Citation
}

func newEvidenceTeam(t *testing.T) evidenceTeam {
	t.Helper()
	team := evidenceTeam{reviewTeam: newReviewTeam(t)}
	team.mo = colleague(t, team.author, store.Member, "Mo Zebra")
	team.realm = sharedRealm(t, team.author, team.mo, "CONTRIBUTOR")
	team.own = note(t, team.author, team.realm, "zebra one", "The zebra pump leaks. It does so every morning.")
	team.theirs = note(t, team.mo, team.realm, "zebra two", "The zebra valve sticks, says zebra Mo.")
	var err error
	team.cluster, err = team.author.CreateCluster(t.Context(), team.realm, store.ClusterInput{Type: "COLLECTION", Title: "zebra leaks"}, team.own, team.theirs)
	ok(t, err)
	team.fromCluster = store.EvidenceOrigin{Cluster: team.cluster}
	team.fromBothCite = []store.Citation{{Number: 1, Signal: team.own}, {Number: 2, Signal: team.theirs}}
	return team
}

func (team evidenceTeam) grow(t *testing.T, from store.EvidenceOrigin, cite ...store.Citation) uuid.UUID {
	t.Helper()
	id, err := team.author.ProposeFromEvidence(t.Context(), team.base.ID, store.NewProposal{Title: "Look at it daily", Rationale: "It rests on [1]."},
		store.NewEvidence{Origin: from, Citations: cite})
	if err != nil {
		t.Fatalf("propose: %v", err)
	}
	return id
}

// sees is the evidence of a proposal as "shown numbers/hidden numbers/hidden origin" to somebody; 0 is a cluster or a synthesis.
func sees(t *testing.T, who *store.Tenant, proposal uuid.UUID) string {
	t.Helper()
	page, err := who.ProposalPage(t.Context(), proposal, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return summary(page.Evidence)
}

func summary(list store.EvidenceList) string {
	shown := []int{}
	for _, e := range list.Shown {
		shown = append(shown, e.Number)
	}
	return strings.TrimSpace(fmt.Sprintf("%v %v %s", shown, list.Hidden, list.Origin))
}

// seesNoZebra looks for the word in everything that somebody outside of the realm can read: by SQL in the tenant's role without any
// WHERE, and in what the store hands out.
func (team evidenceTeam) seesNoZebra(t *testing.T, who *store.Tenant, proposal, version uuid.UUID) {
	t.Helper()
	p := enter(t, who)
	tables := scan[string](t, p.tx, `select relname::text from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' order by 1`)
	for _, table := range tables {
		rows := scan[string](t, p.tx, `select r::text from `+pgx.Identifier{table}.Sanitize()+` r`)
		if slices.ContainsFunc(rows, func(row string) bool { return strings.Contains(row, "zebra") }) || table == "sop_evidence" && len(rows) > 0 {
			t.Errorf("%s tells of the realm", table)
		}
	}
	for what, sql := range map[string]string{
		"the log":               `select convert_from(body, 'UTF8') from audit_entries`,
		"the evidence's ids":    fmt.Sprintf(`select 'zebra' from gate.evidence('%s', '%s') where num_nonnulls(id, signal_id, cluster_id, passage_from) > 0`, proposal, version),
		"the passages by joins": `select s.title from sop_evidence e left join signals s on true`,
	} {
		if rows := scan[string](t, p.tx, sql); strings.Contains(strings.Join(rows, "\n"), "zebra") {
			t.Errorf("%s tells of the realm: %q", what, rows)
		}
	}
	ok(t, p.tx.Rollback(t.Context()))

	page, err := who.ProposalPage(t.Context(), proposal, 0, 0)
	ok(t, err)
	made, err := who.SOPPage(t.Context(), version)
	ok(t, err)
	file, _, err := who.SignatureFile(t.Context(), version)
	ok(t, err)
	dashboard, err := who.Dashboard(t.Context())
	ok(t, err)
	found, err := who.Search(t.Context(), "zebra")
	ok(t, err)
	export := json.RawMessage(made.SOP.Document().Export())
	for what, value := range map[string]any{"proposal": page, "version": made, "proof": file, "dashboard": dashboard, "search": found, "export": export} {
		text, err := json.Marshal(value)
		ok(t, err)
		if strings.Contains(string(text), "zebra") {
			t.Errorf("the %s tells of the realm: %s", what, text)
		}
	}
}
