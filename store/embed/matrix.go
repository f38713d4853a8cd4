package embed

// The encoder's work is products of matrices: y += x·w, where x has one row for each piece of text. They are computed in
// tiles of tileRows × tileCols numbers of y, which stay in registers while the tile runs down the columns of w. For that
// w is stored in panels: tileCols columns side by side, one row after the other, so that a tile reads it in one stream.
// (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008.)
const (
	tileRows = 6
	tileCols = 16
	// depth is how many rows of a panel a tile takes at once: a panel of this depth (32 KiB) stays in the nearest cache
	// while all rows of x go past it.
	depth = 512
)

// matrix is a matrix of weights in panels. Its columns are a multiple of tileCols.
type matrix struct {
	rows, cols int
	panels     []float32
}

// newMatrix lays a matrix out in panels. The weights come row by row.
func newMatrix(rows, cols int, weights []float32) matrix {
	m := matrix{rows, cols, make([]float32, 0, len(weights))}
	for col := 0; col < cols; col += tileCols {
		for row := range rows {
			at := row*cols + col
			m.panels = append(m.panels, weights[at:at+tileCols]...)
		}
	}
	return m
}

// grid is a matrix row by row, as a window on a longer slice: row i begins at i×stride.
type grid struct {
	numbers []float32
	stride  int
}

// multiplyAdd computes y += x·w for the first rows of x. It works in whole tiles: up to tileRows-1 rows after them are read
// and written too, which have to be there and whose content means nothing.
func multiplyAdd(y, x grid, w matrix, rows int) {
	if rows == 0 {
		return
	}
	// A tile does not check what it reads and writes; so everything is checked here, once.
	end := roundUp(rows, tileRows) - 1
	_ = y.numbers[end*y.stride+w.cols-1]
	_ = x.numbers[end*x.stride+w.rows-1]
	_ = w.panels[w.rows*w.cols-1]

	for top := 0; top < w.rows; top += depth {
		k := min(depth, w.rows-top)
		for col := 0; col < w.cols; col += tileCols {
			panel := &w.panels[w.rows*col+top*tileCols]
			for row := 0; row < rows; row += tileRows {
				tile(&y.numbers[row*y.stride+col], y.stride, &x.numbers[row*x.stride+top], x.stride, panel, k)
			}
		}
	}
}

// roundUp returns the smallest multiple of m that is not below n.
func roundUp(n, m int) int { return (n + m - 1) / m * m }
