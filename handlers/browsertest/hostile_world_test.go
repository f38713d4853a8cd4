package browsertest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/hostiletest"
	"surrealm/store/sop/library"
	"surrealm/store/storetest"
)

// signed are tables whose texts are part of a hash or a signature. What is hostile in them came in through the product: see hostileSample.
var signed = []string{"audit_entries", "audit_head", "sops", "sop_signatures", "proposal_revisions", "graph_edits", "signing_keys"}

// notTexts are columns that the product fills by itself, from a list, a hash or an id, and which have no rule in the database that says so.
var notTexts = []string{"media_type", "object_type", "model", "embedding_model", "provider", "query", "external_id", "step_id", "target_id", "format", "month"}

// spoil puts hostile texts behind every page of the organisation: into each column of its tables that holds text, past all checks of input,
// so that what protects a page is what it does with a text and not what lets texts in. Columns are found in the catalogue, new ones as well;
// those with a list of values or a form of their own refuse, and stay as they are. It returns how many columns took some.
func (w *world) spoil(t *testing.T) int {
	t.Helper()
	ctx, schema := t.Context(), "tenant_"+strings.ReplaceAll(w.owner.Org.Slug, "-", "_")
	tx := must(storetest.Behind(t).Begin(ctx))(t)
	defer func() { _ = tx.Rollback(ctx) }() // nothing to do after a commit
	must(tx.Exec(ctx, `set local session_replication_role = replica`))(t)
	columns := must(pgx.CollectRows(must(tx.Query(ctx, `select c.table_name::text, c.column_name::text, c.data_type::text from information_schema.columns c
		join information_schema.tables t using (table_schema, table_name)
		where c.table_schema = $1 and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER' and c.table_name <> all($2) and c.column_name <> all($3)
			and (c.data_type in ('text', 'jsonb') or c.udt_name = '_text')
		order by 1, 2`, schema, signed, notTexts))(t), pgx.RowToStructByPos[column]))(t)
	took := []string{}
	for n, c := range columns {
		for _, most := range []int{190, 45} { // long ones first: more of the corpus is seen
			if c.spoil(t, tx, schema, joined(n, most)) {
				took = append(took, c.Table+"."+c.Name)
				break
			}
		}
	}
	must(tx.Exec(ctx, `update public.orgs set name = $2 where id = $1`, w.owner.Org.ID, hostiletest.Htmx[0]))(t)
	must(tx.Exec(ctx, `update public.users set name = $2 where id = $1`, w.owner.User.ID, hostiletest.Markup[8]))(t)
	must(0, tx.Commit(ctx))(t)
	t.Logf("hostile in %s", strings.Join(took, ", "))
	return len(took)
}

type column struct{ Table, Name, Type string }

// spoil gives each row another text, and says whether the rules of the column let it. In JSON, texts with a space are somebody's words and the
// others are of the product's.
func (c column) spoil(t *testing.T, tx pgx.Tx, schema string, texts []string) bool {
	t.Helper()
	ctx, table, name := t.Context(), pgx.Identifier{schema, c.Table}.Sanitize(), pgx.Identifier{c.Name}.Sanitize()
	must(tx.Exec(ctx, `savepoint one`))(t)
	rows := must(pgx.CollectRows(must(tx.Query(ctx, `select ctid::text, to_jsonb(`+name+`)::text from `+table+` where `+name+` is not null`))(t), pgx.RowToStructByPos[struct{ At, Value string }]))(t)
	changed := false
	for n, row := range rows {
		var value any
		must(0, json.Unmarshal([]byte(row.Value), &value))(t)
		said := 0
		say := func(string) string { said++; return texts[(n+said)%len(texts)] }
		switch c.Type {
		case "jsonb":
			value = spoken(value, say)
		case "text":
			value = fmt.Sprint(say(""), n) // names are taken once
		default:
			value = []string{say("") + fmt.Sprint(n), say("")}
		}
		if said == 0 {
			continue
		}
		var err error
		if c.Type == "jsonb" {
			_, err = tx.Exec(ctx, `update `+table+` set `+name+` = $2::text::jsonb where ctid = $1::text::tid`, row.At, string(must(json.Marshal(value))(t)))
		} else {
			_, err = tx.Exec(ctx, `update `+table+` set `+name+` = $2 where ctid = $1::text::tid`, row.At, value)
		}
		if err != nil {
			must(tx.Exec(ctx, `rollback to savepoint one`))(t)
			return false
		}
		changed = true
	}
	return changed
}

