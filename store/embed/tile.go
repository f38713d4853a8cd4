package embed

import "unsafe"

// tilePortable computes y += x·panel for tileRows rows of x and y and the tileCols columns of a panel, of which it takes k
// rows. The strides are numbers from row to row. k is at least 1.
//
// It goes through the tile in blocks of 2 × 4 numbers, which with what they need just fit into sixteen registers.
func tilePortable(y *float32, yStride int, x *float32, xStride int, panel *float32, k int) {
	steps := unsafe.Slice((*[tileCols]float32)(unsafe.Pointer(panel)), k)
	ys := unsafe.Slice(y, (tileRows-1)*yStride+tileCols)
	xs := unsafe.Slice(x, (tileRows-1)*xStride+k)
	for row := 0; row < tileRows; row += 2 {
		x0 := xs[row*xStride:][:len(steps)]
		x1 := xs[(row+1)*xStride:][:len(steps)]
		for col := 0; col < tileCols; col += 4 {
			block(ys[row*yStride+col:], yStride, x0, x1, steps, col)
		}
	}
}

// block does the columns col to col+3 of two rows.
func block(y []float32, stride int, x0, x1 []float32, steps [][tileCols]float32, col int) {
	var s00, s01, s02, s03, s10, s11, s12, s13 float32
	x0, x1 = x0[:len(steps)], x1[:len(steps)]
	col &= tileCols - 4 // so that the compiler knows that col+3 is inside
	for i := range steps {
		b := &steps[i]
		b0, b1, b2, b3 := b[col], b[col+1], b[col+2], b[col+3]
		a0, a1 := x0[i], x1[i]
		s00 += a0 * b0
		s01 += a0 * b1
		s02 += a0 * b2
		s03 += a0 * b3
		s10 += a1 * b0
		s11 += a1 * b1
		s12 += a1 * b2
		s13 += a1 * b3
	}
	r0, r1 := (*[4]float32)(y), (*[4]float32)(y[stride:])
	r0[0], r0[1], r0[2], r0[3] = r0[0]+s00, r0[1]+s01, r0[2]+s02, r0[3]+s03
	r1[0], r1[1], r1[2], r1[3] = r1[0]+s10, r1[1]+s11, r1[2]+s12, r1[3]+s13
}
