package sop

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// merged merges two variants of the refund graph.
func merged(t *testing.T, ours, theirs func(*Graph)) (Graph, []Conflict) {
	t.Helper()
	return Merge(refund(t).Graph, edited(t, ours), edited(t, theirs))
}

func ids(g Graph) string {
	var list []string
	for _, n := range g.Nodes {
		list = append(list, n.ID)
	}
	return strings.Join(list, " ")
}

func TestMergeTakesWhatOnlyOneSideChanged(t *testing.T) {
	t.Parallel()
	g, conflicts := merged(t,
		func(g *Graph) {
			g.Nodes[0].Label = "Ours"
			g.Nodes[0].Config = map[string]any{"timeout_minutes": 15.0, "form": "complaint", "owner": "desk"}
			g.Edges[2].Condition = "Ours"
		},
		func(g *Graph) {
			g.Nodes[0].Description = "Theirs"
			g.Nodes[0].Config = map[string]any{"timeout_minutes": 20.0}
			g.Edges[2].Label = "theirs"
			g.Nodes = append(g.Nodes, Node{ID: "n8", Type: Handover, Label: "New"})
		})
	if len(conflicts) > 0 {
		t.Fatal(conflicts)
	}
	want := Node{
		ID: "n1", Type: InformationGather, Label: "Ours", Description: "Theirs",
		Config: map[string]any{"timeout_minutes": 20.0, "owner": "desk"},
	}
	if !reflect.DeepEqual(g.Nodes[0], want) {
		t.Errorf("got %+v", g.Nodes[0])
	}
	if e := g.Edges[2]; e.Condition != "Ours" || e.Label != "theirs" {
		t.Errorf("got %+v", e)
	}
	if ids(g) != "n1 n2 n3 n4 n5 n6 n7 n8" {
		t.Error(ids(g))
	}
}

func TestMergeConflictsAndTheirResolution(t *testing.T) {
	t.Parallel()
	g, conflicts := merged(t,
		func(g *Graph) {
			g.Nodes[0].Config = map[string]any{"timeout_minutes": 10.0, "form": "complaint"}
			g.Nodes[3].Label = "Ours"                     // which they delete
			g.Nodes = append(g.Nodes[:1], g.Nodes[2:]...) // which they change
			g.Edges[3].MaxIterations = 5
		},
		func(g *Graph) {
			g.Nodes[0].Config = map[string]any{"timeout_minutes": 20.0, "form": "complaint"}
			g.Nodes[1].Label = "Theirs"
			g.Nodes = append(g.Nodes[:3], g.Nodes[4:]...)
			g.Edges[3].MaxIterations = 0
		})
	var got []string
	for _, c := range conflicts {
		got = append(got, strings.Join([]string{string(c.Kind), c.NodeID + c.EdgeID, c.Field, c.Name, c.Base, c.Ours, c.Theirs}, "|"))
	}
	want := []string{
		"BOTH_CHANGED|n1|config.timeout_minutes|“Take in the complaint”|15|10|20",
		"WE_DELETED|n2||“Look at the photo”|“Look at the photo”||“Theirs”",
		"THEY_DELETED|n4||“Confirm the amount”|“Confirm the amount”|“Ours”|",
		"BOTH_CHANGED|e4|max_iterations|n3 → n1 (ask again)|2|5|",
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %s", strings.Join(got, "\n"))
	}
	if ids(g) != "n1 n3 n4 n5 n6 n7" || g.Nodes[0].Config["timeout_minutes"] != 10.0 {
		t.Errorf("the merge does not hold ours: %s", ids(g))
	}

	choices := map[string]Choice{}
	if _, err := Resolve(g, conflicts, choices); err == nil {
		t.Error("resolved without choices")
	} else if bad := err.(*EditError); bad.Field != "BOTH_CHANGED.NODE.n1.config.timeout_minutes" {
		t.Error(bad.Field)
	}
	for _, c := range conflicts {
		choices[c.Key()] = ChooseOurs
	}
	same, err := Resolve(g, conflicts, choices)
	if err != nil || !reflect.DeepEqual(same, g) {
		t.Errorf("ours is not the merge: %v", err)
	}
	for _, c := range conflicts {
		choices[c.Key()] = ChooseTheirs
	}
	theirs, err := Resolve(g, conflicts, choices)
	if err != nil || ids(theirs) != "n1 n2 n3 n5 n6 n7" || theirs.Nodes[1].Label != "Theirs" ||
		theirs.Nodes[0].Config["timeout_minutes"] != 20.0 || theirs.Edges[3].MaxIterations != 0 {
		t.Errorf("got %s, %v", canonical(t, theirs), err)
	}
	if ids(g) != "n1 n3 n4 n5 n6 n7" || g.Nodes[0].Config["timeout_minutes"] != 10.0 {
		t.Error("resolving changed the merge")
	}
}

