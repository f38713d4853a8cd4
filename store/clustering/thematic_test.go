package clustering

import (
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/graph/community"
	"gonum.org/v1/gonum/graph/simple"
)

func TestTopicsAreFound(t *testing.T) {
	t.Parallel()
	items := topics(4, 300, 6, 64, 0.8)
	for i, stranger := range topics(5, 20, 20, 64, 0) { // each about something of its own
		stranger.ID = id(1000 + i)
		items = append(items, stranger)
	}
	r := themes(t, items, nil, Constraints{})
	if len(r.Groups) != 6 || len(r.Unclustered) != 20 {
		t.Fatalf("%d groups and %d unclustered, want 6 and 20", len(r.Groups), len(r.Unclustered))
	}
	home := homes(r)
	for i := range 300 {
		if home[id(i)] != home[id(i%6)] {
			t.Fatalf("item %d is not with its topic", i)
		}
	}
}

func TestTheSameItemsGiveTheSameAnswer(t *testing.T) { // not parallel: it changes the number of processors
	items := topics(4, 400, 6, 64, 1)
	graph := nearest(t, items)
	want := themes(t, items, nil, Constraints{})
	wantMap, err := Project(t.Context(), graph, nil, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for _, processors := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(processors)
		rand.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		if got := themes(t, items, nil, Constraints{}); !reflect.DeepEqual(got, want) {
			t.Errorf("%d processors: other groups", processors)
		}
		got, err := Project(t.Context(), nearest(t, items), nil, 1, nil)
		if err != nil || !reflect.DeepEqual(got, wantMap) {
			t.Errorf("%d processors: another map, error %v", processors, err)
		}
	}
}

func TestAnotherRunChangesNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		items := topics(seed, 400, 8, 32, 1.1)
		first := themes(t, items, nil, Constraints{})
		again := themes(t, items, remember(first), Constraints{})
		if !reflect.DeepEqual(homes(first), homes(again)) {
			t.Errorf("seed %d: the groups changed", seed)
		}
	}
}

func TestGroupsKeepTheirIdentityAsItemsComeAndGo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		all := topics(seed, 420, 8, 32, 1)
		first := themes(t, all[:400], nil, Constraints{})
		later := themes(t, all[10:], remember(first), Constraints{})
		was, is := homes(first), homes(later)
		kept := 0
		for item, cluster := range is {
			if was[item] == cluster {
				kept++
			}
		}
		if kept < 351 { // nine in ten of the 390 that stayed
			t.Errorf("seed %d: %d of 390 items are in the group they were in", seed, kept)
		}
	}
}

func TestAMemberIsExplained(t *testing.T) {
	t.Parallel()
	items := topics(4, 60, 2, 32, 0.5)
	for i := range items {
		items[i].Text = []string{"The nurse checks the infusion pump.", "The auditor signs the ledger."}[i%2]
	}
	r := themes(t, items, nil, Constraints{})
	g := r.Groups[0]
	best, worst := g.Members[0], g.Members[len(g.Members)-1]
	if best.Confidence < worst.Confidence || worst.Confidence <= 0 || best.Similarity < 0.5 {
		t.Errorf("best %+v, worst %+v", best, worst)
	}
	if len(g.Terms) == 0 || len(best.Terms) != len(g.Terms) {
		t.Errorf("terms %v, of the best %v", g.Terms, best.Terms)
	}
	if home := homes(r); home[best.Nearest] != g.ID || best.Nearest == best.ID {
		t.Errorf("nearest is %s", best.Nearest)
	}
}

func TestLouvainIsAsGoodAsGonum(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		items := topics(seed, 300, 10, 32, 1.3)
		b, err := newBlocks(items, Constraints{})
		if err != nil {
			t.Fatal(err)
		}
		th := &thematic{blocks: b, graph: nearest(t, items), floor: 0.2}
		th.place()
		edges := th.edges()
		net := newNetwork(edges, make([]float64, len(edges)), make([][]int, len(edges)))
		part, err := louvain(t.Context(), net, identity(len(edges)), 1, seed)
		if err != nil {
			t.Fatal(err)
		}
		theirs := simple.NewWeightedUndirectedGraph(0, 0)
		for i, row := range edges {
			for _, e := range row {
				theirs.SetWeightedEdge(simple.WeightedEdge{F: simple.Node(i), T: simple.Node(e.to), W: e.weight})
			}
		}
		reduced := community.Modularize(theirs, 1, rand.NewPCG(seed, 1))
		want := community.Q(theirs, reduced.Communities(), 1)
		got := net.modularity(part, 1)
		if got < want-0.01 {
			t.Errorf("seed %d: modularity %.4f, gonum's %.4f", seed, got, want)
		}
		isolated := net.contract(part)
		if same := isolated.modularity(identity(len(isolated.edges)), 1); math.Abs(same-got) > 1e-9 {
			t.Errorf("seed %d: contracting changed the modularity from %.6f to %.6f", seed, got, same)
		}
	}
}

func TestTheFloorRisesWithWhatAllTextsShare(t *testing.T) {
	t.Parallel()
	unlike := nearest(t, topics(1, 100, 100, 64, 0))
	if floor := unlike.floor(0.45, 1); floor != 0.45 {
		t.Errorf("of unlike texts it is %.2f", floor)
	}
	alike := nearest(t, topics(1, 100, 1, 64, 0.9)) // all pairs are about 1/(1+0.9²)
	if floor := alike.floor(0.45, 1); floor < 0.5 || floor > mostFloor {
		t.Errorf("of texts of one trade it is %.2f", floor)
	}
	same := nearest(t, topics(1, 100, 1, 64, 0.1))
	if floor := same.floor(FloorFor("hashing/1"), 1); floor != mostFloor {
		t.Errorf("of nearly the same texts it is %.2f", floor)
	}
}
