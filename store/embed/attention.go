package embed

import "math"

// attend lets each piece of one text look at all others (Vaswani et al., 2017, arXiv:1706.03762): in has the queries, keys
// and values of its pieces side by side, each of the width, and out gets a row of the width for each. Each head does so for
// its share of the columns.
func attend(out, in grid, pieces, width int, w *workspace) {
	for i := range roundUp(pieces, tileRows) { // in the rows after its own, the last text's products may have left something
		clear(out.row(i, width))
	}
	share := width / heads
	scale := float32(1 / math.Sqrt(float64(share)))
	for head := range heads {
		query, key, value := in.at(head*share), in.at(width+head*share), in.at(2*width+head*share)
		scores := grid{w.scores, roundUp(pieces, tileCols)}
		clear(scores.numbers[:roundUp(pieces, tileRows)*scores.stride])
		multiplyAdd(scores, query, w.transposed(key, pieces, share, scale), pieces)
		for i := range pieces {
			softmax(scores.row(i, pieces))
		}
		multiplyAdd(out.at(head*share), scores, w.packed(value, pieces, share), pieces)
	}
}

// transposed lays the first rows of x out as a matrix in panels whose columns they are, times scale. Columns that are
// missing to a whole panel are zero.
func (w *workspace) transposed(x grid, rows, width int, scale float32) matrix {
	m := matrix{width, roundUp(rows, tileCols), w.panels[:width*roundUp(rows, tileCols)]}
	for col := range m.cols {
		panel := m.panels[col/tileCols*tileCols*width+col%tileCols:]
		if col >= rows {
			for i := range width {
				panel[i*tileCols] = 0
			}
			continue
		}
		for i, a := range x.row(col, width) {
			panel[i*tileCols] = a * scale
		}
	}
	return m
}

// packed lays the first rows of x out as a matrix in panels.
func (w *workspace) packed(x grid, rows, width int) matrix {
	m := matrix{rows, width, w.panels[:rows*width]}
	to := m.panels
	for col := 0; col < width; col += tileCols {
		for row := range rows {
			copy(to[:tileCols], x.numbers[row*x.stride+col:])
			to = to[tileCols:]
		}
	}
	return m
}