func TestMergeKeepsTwoNewStepsUnderOneIDApart(t *testing.T) {
	t.Parallel()
	g, conflicts := merged(t,
		func(g *Graph) {
			g.Nodes = append(g.Nodes, Node{ID: "n8", Type: Handover, Label: "Ours"})
			g.Edges = append(g.Edges, Edge{ID: "e8", From: "n2", To: "n8"})
		},
		func(g *Graph) {
			g.Nodes = append(g.Nodes, Node{ID: "n8", Type: Handover, Label: "Theirs"})
			g.Edges = append(g.Edges, Edge{ID: "e8", From: "n2", To: "n8"})
		})
	if len(conflicts) != 2 || conflicts[0].Kind != Renamed || conflicts[0].NeedsChoice() ||
		conflicts[0].NodeID != "n8" || conflicts[0].Ours != "n9" || conflicts[1].EdgeID != "e8" {
		t.Fatalf("got %+v", conflicts)
	}
	if g.Name("n8") != "“Theirs”" || g.Name("n9") != "“Ours”" {
		t.Error(ids(g))
	}
	if e, _ := g.Edge("e9"); e.To != "n9" {
		t.Errorf("got %+v", e)
	}
	if _, err := Resolve(g, conflicts, nil); err != nil {
		t.Error(err)
	}
}

func TestMergeOfTheOrder(t *testing.T) {
	t.Parallel()
	swap := func(i, j int) func(*Graph) {
		return func(g *Graph) { g.Nodes[i], g.Nodes[j] = g.Nodes[j], g.Nodes[i] }
	}
	g, conflicts := merged(t, swap(0, 1), func(g *Graph) { g.Nodes = append(g.Nodes[:4], g.Nodes[5:]...) })
	if len(conflicts) > 0 || ids(g) != "n2 n1 n3 n4 n6 n7" {
		t.Error(ids(g), conflicts)
	}
	g, conflicts = merged(t, swap(0, 1), swap(0, 1))
	if len(conflicts) > 0 || ids(g) != "n2 n1 n3 n4 n5 n6 n7" {
		t.Error(ids(g), conflicts)
	}
	g, conflicts = merged(t, swap(0, 1), swap(5, 6))
	if len(conflicts) != 1 || conflicts[0].Kind != Reordered || ids(g) != "n2 n1 n3 n4 n5 n6 n7" {
		t.Fatal(ids(g), conflicts)
	}
	g, err := Resolve(g, conflicts, map[string]Choice{conflicts[0].Key(): ChooseTheirs})
	if err != nil || ids(g) != "n1 n2 n3 n4 n5 n7 n6" {
		t.Error(ids(g), err)
	}
}

func TestMergeProperties(t *testing.T) {
	t.Parallel()
	text := func(g Graph) string { data, _ := Canonical(g); return string(data) }
	rapid.Check(t, func(t *rapid.T) {
		base := drawUniqueGraph(t)
		ours := drawVariant(t, base)
		theirs := drawVariant(t, base)
		before := text(base) + text(ours) + text(theirs)

		if g, conflicts := Merge(base, ours, base); text(g) != text(ours) || len(conflicts) > 0 {
			t.Fatalf("with theirs unchanged: %s\n%v", text(g), conflicts)
		}
		if g, conflicts := Merge(base, base, theirs); text(g) != text(theirs) || len(conflicts) > 0 {
			t.Fatalf("with ours unchanged: %s\n%v", text(g), conflicts)
		}
		if g, conflicts := Merge(base, ours, ours); text(g) != text(ours) || len(conflicts) > 0 {
			t.Fatalf("with both the same: %s\n%v", text(g), conflicts)
		}
		g, conflicts := Merge(base, ours, theirs)
		keys := map[string]bool{}
		choices := map[string]Choice{}
		for _, c := range conflicts {
			if keys[c.Key()] && c.NeedsChoice() {
				t.Fatalf("two conflicts share the key %s", c.Key())
			}
			keys[c.Key()] = true
			choices[c.Key()] = rapid.SampledFrom([]Choice{ChooseOurs, ChooseTheirs}).Draw(t, "choice")
		}
		if _, err := Resolve(g, conflicts, choices); err != nil {
			t.Fatal(err)
		}
		if text(base)+text(ours)+text(theirs) != before {
			t.Fatal("an input changed")
		}
	})
}

// TestMergeOfOneConflictFollowsTheChoice checks that choosing theirs
// everywhere gives theirs when ours changed nothing that theirs did not.
func TestMergeOfConflictsFollowsTheChoice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base := drawUniqueGraph(t)
		ours, theirs := base.clone(), base.clone()
		for i, n := range base.Nodes {
			ours.Nodes[i].Label = n.Label + " ours"
			theirs.Nodes[i].Label = n.Label + " theirs"
		}
		g, conflicts := Merge(base, ours, theirs)
		if len(conflicts) != len(base.Nodes) {
			t.Fatalf("%d conflicts for %d steps", len(conflicts), len(base.Nodes))
		}
		choices := map[string]Choice{}
		for _, c := range conflicts {
			choices[c.Key()] = ChooseTheirs
		}
		g, err := Resolve(g, conflicts, choices)
		if err != nil || !reflect.DeepEqual(g, theirs) {
			t.Fatalf("got %+v, %v", g, err)
		}
	})
}
