package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
	"surrealm/store/synthesis"
)

// Kinds of Evidence.
const (
	SignalEvidence    = "SIGNAL"
	ClusterEvidence   = "CLUSTER"
	SynthesisEvidence = "SYNTHESIS"
)

// Evidence is something that a proposal or a version rests on, as one reader sees it. Passages are read from the signal as it is now.
type Evidence struct {
	ID         *uuid.UUID     `db:"id"`   // of the link; nil when the reader neither sees the source nor added it
	Kind       string         `db:"kind"` // SIGNAL, or what it was drawn from: CLUSTER or SYNTHESIS
	Number     int            `db:"number"`
	SourceID   *uuid.UUID     `db:"source_id"` // nil, as all that follows, when the reader may not see the source
	Type       signal.Type    `db:"type"`
	Synthesis  synthesis.Type `db:"synthesis"`
	Title      string         `db:"title"` // of a synthesis: of what it is about
	Author     string         `db:"author"`
	Passage    string         `db:"passage"` // that is cited, or the first words; "" when the signal has no such passage any more
	Cited      bool           `db:"cited"`   // Passage is a passage, not the first words
	Changed    bool           `db:"changed"` // the signal was changed after it was cited
	CapturedAt *time.Time     `db:"captured_at"`
}

// EvidenceList is the evidence of a proposal or a version as one reader sees it.
type EvidenceList struct {
	Shown  []Evidence // clusters and syntheses first, then signals by number
	Hidden []int      // the numbers of signals that the reader may not see
	Lost   []Evidence // what of all that is hidden the reader added, and may take off: id, kind and number
	Origin string     // the kind of what it was drawn from, when the reader may not see that; "" otherwise
}

// Any says that there is evidence, whether or not the reader may see it.
func (l EvidenceList) Any() bool { return len(l.Shown)+len(l.Hidden) > 0 || l.Origin != "" }

// listEvidence reads the evidence of a proposal, or of a version and of the proposal that it was made by: one statement. gate.evidence
// tells what there is and holds back what the reader may not see; row security stands behind each of the tables that it is joined with.
func listEvidence(ctx context.Context, tx pgx.Tx, proposal, version uuid.UUID) (EvidenceList, error) {
	rows, err := many[Evidence](ctx, tx, `
		select e.id, e.kind, coalesce(e.number, 0) as number,
			coalesce(s.id, c.id, y.id) as source_id, coalesce(s.type, '') as type, coalesce(y.type, '') as synthesis,
			coalesce(s.title, c.title, ys.title, yc.title, '') as title, coalesce(p.display_name, '') as author,
			coalesce(case when e.passage_from is null then `+excerpt+`
				else substr(split_part(s.body, E'\f', 1), e.passage_from + 1, e.passage_length) end, '') as passage,
			e.passage_from is not null as cited, coalesce(s.revision <> e.signal_revision, false) as changed, s.captured_at
		from gate.evidence($1, $2) e
		left join signals s on s.id = e.signal_id and s.deleted_at is null
		left join people p on p.user_id = s.created_by
		left join clusters c on c.id = e.cluster_id
		left join syntheses y on y.id = e.synthesis_id
		left join signals ys on ys.realm_id = y.realm_id and ys.id = y.signal_id
		left join clusters yc on yc.realm_id = y.realm_id and yc.id = y.cluster_id
		order by e.number nulls first, e.id`, orNull(proposal), orNull(version))
	var list EvidenceList
	for _, row := range rows {
		if row.SourceID == nil && row.ID != nil {
			list.Lost = append(list.Lost, Evidence{ID: row.ID, Kind: row.Kind, Number: row.Number})
		}
		switch {
		case row.SourceID != nil:
			list.Shown = append(list.Shown, row)
		case row.Kind == SignalEvidence:
			list.Hidden = append(list.Hidden, row.Number)
		default:
			list.Origin = row.Kind
		}
	}
	return list, err
}

// Outgrowth is a proposal, or a procedure that was started, that rests on a signal or a cluster.
type Outgrowth struct {
	ProposalID *uuid.UUID     `db:"proposal_id"` // nil for a procedure that was started
	Number     int            `db:"number"`      // of the proposal
	Title      string         `db:"title"`
	Status     ProposalStatus `db:"status"`
	VersionID  *uuid.UUID     `db:"version_id"` // the procedure's version that it became; nil when it has not
	Version    int            `db:"version"`
	Procedure  string         `db:"procedure"`
	At         time.Time      `db:"at"`
}

// outgrowths lists what rests on a signal or a cluster, or on a synthesis about that, the last first: at most 50. The link is seen by
// who sees the signal; proposals and procedures are everyone's to read.
func outgrowths(ctx context.Context, tx pgx.Tx, signal, cluster uuid.UUID) ([]Outgrowth, error) {
	return many[Outgrowth](ctx, tx, `
		select p.id as proposal_id, coalesce(p.number, 0) as number, coalesce(p.title, '') as title, coalesce(p.status, '') as status,
			v.id as version_id, coalesce(v.version, 0) as version, coalesce(v.title, '') as procedure, coalesce(p.created_at, v.created_at) as at
		from (
			select distinct e.proposal_id, e.sop_id from sop_evidence e
			left join syntheses y on y.realm_id = e.realm_id and y.id = e.synthesis_id
			where (e.realm_id = any (current_setting('app.realms_read')::uuid[]) or e.reaches && current_setting('app.realms_read')::uuid[] or e.reaches_all)
				and (e.signal_id = $1 or y.signal_id = $1 or e.cluster_id = $2 or y.cluster_id = $2)
		) e
		left join sop_proposals p on p.id = e.proposal_id
		left join sops v on v.id = coalesce(p.applied_sop_id, e.sop_id)
		order by at desc, p.number desc
		limit 50`, orNull(signal), orNull(cluster))
}
