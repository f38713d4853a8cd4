package embed

import "unsafe"

// tilePortable computes y += x·panel for tileRows rows of x and y and the tileCols columns of a panel, of which it takes k
// rows. The strides are numbers from row to row. k is at least 1.
//
// It goes through the tile in blocks of 3 × 2 numbers: more would not fit into sixteen registers with what they need, and
// was measured to be slower.
func tilePortable(y *float32, yStride int, x *float32, xStride int, panel *float32, k int) {
	steps := unsafe.Slice((*[tileCols]float32)(unsafe.Pointer(panel)), k)
	ys := unsafe.Slice(y, (tileRows-1)*yStride+tileCols)
	xs := unsafe.Slice(x, (tileRows-1)*xStride+k)
	for row := 0; row < tileRows; row += 3 {
		x0, x1, x2 := xs[row*xStride:], xs[(row+1)*xStride:], xs[(row+2)*xStride:]
		for col := 0; col < tileCols; col += 2 {
			block(ys[row*yStride+col:], yStride, x0, x1, x2, steps, col)
		}
	}
}

// block does the columns col and col+1 of three rows.
func block(y []float32, stride int, x0, x1, x2 []float32, steps [][tileCols]float32, col int) {
	var s00, s01, s10, s11, s20, s21 float32
	x0, x1, x2 = x0[:len(steps)], x1[:len(steps)], x2[:len(steps)]
	col &= tileCols - 2 // so that the compiler knows that col+1 is inside
	for i := range steps {
		b := &steps[i]
		b0, b1 := b[col], b[col+1]
		a0, a1, a2 := x0[i], x1[i], x2[i]
		s00 += a0 * b0
		s01 += a0 * b1
		s10 += a1 * b0
		s11 += a1 * b1
		s20 += a2 * b0
		s21 += a2 * b1
	}
	r0, r1, r2 := (*[2]float32)(y), (*[2]float32)(y[stride:]), (*[2]float32)(y[2*stride:])
	r0[0], r0[1] = r0[0]+s00, r0[1]+s01
	r1[0], r1[1] = r1[0]+s10, r1[1]+s11
	r2[0], r2[1] = r2[0]+s20, r2[1]+s21
}
