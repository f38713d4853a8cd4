package embed

import "golang.org/x/sys/cpu"

// fast says that this processor has the instructions of tileAVX2: every x86 server since about 2013 and 2017.
var fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// Kernel names the code that multiplies matrices on this machine, for measurements.
func Kernel() string {
	if fast {
		return "avx2"
	}
	return "portable"
}

// tile is tilePortable, in the fastest way that this processor has. Multiplication and addition are fused in the one and
// not in the other, so their results differ in the last digits.
func tile(y *float32, yStride int, x *float32, xStride int, panel *float32, k int) {
	if fast {
		tileAVX2(y, yStride, x, xStride, panel, k)
		return
	}
	tilePortable(y, yStride, x, xStride, panel, k)
}

//go:noescape
func tileAVX2(y *float32, yStride int, x *float32, xStride int, panel *float32, k int)
