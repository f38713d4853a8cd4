package clustering

import "math/cmplx"

// toward turns, mirrors, scales and shifts all points so that those which were on the old map come to lie
// as near to their old positions as possible (Procrustes). Without two such points nothing but a shift
// to the middle of the map happens.
func toward(points, old []Point, has []bool) {
	var here, there []complex128
	for i, p := range points {
		if has[i] {
			here = append(here, complex(p.X, p.Y))
			there = append(there, complex(old[i].X, old[i].Y))
		}
	}
	if len(here) == 0 {
		here, there = []complex128{0}, []complex128{complex(0.5, 0.5)}
	}
	middle, target := mean(here), mean(there)
	var turn, mirror complex128
	size := 0.0
	for i := range here {
		p, q := here[i]-middle, there[i]-target
		turn += cmplx.Conj(p) * q
		mirror += p * q
		size += real(p)*real(p) + imag(p)*imag(p)
	}
	flip := cmplx.Abs(mirror) > cmplx.Abs(turn)
	factor := turn
	if flip {
		factor = mirror
	}
	if size == 0 || factor == 0 {
		factor, size = 1, 1
	}
	for i, p := range points {
		z := complex(p.X, p.Y) - middle
		if flip {
			z = cmplx.Conj(z)
		}
		z = z*factor/complex(size, 0) + target
		points[i] = Point{real(z), imag(z)}
	}
}

func mean(list []complex128) complex128 {
	var sum complex128
	for _, z := range list {
		sum += z
	}
	return sum / complex(float64(len(list)), 0)
}

// fit scales and shifts the points as little as needed to lie in 0..1 and to take half of the width: what
// was known of the old map may have been two points side by side.
func fit(points []Point) {
	low, high := bounds(points)
	width := max(high.X-low.X, high.Y-low.Y, 1e-12)
	scale := max(min(1, 1/width), 0.5/width)
	if len(points) == 1 {
		scale = 1
	}
	shiftX, shiftY := into(low.X*scale, high.X*scale), into(low.Y*scale, high.Y*scale)
	for i, p := range points {
		points[i] = Point{clamp(p.X*scale + shiftX), clamp(p.Y*scale + shiftY)}
	}
}

// into is the smallest shift that brings low..high, at most 1 long, into 0..1.
func into(low, high float64) float64 {
	if low < 0 {
		return -low
	}
	return min(0, 1-high)
}

func clamp(x float64) float64 { return min(max(x, 0), 1) }
