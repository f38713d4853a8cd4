package views

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
)

// The drawing of a realm's map, in its own units, with room around the points.
const (
	mapWidth  = 1000
	mapHeight = 700
	mapEdge   = 24
	mapPage   = 50 // rows of the table on a page
	mapBig    = 12 // labels that show before one comes nearer
)

// RealmMapForm is what is looked for on a map.
type RealmMapForm struct {
	Query   string `form:"q"`
	Cluster string `form:"cluster"` // id
	Page    int    `form:"page"`
}

// RealmMapView is a map as its page shows it.
type RealmMapView struct {
	Org      string
	Can      FrameCan
	Form     RealmMapForm
	Map      store.RealmMap
	Selected []uuid.UUID   // what was chosen, after something was wrong
	Bad      store.Invalid // with a change to the chosen ones
	BulkTag  string        // the tag that was typed with it
}

// edits says whether signals can be chosen, to do something to them.
func (v RealmMapView) edits() bool { return v.Map.Writes && v.Can.UseRealms }

func (v RealmMapView) selected(id uuid.UUID) bool { return slices.Contains(v.Selected, id) }

// elsewhere are the chosen signals that are not among the rows of the table.
func (v RealmMapView) elsewhere(shown []mapRow) []uuid.UUID {
	return slices.DeleteFunc(slices.Clone(v.Selected), func(id uuid.UUID) bool {
		return slices.ContainsFunc(shown, func(row mapRow) bool { return row.ID == id })
	})
}

// bulk is the view as the bar takes it that does something to the chosen signals.
func (v RealmMapView) bulk() SignalListView {
	return SignalListView{Org: v.Org, Can: v.Can, List: store.SignalList{SignalChoices: v.Map.SignalChoices}, Choices: v.Map.SignalChoices, Bad: v.Bad, BulkTag: v.BulkTag}
}

// targets are the clusters that chosen signals can be put into.
func (v RealmMapView) targets() []Option {
	options := []Option{{Value: "", Label: "A new cluster"}}
	for _, c := range v.Map.Clusters {
		if c.Open {
			options = append(options, Option{Value: c.ID.String(), Label: excerpt(c.Title, 60)})
		}
	}
	return options
}

// values are what is looked for, as an address has it.
func (f RealmMapForm) values() url.Values { return queryOf("q", f.Query, "cluster", f.Cluster) }

// URL is the map of a realm with what is looked for on it.
func (f RealmMapForm) URL(org, slug string) string {
	return withQuery(RealmMapURL(org, slug), f.values())
}

// mapGroup is a cluster on the map, or what is in none.
type mapGroup struct {
	Link   store.ClusterLink
	Points []store.MapPoint
	Dots   string // the path of its dots: each a line of no length with round ends
	X, Y   float64
	Big    bool // its label shows before one comes nearer
}

func mapX(x float64) float64 { return mapEdge + x*(mapWidth-2*mapEdge) }
func mapY(y float64) float64 { return mapEdge + y*(mapHeight-2*mapEdge) }

// dots is the path of some points. It is far shorter than an element for each.
func dots(points []store.MapPoint) string {
	var path strings.Builder
	for _, p := range points {
		path.WriteString("M" + num(mapX(p.X)) + " " + num(mapY(p.Y)) + "h0")
	}
	return path.String()
}

// groups are what the drawing shows: signals in no cluster first, below all others, then the clusters from the largest on.
func (v RealmMapView) groups() []mapGroup {
	at := map[uuid.UUID]int{}
	groups := make([]mapGroup, 1, len(v.Map.Clusters)+1)
	for _, link := range v.Map.Clusters {
		at[link.ID] = len(groups)
		groups = append(groups, mapGroup{Link: link.ClusterLink})
	}
	for _, p := range v.Map.Points {
		i := 0
		if p.Cluster != nil {
			i = at[*p.Cluster]
		}
		groups[i].Points = append(groups[i].Points, p)
	}
	groups = slices.DeleteFunc(groups, func(g mapGroup) bool { return len(g.Points) == 0 })
	slices.SortStableFunc(groups, func(a, b mapGroup) int {
		return cmp.Or(compareBool(b.Link.ID == uuid.Nil, a.Link.ID == uuid.Nil), cmp.Compare(len(b.Points), len(a.Points)))
	})
	placeLabels(groups)
	for i := range groups {
		groups[i].Dots = dots(groups[i].Points)
	}
	return groups
}

func compareBool(a, b bool) int {
	if a == b {
		return 0
	}
	if a {
		return 1
	}
	return -1
}

