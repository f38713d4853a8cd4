package layout

import (
	"math"
	"slices"
)

// crossover is the part of a link that is not straight: a line that leaves the
// upper row at from, crosses over, and enters the lower row at to.
type crossover struct {
	link     int
	from, to float64
	track    int
}

func (c crossover) span() (low, high float64) { return min(c.from, c.to), max(c.from, c.to) }

// assignTracks gives every link that is not straight a track, counted from
// above, in the room below its row. Lines that would run into each other get
// different tracks, and of two lines that one is above which saves crossings.
// The result is the track of each link, -1 for a straight one.
func (s *sheet) assignTracks() []int {
	tracks := make([]int, len(s.links))
	for l := range tracks {
		tracks[l] = -1
	}
	byRow := make([][]crossover, len(s.rows))
	for l, link := range s.links {
		if from, to := s.port[l][0], s.port[l][1]; math.Abs(from-to) >= 1 {
			r := s.items[link.upper].row
			byRow[r] = append(byRow[r], crossover{link: l, from: from, to: to})
		}
	}
	for r, lines := range byRow {
		s.rows[r].trackCount = stack(lines)
		for _, c := range lines {
			tracks[c.link] = c.track
		}
	}
	return tracks
}

// stack gives the lines their tracks and returns how many there are. A line is
// placed when all that should be above it are; where they wait for each other
// in a circle, the one with the least to lose goes first.
func stack(lines []crossover) int {
	slices.SortStableFunc(lines, func(a, b crossover) int {
		aLow, aHigh := a.span()
		bLow, bHigh := b.span()
		if aLow != bLow {
			return sign(aLow - bLow)
		}
		return sign(aHigh - bHigh)
	})
	w := newWaiting(len(lines))
	for i := range lines {
		for j := i + 1; j < len(lines); j++ {
			low, _ := lines[j].span()
			if _, high := lines[i].span(); low > high+lineGap/2 {
				break
			}
			if cost := costAbove(lines[i], lines[j]) - costAbove(lines[j], lines[i]); cost < 0 {
				w.put(i, j, -cost)
			} else {
				w.put(j, i, cost)
			}
		}
	}
	return w.settle(lines)
}

// waiting knows which lines must not share a track, and which of two should be
// above the other.
type waiting struct {
	near [][]precedence // for each line, both ways
	cost []int          // for each line, of what should be above it and is not placed
}

// precedence is the other line of a pair, what the wrong order would cost, and
// whether this line is the one that should be above.
type precedence struct {
	other, cost int
	above       bool
}

func newWaiting(lines int) *waiting {
	return &waiting{near: make([][]precedence, lines), cost: make([]int, lines)}
}

// put says that upper should be above lower. A pair that does not mind costs 1,
// so that it still waits where nothing else decides.
func (w *waiting) put(upper, lower, cost int) {
	w.near[lower] = append(w.near[lower], precedence{upper, cost + 1, false})
	w.near[upper] = append(w.near[upper], precedence{lower, cost + 1, true})
	w.cost[lower] += cost + 1
}

// settle places line after line, each on the first track below all lines near
// it that are placed.
func (w *waiting) settle(lines []crossover) int {
	placed := make([]bool, len(lines))
	tracks := 0
	for range lines {
		next := -1
		for k := range lines {
			if !placed[k] && (next < 0 || w.cost[k] < w.cost[next]) {
				next = k
			}
		}
		placed[next] = true
		for _, p := range w.near[next] {
			if placed[p.other] {
				lines[next].track = max(lines[next].track, lines[p.other].track+1)
			}
			if p.above {
				w.cost[p.other] -= p.cost
			}
		}
		tracks = max(tracks, lines[next].track+1)
	}
	return tracks
}

// costAbove counts what it costs to have a on a track above b: crossings, and
// dearly if the two would run along the same line.
func costAbove(a, b crossover) int {
	const crossing, overlap = 1, 100
	cost := 0
	aLow, aHigh := a.span()
	bLow, bHigh := b.span()
	if within(a.to, bLow, bHigh) {
		cost += crossing // a comes down through b
	}
	if within(b.from, aLow, aHigh) {
		cost += crossing // b comes down through a
	}
	if math.Abs(a.to-b.from) < lineGap/2 {
		cost += overlap // a comes down where b has not turned yet
	}
	return cost
}

func within(x, low, high float64) bool { return x > low && x < high }

func sign(x float64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}
