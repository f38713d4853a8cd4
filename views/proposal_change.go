package views

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"surrealm/store"
	"surrealm/store/sop"
)

// changeCard is a step or a connection in the list of changes.
type changeCard struct {
	Target  store.CommentTarget
	ID      string
	Mark    Mark // "" is unchanged
	Kind    string
	Title   string
	Fields  []changeField
	Threads []store.Thread
	Viewed  bool
}

// Tickable says whether a reviewer ticks the card off: changed steps are ticked.
func (c changeCard) Tickable() bool { return c.Target == store.OnNode && c.Mark != "" }

func (c changeCard) class() string {
	class := "change " + string(c.Mark)
	if c.Viewed {
		class += " viewed"
	}
	return strings.TrimSpace(class)
}

// changeField is one field, word by word.
type changeField struct {
	Title string
	Runs  []sop.WordRun
}

// changeAnchor is the id of the card of a step or a connection.
func changeAnchor(target store.CommentTarget, id string) string {
	switch target {
	case store.OnNode:
		return "change-step-" + id
	case store.OnEdge:
		return "change-connection-" + id
	}
	return "change-graph"
}

// stepCards lists the steps of both sides in the order of the drawing: those that changed, or all.
func (v ProposalView) stepCards() []changeCard {
	var cards []changeCard
	for i, n := range v.Diff.Union().Nodes {
		change, changed := v.Diff.NodeChange(n.ID)
		card := changeCard{Target: store.OnNode, ID: n.ID, Title: orDefault(n.Label, "(no label)"), Kind: strconv.Itoa(i+1) + " · " + n.Type.Label()}
		card.Threads = v.threadsOn(store.OnNode, n.ID)
		if !changed && v.Query.All != "1" && len(card.Threads) == 0 {
			continue
		}
		card.Mark, card.Viewed = markOf(change.Status), v.Viewed[n.ID]
		if change.Status == sop.Changed {
			card.Fields = v.changedFields(change.Fields)
		} else {
			card.Fields = wholeNode(n, change.Status)
		}
		cards = append(cards, card)
	}
	return cards
}

// edgeCards lists the connections that changed, or all.
func (v ProposalView) edgeCards() []changeCard {
	var cards []changeCard
	union := v.Diff.Union()
	for _, e := range union.Edges {
		change, changed := v.Diff.EdgeChange(e.ID)
		card := changeCard{Target: store.OnEdge, ID: e.ID, Kind: "Connection", Title: "From " + union.Name(e.From) + " to " + union.Name(e.To)}
		card.Threads = v.threadsOn(store.OnEdge, e.ID)
		if !changed && v.Query.All != "1" && len(card.Threads) == 0 {
			continue
		}
		card.Mark = markOf(change.Status)
		if change.Status == sop.Changed {
			card.Fields = v.changedFields(change.Fields)
		} else {
			card.Fields = wholeEdge(e, change.Status)
		}
		cards = append(cards, card)
	}
	return cards
}

func (v ProposalView) threadsOn(target store.CommentTarget, id string) []store.Thread {
	var list []store.Thread
	for _, thread := range v.Threads {
		if thread.Target == target && thread.TargetID == id {
			list = append(list, thread)
		}
	}
	return list
}

// changedFields puts kinds and steps in words, where the graph has their names.
func (v ProposalView) changedFields(changes []sop.FieldChange) []changeField {
	fields := make([]changeField, len(changes))
	for i, c := range changes {
		fields[i] = changeField{Title: c.Title(), Runs: c.Words}
		if before, after := plainSetting(c.Before), plainSetting(c.After); strings.HasPrefix(c.Field, "config.") && before != after {
			fields[i].Runs = sop.Words(before, after)
		}
		switch c.Field {
		case "type":
			fields[i].Runs = replaced(sop.NodeType(c.Before).Label(), sop.NodeType(c.After).Label())
		case "from", "to":
			fields[i].Runs = replaced(v.Diff.Before.Name(c.Before), v.Diff.After.Name(c.After))
		case "position":
			fields[i].Runs = replaced(c.Before, c.After)
		}
	}
	return fields
}

// plainSetting is the text of a field, a list or an object in it in the words in which a procedure shows it.
func plainSetting(text string) string {
	switch value := sop.ParseValue(text).(type) {
	case []any, map[string]any:
		return settingText(value)
	}
	return text
}

func replaced(before, after string) []sop.WordRun {
	return []sop.WordRun{{Op: sop.WordDelete, Text: before}, {Op: sop.WordSame, Text: " "}, {Op: sop.WordInsert, Text: after}}
}

// wholeNode is a step that is there as a whole on one side or unchanged on both.
func wholeNode(n sop.Node, status sop.ChangeStatus) []changeField {
	fields := wholeFields(status, "Description", n.Description)
	for _, s := range sop.Settings(n.Config) {
		fields = append(fields, wholeFields(status, "Setting "+s.Label(), orDefault(settingText(n.Config[s.Name]), "(empty)"))...)
	}
	return fields
}

func wholeEdge(e sop.Edge, status sop.ChangeStatus) []changeField {
	limit := ""
	if e.MaxIterations > 0 {
		limit = strconv.Itoa(e.MaxIterations)
	}
	fields := wholeFields(status, "Condition", e.Condition)
	fields = append(fields, wholeFields(status, "Label", e.Label)...)
	return append(fields, wholeFields(status, "Loop limit", limit)...)
}

func wholeFields(status sop.ChangeStatus, title, text string) []changeField {
	if text == "" {
		return nil
	}
	op := sop.WordSame
	switch status {
	case sop.Added:
		op = sop.WordInsert
	case sop.Removed:
		op = sop.WordDelete
	}
	return []changeField{{Title: title, Runs: []sop.WordRun{{Op: op, Text: text}}}}
}

// wordsOf writes runs of words without a space between them that is not theirs.
func wordsOf(runs []sop.WordRun) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for _, run := range runs {
			text := templ.EscapeString(run.Text)
			switch run.Op {
			case sop.WordInsert:
				text = "<ins>" + text + "</ins>"
			case sop.WordDelete:
				text = "<del>" + text + "</del>"
			}
			out.WriteString(text)
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

// drawing is both sides in one, its changed elements linked to their cards.
func (v ProposalView) drawing() GraphView {
	return NewGraphView(v.Shown.Graph, GraphOptions{
		Title: proposalName(v.Number, v.Title), Diff: &v.Diff, HideText: true,
		LinkNode: func(id string) string {
			return v.cardLink(store.OnNode, id, v.Diff.StatusOfNode(id))
		},
		LinkEdge: func(id string) string {
			return v.cardLink(store.OnEdge, id, v.Diff.StatusOfEdge(id))
		},
	})
}

func (v ProposalView) cardLink(target store.CommentTarget, id string, status sop.ChangeStatus) string {
	if status == sop.Same && v.Query.All != "1" {
		return ""
	}
	return "#" + changeAnchor(target, id)
}

// viewedCount is how many of the changed steps this member has ticked.
func (v ProposalView) viewedCount() int {
	n := 0
	for _, change := range v.Diff.Nodes {
		if v.Viewed[change.ID] {
			n++
		}
	}
	return n
}