// placeLabels puts each cluster's label at the middle of its points or a little above or below it, and chooses which of them show from
// afar: the largest ones that do not cover one another.
func placeLabels(groups []mapGroup) {
	var taken []mapGroup
	for i := range groups {
		g := &groups[i]
		if g.Link.ID == uuid.Nil {
			continue
		}
		g.X, g.Y = mapX(median(g.Points, func(p store.MapPoint) float64 { return p.X })), mapY(median(g.Points, func(p store.MapPoint) float64 { return p.Y }))
		half := g.halfLabel()
		g.X = min(max(g.X, half), mapWidth-half)
		middle := g.Y
		for _, move := range labelMoves {
			if g.Big || len(taken) == mapBig {
				break
			}
			g.Y = middle + move
			g.Big = !slices.ContainsFunc(taken, func(o mapGroup) bool {
				return abs(g.X-o.X) < half+o.halfLabel() && abs(g.Y-o.Y) < 26
			})
		}
		if g.Big {
			taken = append(taken, *g)
		} else {
			g.Y = middle
		}
	}
}

// labelMoves are how far a label may stand from the middle of its cluster, where it covers no label of a larger one.
var labelMoves = []float64{0, -26, 26, -52, 52}

// halfLabel is about half the width of the label: 8 units for a letter.
func (g mapGroup) halfLabel() float64 { return 4 * float64(min(len([]rune(g.Link.Title)), 32)+1) }

func (g mapGroup) label() string { return excerpt(g.Link.Title, 31) }

func abs(x float64) float64 { return max(x, -x) }

func median(points []store.MapPoint, of func(store.MapPoint) float64) float64 {
	values := make([]float64, 0, len(points))
	for _, p := range points {
		values = append(values, of(p))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// matches says that a point is what is looked for.
func (f RealmMapForm) matches(p store.MapPoint) bool {
	if f.Cluster != "" && (p.Cluster == nil || p.Cluster.String() != f.Cluster) {
		return false
	}
	return strings.Contains(strings.ToLower(p.Title), strings.ToLower(strings.TrimSpace(f.Query)))
}

// found are the points that are looked for, cluster by cluster as the legend has them.
func (v RealmMapView) found(groups []mapGroup) []mapRow {
	var rows []mapRow
	for _, g := range clustersFirst(groups) {
		for _, p := range g.Points {
			if v.Form.matches(p) {
				rows = append(rows, mapRow{p, g.Link})
			}
		}
	}
	return rows
}

// clustersFirst puts what is in no cluster to the end.
func clustersFirst(groups []mapGroup) []mapGroup {
	if len(groups) > 0 && groups[0].Link.ID == uuid.Nil {
		return slices.Concat(groups[1:], groups[:1])
	}
	return groups
}

// mapRow is a line of the table that says what the map shows.
type mapRow struct {
	store.MapPoint
	Link store.ClusterLink
}

func (v RealmMapView) searching() bool {
	return strings.TrimSpace(v.Form.Query) != "" || v.Form.Cluster != ""
}

// mapFound is the path of what a search found, which is drawn over the dimmed rest.
func mapFound(v RealmMapView, rows []mapRow) string {
	if !v.searching() {
		return ""
	}
	points := make([]store.MapPoint, 0, len(rows))
	for _, row := range rows {
		points = append(points, row.MapPoint)
	}
	return dots(points)
}

// pageOf are the rows of the page that is asked for.
func (v RealmMapView) pageOf(rows []mapRow) (shown []mapRow, previous, next string) {
	page := min(max(v.Form.Page, 1), max(1, (len(rows)+mapPage-1)/mapPage))
	from, until := (page-1)*mapPage, min(page*mapPage, len(rows))
	if page > 1 {
		previous = v.pageURL(page - 1)
	}
	if until < len(rows) {
		next = v.pageURL(page + 1)
	}
	return rows[from:until], previous, next
}

func (v RealmMapView) pageURL(page int) string {
	return withQuery(RealmMapURL(v.Org, v.Map.Slug), queryOf("q", v.Form.Query, "cluster", v.Form.Cluster, "page", strconv.Itoa(page))) + "#table"
}

func (v RealmMapView) clusterOptions(groups []mapGroup) []Option {
	options := []Option{{Value: "", Label: "Any cluster"}}
	for _, g := range groups {
		if g.Link.ID != uuid.Nil {
			options = append(options, Option{Value: g.Link.ID.String(), Label: g.Link.Title})
		}
	}
	return options
}

// mapSummary is the map in a sentence.
func mapSummary(v RealmMapView, groups []mapGroup) string {
	clusters := len(groups)
	if clusters > 0 && groups[0].Link.ID == uuid.Nil {
		clusters--
	}
	return signalsText(len(v.Map.Points)) + ", " + counted(clusters, "cluster")
}

// MapPoints is what the script of a map needs to know of each dot: x and y as they are drawn, id and title.
func MapPoints(m store.RealmMap) [][4]any {
	points := make([][4]any, 0, len(m.Points))
	for _, p := range m.Points {
		points = append(points, [4]any{mapX(p.X), mapY(p.Y), p.ID, p.Title})
	}
	return points
}
