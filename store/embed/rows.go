package embed

import "math"

// apply normalises rows.
func (n layerNorm) apply(out, in grid, rows int) {
	width := len(n.scale)
	for i := range rows {
		from, to := in.row(i, width), out.row(i, width)
		mean := sum(from) / float64(width)
		deviation := math.Sqrt(squares(from, mean)/float64(width) + 1e-6)
		middle, scale := float32(mean), float32(1/deviation)
		for j, a := range from {
			to[j] = (a-middle)*scale*n.scale[j] + n.bias[j]
		}
	}
}

// sum adds the numbers up. Four sums at a time keep the processor from waiting for each addition. Their count is a multiple
// of four.
func sum(numbers []float32) float64 {
	var s0, s1, s2, s3 float64
	for ; len(numbers) >= 4; numbers = numbers[4:] {
		s0 += float64(numbers[0])
		s1 += float64(numbers[1])
		s2 += float64(numbers[2])
		s3 += float64(numbers[3])
	}
	return s0 + s1 + s2 + s3
}

// squares adds the squares of the distances from the mean up, in the same way.
func squares(numbers []float32, mean float64) float64 {
	var s0, s1, s2, s3 float64
	for ; len(numbers) >= 4; numbers = numbers[4:] {
		d0, d1, d2, d3 := float64(numbers[0])-mean, float64(numbers[1])-mean, float64(numbers[2])-mean, float64(numbers[3])-mean
		s0 += d0 * d0
		s1 += d1 * d1
		s2 += d2 * d2
		s3 += d3 * d3
	}
	return s0 + s1 + s2 + s3
}

// rectify makes negative numbers zero.
func rectify(numbers []float32) {
	for i, a := range numbers {
		numbers[i] = max(a, 0)
	}
}

// softmax makes the numbers positive with the sum 1, the larger ones much larger.
func softmax(numbers []float32) {
	top := numbers[0]
	for _, a := range numbers {
		top = max(top, a)
	}
	var sum float64
	for i, a := range numbers {
		e := math.Exp(float64(a - top))
		numbers[i] = float32(e)
		sum += e
	}
	scale := float32(1 / sum)
	for i := range numbers {
		numbers[i] *= scale
	}
}

// means writes the mean of each text's rows.
func means(out, in grid, texts [][]int32) {
	row := 0
	for i, ids := range texts {
		mean := out.row(i, Dimensions)
		clear(mean)
		for range ids {
			for j, a := range in.row(row, Dimensions) {
				mean[j] += a
			}
			row++
		}
		for j := range mean {
			mean[j] /= float32(len(ids))
		}
	}
}

// unit returns tanh of the row, brought to length 1.
func unit(row []float32) []float32 {
	vector := make([]float32, len(row))
	var square float64
	for i, a := range row {
		b := math.Tanh(float64(a))
		vector[i] = float32(b)
		square += b * b
	}
	scale := float32(1 / math.Sqrt(max(square, 1e-12)))
	for i := range vector {
		vector[i] *= scale
	}
	return vector
}
