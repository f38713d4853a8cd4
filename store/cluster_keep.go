package store

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/clustering"
)

// colours is how many colours the map has.
const colours = 12

// keepClusters writes what a run found, in one transaction. Titles that people gave, members that they chose, the order of those that
// stay, states that they set and all of what they published stay; what else the machine had said before makes room. ErrConflict when the run was cancelled meanwhile,
// errTakenBack when something that it took may not be used any more.
func (t *Tenant) keepClusters(ctx context.Context, run uuid.UUID, m material, result clustering.Result, points map[uuid.UUID]clustering.Point) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if err := m.use.stillAllows(ctx, tx, m.ids()); err != nil {
			return err
		}
		clustered := len(m.items) - len(result.Unclustered)
		err := move(ctx, tx, `
			update cluster_runs set state = 'DONE', done = 100, signals = $2, clustered = $3, left_out = $4, consents = $5, signal_ids = $6, finished_at = now()
			where id = $1 and state = 'RUNNING'`, run, len(m.items), clustered, len(m.leftOut), nonNil(m.rests), m.snapshot())
		if err != nil {
			return err
		}
		if err := dropFormerMembers(ctx, tx, m, result.Groups); err != nil {
			return err
		}
		for i, group := range result.Groups {
			if err := t.keepGroup(ctx, tx, run, m, i, group); err != nil {
				return err
			}
		}
		// A suggestion that nothing belongs to any more, and that nobody touched, goes.
		if _, err := exec(ctx, tx, `
			delete from clusters c
			where c.realm_id = $1 and c.origin = 'MACHINE' and c.type = $2 and c.state = 'DRAFT' and not c.named and c.run_id is distinct from $3
				and not exists (select from clusters_signals m where m.realm_id = c.realm_id and m.cluster_id = c.id)`, m.use.realm, m.kind, run); err != nil {
			return err
		}
		if err := keepPoints(ctx, tx, m.use.realm, points); err != nil {
			return err
		}
		return t.audit(ctx, tx, ClustersFound, Object{"cluster_run", run, ""}, Details{
			"kind": string(m.kind), "signals": len(m.items), "clusters": len(result.Groups), "left_out": len(m.leftOut)})
	})
}

// dropFormerMembers takes out what the machine had put into clusters and would not put there now. What people chose has no confidence.
func dropFormerMembers(ctx context.Context, tx pgx.Tx, m material, groups []clustering.Group) error {
	var clusters, signals []uuid.UUID
	for _, group := range groups {
		for _, member := range group.Members {
			clusters, signals = append(clusters, group.ID), append(signals, member.ID)
		}
	}
	_, err := exec(ctx, tx, `
		delete from clusters_signals m using clusters c
		where c.realm_id = $1 and c.origin = 'MACHINE' and c.type = $2 and c.state <> 'PUBLISHED' and m.realm_id = c.realm_id
			and m.cluster_id = c.id and m.confidence is not null
			and not exists (select from unnest($3::uuid[], $4::uuid[]) as x (cluster_id, signal_id)
				where x.cluster_id = m.cluster_id and x.signal_id = m.signal_id)`, m.use.realm, m.kind, nonNil(clusters), nonNil(signals))
	return err
}

// keepGroup writes one cluster and its members.
func (t *Tenant) keepGroup(ctx context.Context, tx pgx.Tx, run uuid.UUID, m material, place int, group clustering.Group) error {
	_, err := exec(ctx, tx, `
		insert into clusters as c (id, realm_id, type, title, terms, central_id, origin, state, colour, run_id, created_by)
		values ($1, $2, $3, $4, $5, $6, 'MACHINE', 'DRAFT', $7, $8, $9)
		on conflict (id) do update set title = case when c.named then c.title else excluded.title end, terms = excluded.terms,
			central_id = excluded.central_id, run_id = excluded.run_id, revision = c.revision + 1, updated_at = now()
		where c.state <> 'PUBLISHED'`,
		group.ID, m.use.realm, m.kind, groupTitle(m, group), nonNil(group.Terms), orNull(group.Central), place%colours, run, t.User.ID)
	if err != nil {
		return err
	}
	ids, sure, why := make([]uuid.UUID, 0, len(group.Members)), make([]float64, 0, len(group.Members)), make([]string, 0, len(group.Members))
	for _, member := range group.Members {
		ids, sure, why = append(ids, member.ID), append(sure, member.Confidence), append(why, reason(m.kind, member))
	}
	// A signal that changed its author or went meanwhile is left out: it has its next run.
	_, err = exec(ctx, tx, `
		insert into clusters_signals as k (realm_id, cluster_id, signal_id, visibility, signal_author, share_id, share_scope, confidence, reason, added_by)
		select $1, $2, s.id, `+memberKey+`, x.confidence, x.reason, $6
		from unnest($3::uuid[], $4::float8[], $5::text[]) as x (id, confidence, reason)
		join signals s on s.id = x.id and s.deleted_at is null
		left join signal_shares h on h.signal_id = s.id and h.target_realm_id = $1 and h.scope <> 'READ'
		join clusters c on c.realm_id = $1 and c.id = $2 and c.state <> 'PUBLISHED'
		where s.realm_id = $1 or h.id is not null
		on conflict (realm_id, cluster_id, signal_id) do update set confidence = excluded.confidence, reason = excluded.reason
		where k.confidence is not null`, m.use.realm, group.ID, ids, sure, why, t.User.ID)
	return err
}

