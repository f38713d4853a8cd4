package views

import "surrealm/store/sop"

func (v *GraphView) arrange(g sop.Graph) {
	index := map[string]int{}
	for i, n := range v.Nodes {
		index[n.ID] = i
	}
	layer := make([]int, len(v.Nodes))
	for range v.Nodes {
		for i, e := range g.Edges {
			if v.Edges[i].Loop {
				continue
			}
			f, ok1 := index[e.From]
			t, ok2 := index[e.To]
			if ok1 && ok2 && layer[t] < layer[f]+1 && layer[f]+1 < len(v.Nodes) {
				layer[t] = layer[f] + 1
			}
		}
	}
	x := map[int]float64{}
	for i := range v.Nodes {
		n := &v.Nodes[i]
		n.Y = 24 + float64(layer[i])*170
		n.X = 24 + x[layer[i]]
		x[layer[i]] += n.W + 40
		v.Width = max(v.Width, n.X+n.W+24)
		v.Height = max(v.Height, n.Y+n.H+24)
	}
	for i, e := range g.Edges {
		from, hasFrom := index[e.From]
		to, hasTo := index[e.To]
		if !hasFrom || !hasTo {
			continue
		}
		f, t := v.Nodes[from], v.Nodes[to]
		v.Edges[i].Path = "M" + num(f.X+f.W/2) + " " + num(f.Y+f.H) + "L" + num(t.X+t.W/2) + " " + num(t.Y)
		v.Edges[i].LabelX = (f.X + t.X + f.W) / 2
		v.Edges[i].LabelY = (f.Y + f.H + t.Y) / 2
	}
}
