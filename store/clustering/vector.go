package clustering

import "math"

// dot is the product of a row and a vector.
func dot(row []float32, vector []float64) float64 {
	sum := 0.0
	for d, x := range row {
		sum += float64(x) * vector[d]
	}
	return sum
}

func widen(row []float32) []float64 {
	wide := make([]float64, len(row))
	for d, x := range row {
		wide[d] = float64(x)
	}
	return wide
}

// normalise makes the vector's length one. The zero vector stays. It returns the length that it had.
func normalise(vector []float64) float64 {
	sum := 0.0
	for _, x := range vector {
		sum += x * x
	}
	if sum == 0 {
		return 0
	}
	length := math.Sqrt(sum)
	for d := range vector {
		vector[d] /= length
	}
	return length
}