// spoken replaces the texts of JSON that have a space.
func spoken(value any, say func(string) string) any {
	switch v := value.(type) {
	case string:
		if strings.Contains(v, " ") {
			return say(v)
		}
	case []any:
		for i := range v {
			v[i] = spoken(v[i], say)
		}
	case map[string]any:
		for key := range v {
			v[key] = spoken(v[key], say)
		}
	}
	return value
}

// joined are the texts of the corpus that a database takes, as many in one as there is room for, beginning elsewhere for each n.
func joined(n, most int) []string {
	all := slices.DeleteFunc(slices.Clone(hostiletest.Texts), func(text string) bool { return hostiletest.Kept(text) != text || len(text) > most-5 })
	all = slices.Concat(all[n%len(all):], all[:n%len(all)])
	out := []string{"mk"}
	for _, text := range all {
		if last := len(out) - 1; len([]rune(out[last]))+len([]rune(text)) < most-4 {
			out[last] += " " + text
		} else {
			out = append(out, "mk "+text)
		}
	}
	return out
}

// hostileSample is a small procedure with a step of each kind, and a change to it, in which everything that people write is hostile. Signed
// texts hold no character that cannot be seen.
func hostileSample(t *testing.T, _ library.Sample) library.Sample {
	t.Helper()
	texts, n := slices.DeleteFunc(joined(0, 190), func(text string) bool {
		return strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
	}), 0
	say := func() string { n++; return texts[n%len(texts)] }
	type part map[string]any
	graph := func(order ...string) part {
		var steps, ways []part
		way := func(from, to, condition string) {
			ways = append(ways, part{"id": fmt.Sprint("e", len(ways)+1), "from": from, "to": to, "condition": condition, "label": say()})
		}
		for i, kind := range order {
			id := "n" + fmt.Sprint(slices.Index(kinds, kind)+1)
			steps = append(steps, part{"id": id, "type": kind, "label": say(), "description": say() + "\n\n" + say(), "config": part{"say": say(), "also": []string{say()}}})
			if i > 0 && i < len(order)-1 {
				way(steps[i-1]["id"].(string), id, say())
			}
		}
		way("n3", "n9", say()) // the last step is the other way out of the decision
		return part{"nodes": steps, "edges": ways}
	}
	sample := library.Sample{}
	sample.JSON = must(json.Marshal(part{"title": say(), "domain": say()[:50], "jurisdiction": say()[:50], "role_title": say(), "description": say(), "source": say(), "graph": graph(kinds...)}))(t)
	sample.ChangeJSON = must(json.Marshal(part{"rationale": say(), "proposed_graph": graph(slices.Concat(kinds[:4], kinds[5:])...)}))(t)
	return sample
}

var kinds = []string{"INFORMATION_GATHER", "ASSESSMENT", "DECISION", "ACTION_DIGITAL", "ACTION_PHYSICAL", "CHECKPOINT", "HANDOVER", "DOCUMENTATION", "ESCALATION"}

// said makes what the world has none of and hostile texts can stand in, and returns the pages that show it.
func (w *world) said(t *testing.T) []string {
	t.Helper()
	for _, on := range []store.NewComment{{Target: store.OnGraph}, {Target: store.OnNode, TargetID: "n3"}, {Target: store.OnEdge, TargetID: "e3"}} {
		on.Revision, on.Body = 2, "Is it so?"
		on.Thread = must(w.owner.AddComment(t.Context(), w.open, on))(t)
		must(w.reviewer.AddComment(t.Context(), w.open, on))(t)
	}
	must(0, w.owner.SaveView(t.Context(), "Mine", "q=pump"))(t)
	w.grouped = must(w.owner.CreateCluster(t.Context(), w.home, store.ClusterInput{Type: "COLLECTION", Title: "Pumps", Parent: uuid.Nil}, w.signals[:2]...))(t)
	return []string{"/o/" + w.owner.Org.Slug + "/clusters/" + w.grouped.String()}
}
