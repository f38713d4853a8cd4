package embed

import (
	"math"
	"math/rand/v2"
	"testing"
)

func randomNumbers(r *rand.Rand, n int) []float32 {
	numbers := make([]float32, n)
	for i := range numbers {
		numbers[i] = r.Float32() - 0.5
	}
	return numbers
}

// TestBothTilesMultiply compares both kinds of tile with a product in double precision, at every k and with strides larger
// than the tile.
func TestBothTilesMultiply(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for _, k := range []int{1, 2, 3, 7, 16, 64, 127, 512} {
		const yStride = tileCols + 3
		xStride := k + 5
		x, panel := randomNumbers(r, tileRows*xStride), randomNumbers(r, k*tileCols)
		y := randomNumbers(r, tileRows*yStride)
		portable, chosen := append([]float32(nil), y...), append([]float32(nil), y...)
		tilePortable(&portable[0], yStride, &x[0], xStride, &panel[0], k)
		tile(&chosen[0], yStride, &x[0], xStride, &panel[0], k)
		for i := range y {
			row, col := i/yStride, i%yStride
			want := float64(y[i])
			for j := 0; j < k && col < tileCols; j++ {
				want += float64(x[row*xStride+j]) * float64(panel[j*tileCols+col])
			}
			for name, got := range map[string]float32{"portable": portable[i], Kernel(): chosen[i]} {
				if !(math.Abs(float64(got)-want) < 2e-5) {
					t.Fatalf("k %d, row %d, column %d, %s: %v instead of %v", k, row, col, name, got, want)
				}
			}
		}
	}
}

// TestMultiplyAddTakesAnyNumberOfRows compares with loops, and looks whether anything is written outside of the columns.
func TestMultiplyAddTakesAnyNumberOfRows(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	const in, out, room = 700, 48, 40 // deeper than one panel is read
	weights := randomNumbers(r, in*out)
	w := newMatrix(in, out, weights)
	for rows := range room - tileRows {
		x := grid{randomNumbers(r, room*in), in}
		y := grid{make([]float32, room*(out+1)), out + 1}
		multiplyAdd(y, x, w, rows)
		for i := range room {
			for j := range out + 1 {
				want := 0.0
				for k := 0; k < in && j < out; k++ {
					want += float64(x.numbers[i*in+k]) * float64(weights[k*out+j])
				}
				got := float64(y.numbers[i*y.stride+j])
				switch {
				case i < rows && math.Abs(got-want) > 1e-4:
					t.Fatalf("%d rows: row %d, column %d is %v instead of %v", rows, i, j, got, want)
				case (i >= roundUp(rows, tileRows) || j == out) && got != 0:
					t.Fatalf("%d rows: row %d, column %d was written", rows, i, j)
				}
			}
		}
	}
}