// memberKey is how a signal s stands in a cluster and on a map: by its own key in the cluster's realm, or by the share h into it.
const memberKey = `case when h.id is null then s.visibility else 'SHARED' end, case when h.id is null then s.created_by end, h.id, h.scope`

// keepPoints replaces a realm's map.
func keepPoints(ctx context.Context, tx pgx.Tx, realm uuid.UUID, points map[uuid.UUID]clustering.Point) error {
	if points == nil {
		return nil
	}
	ids, xs, ys := make([]uuid.UUID, 0, len(points)), make([]float64, 0, len(points)), make([]float64, 0, len(points))
	for id, point := range points {
		ids, xs, ys = append(ids, id), append(xs, point.X), append(ys, point.Y)
	}
	_, err := exec(ctx, tx, `
		insert into signal_points (realm_id, signal_id, visibility, signal_author, share_id, share_scope, x, y)
		select $1, s.id, `+memberKey+`, least(1, greatest(0, x.x)), least(1, greatest(0, x.y))
		from unnest($2::uuid[], $3::float8[], $4::float8[]) as x (id, x, y)
		join signals s on s.id = x.id
		left join signal_shares h on h.signal_id = s.id and h.target_realm_id = $1 and h.scope <> 'READ'
		where s.realm_id = $1 or h.id is not null
		on conflict (realm_id, signal_id) do update set x = excluded.x, y = excluded.y`, realm, ids, xs, ys)
	return err
}

// groupTitle names a group after the words that set it apart, or after its time or size where it has none.
func groupTitle(m material, group clustering.Group) string {
	if m.kind == Temporal {
		from, until := span(m, group)
		if from.Format(time.DateOnly) == until.Format(time.DateOnly) {
			return from.Format("2 January 2006")
		}
		return from.Format("2 January 2006") + " to " + until.Format("2 January 2006")
	}
	if len(group.Terms) == 0 {
		return fmt.Sprintf("%d signals", len(group.Members))
	}
	title := strings.Join(group.Terms[:min(3, len(group.Terms))], ", ")
	first, size := utf8.DecodeRuneInString(title)
	return cut(string(unicode.ToUpper(first))+title[size:], 200)
}

// span is the time of the first and the last member.
func span(m material, group clustering.Group) (from, until time.Time) {
	in := map[uuid.UUID]bool{}
	for _, member := range group.Members {
		in[member.ID] = true
	}
	for _, item := range m.items {
		if !in[item.ID] {
			continue
		}
		if from.IsZero() || item.At.Before(from) {
			from = item.At
		}
		if item.At.After(until) {
			until = item.At
		}
	}
	return from, until
}

// reason says why a member belongs, in words that name no other signal: those are behind walls of their own.
func reason(kind RunKind, member clustering.Member) string {
	shares := ""
	if len(member.Terms) > 0 {
		shares = fmt.Sprintf("shares “%s”", strings.Join(member.Terms, "”, “"))
	}
	near := ""
	switch {
	case member.Pinned:
		near = "put here by a person"
	case member.Nearest == uuid.Nil:
	case kind == Thematic:
		near = fmt.Sprintf("%.0f %% alike in meaning to its nearest neighbour", 100*member.Similarity)
	case kind == Temporal:
		near = "captured " + member.Gap.Round(time.Minute).String() + " from the next"
	case kind == Spatial:
		near = fmt.Sprintf("%.0f m from the next", member.Metres)
	}
	return strings.Join(nonEmpty(shares, near), "; ")
}

func nonEmpty(texts ...string) []string {
	var some []string
	for _, text := range texts {
		if text != "" {
			some = append(some, text)
		}
	}
	return some
}

// nonNil is a list that is not null in SQL.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// cut shortens a text to a number of characters.
func cut(text string, limit int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), limit)])
}
