//go:build !amd64

package embed

// Kernel names the code that multiplies matrices on this machine, for measurements.
func Kernel() string { return "portable" }

func tile(y *float32, yStride int, x *float32, xStride int, panel *float32, k int) {
	tilePortable(y, yStride, x, xStride, panel, k)
}
