package clustering

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/google/uuid"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// Graph is each embedded item with its nearest neighbours by cosine similarity. It keeps the vectors, so
// it is as large as they are: 4 bytes a dimension and item.
type Graph struct {
	ids     []uuid.UUID // ascending
	near    [][]neighbour
	vectors []float32 // unit rows, one an item
	width   int       // dimensions, without those that are zero in every item
}

// neighbour is another item of the graph, by its index, and how similar it is, -1..1.
type neighbour struct {
	Index      int
	Similarity float32
}

// tile is how many rows are compared with how many at once: small enough for the second-level cache, and
// for Sgemm to stay on the calling goroutine and to add up in one order.
const tile = 64

// Nearest finds the k nearest neighbours of every item that has a vector, exactly: every pair is compared,
// once, on all processors. 20,000 items of 512 dimensions are 10^11 multiplications, some seconds. Ties
// go to the smaller id. A good k is Neighbours(len(items)).
func Nearest(ctx context.Context, items []Item, k int, progress Progress) (*Graph, error) {
	g, err := pack(items)
	if err != nil {
		return nil, err
	}
	n := len(g.ids)
	bands := (n + tile - 1) / tile
	locks := make([]sync.Mutex, bands)
	done := make(chan int, bands)
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(bands, 1)) {
		workers.Go(func() {
			products := make([]float32, tile*tile)
			for band := range next {
				for other := band; other < bands && ctx.Err() == nil; other++ {
					g.compare(band, other, k, products, locks)
				}
				done <- bands - band
			}
		})
	}
	go func() {
		for band := range bands {
			next <- band
		}
		close(next)
	}()
	compared := 0
	for range bands {
		compared += <-done
		progress.report(compared, bands*(bands+1)/2)
	}
	workers.Wait()
	return g, ctx.Err()
}

// Neighbours is a good number of neighbours for n items: few items would all be neighbours of each other.
func Neighbours(n int) int {
	return min(max(int(1.25*math.Sqrt(float64(n))), 3), 10)
}

// compare offers every item of one band to every item of the other and the other way round. Which k stay
// does not depend on the order of offers, so bands may be compared in any order at the same time.
func (g *Graph) compare(band, other, k int, products []float32, locks []sync.Mutex) {
	rows, columns := g.band(band), g.band(other)
	if g.width > 0 {
		gonum.Implementation{}.Sgemm(blas.NoTrans, blas.Trans, rows.n, columns.n, g.width,
			1, rows.data, g.width, columns.data, g.width, 0, products, tile)
	}
	locks[band].Lock()
	for i := range rows.n {
		for j := range columns.n {
			if rows.first+i != columns.first+j {
				g.offer(rows.first+i, neighbour{columns.first + j, products[i*tile+j]}, k)
			}
		}
	}
	locks[band].Unlock()
	if band == other {
		return
	}
	locks[other].Lock()
	for i := range rows.n {
		for j := range columns.n {
			g.offer(columns.first+j, neighbour{rows.first + i, products[i*tile+j]}, k)
		}
	}
	locks[other].Unlock()
}

type rows struct {
	first, n int
	data     []float32
}

func (g *Graph) band(band int) rows {
	first := band * tile
	n := min(tile, len(g.ids)-first)
	return rows{first, n, g.vectors[first*g.width : (first+n)*g.width]}
}

// offer keeps the candidate among the k best of item i, best first.
func (g *Graph) offer(i int, candidate neighbour, k int) {
	near := g.near[i]
	if len(near) == k {
		if k == 0 || !closer(candidate, near[k-1]) {
			return
		}
		near = near[:k-1]
	}
	at := len(near)
	for at > 0 && closer(candidate, near[at-1]) {
		at--
	}
	g.near[i] = slices.Insert(near, at, candidate)
}

func closer(a, b neighbour) bool {
	return a.Similarity > b.Similarity || a.Similarity == b.Similarity && a.Index < b.Index
}

// pack copies the vectors into rows of length one, by id, and drops the dimensions at the end that are
// zero everywhere (vectors of a short model come padded). A vector that is zero or not finite counts as none.
func pack(items []Item) (*Graph, error) {
	sorted, _, err := sortedItems(items)
	if err != nil {
		return nil, err
	}
	sorted = slices.DeleteFunc(sorted, func(item Item) bool { return !(length(item.Vector) > 0) })
	g := &Graph{near: make([][]neighbour, len(sorted))}
	for _, item := range sorted {
		g.ids = append(g.ids, item.ID)
		for d := len(item.Vector); d > g.width; d-- {
			if item.Vector[d-1] != 0 {
				g.width = d
			}
		}
	}
	g.vectors = make([]float32, len(sorted)*g.width)
	for i, item := range sorted {
		scale := 1 / length(item.Vector)
		for d, x := range item.Vector[:min(g.width, len(item.Vector))] {
			g.vectors[i*g.width+d] = float32(float64(x) * scale)
		}
	}
	return g, nil
}

// length is the Euclidean length of a vector, 0 if it has a value that is not finite.
func length(vector []float32) float64 {
	sum := 0.0
	for _, x := range vector {
		sum += float64(x) * float64(x)
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return 0
	}
	return math.Sqrt(sum)
}

func (g *Graph) row(i int) []float32 { return g.vectors[i*g.width : (i+1)*g.width] }
