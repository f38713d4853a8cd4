#include "textflag.h"

// func tileAVX2(y *float32, yStride int, x *float32, xStride int, panel *float32, k int)
//
// The twelve registers Y0 to Y11 hold the tile: two for each of its six rows, eight numbers in each. A step takes one
// row of the panel (Y12, Y13), and of each row of x the number that belongs to it (Y14, Y15 in turn).
//
//	DI, DX    rows 0 and 3 of y      SI  bytes from row to row of y
//	R8, R12   rows 0 and 3 of x      R9  bytes from row to row of x
//	R10       the panel              CX  steps left
TEXT ·tileAVX2(SB), NOSPLIT, $0-48
	MOVQ y+0(FP), DI
	MOVQ yStride+8(FP), SI
	MOVQ x+16(FP), R8
	MOVQ xStride+24(FP), R9
	MOVQ panel+32(FP), R10
	MOVQ k+40(FP), CX
	SHLQ $2, SI
	SHLQ $2, R9
	LEAQ (SI)(SI*2), DX
	ADDQ DI, DX
	LEAQ (R9)(R9*2), R12
	ADDQ R8, R12

	VMOVUPS (DI), Y0
	VMOVUPS 32(DI), Y1
	VMOVUPS (DI)(SI*1), Y2
	VMOVUPS 32(DI)(SI*1), Y3
	VMOVUPS (DI)(SI*2), Y4
	VMOVUPS 32(DI)(SI*2), Y5
	VMOVUPS (DX), Y6
	VMOVUPS 32(DX), Y7
	VMOVUPS (DX)(SI*1), Y8
	VMOVUPS 32(DX)(SI*1), Y9
	VMOVUPS (DX)(SI*2), Y10
	VMOVUPS 32(DX)(SI*2), Y11

step:
	VMOVUPS (R10), Y12
	VMOVUPS 32(R10), Y13

	VBROADCASTSS (R8), Y14
	VBROADCASTSS (R8)(R9*1), Y15
	VFMADD231PS Y12, Y14, Y0
	VFMADD231PS Y13, Y14, Y1
	VFMADD231PS Y12, Y15, Y2
	VFMADD231PS Y13, Y15, Y3

	VBROADCASTSS (R8)(R9*2), Y14
	VBROADCASTSS (R12), Y15
	VFMADD231PS Y12, Y14, Y4
	VFMADD231PS Y13, Y14, Y5
	VFMADD231PS Y12, Y15, Y6
	VFMADD231PS Y13, Y15, Y7

	VBROADCASTSS (R12)(R9*1), Y14
	VBROADCASTSS (R12)(R9*2), Y15
	VFMADD231PS Y12, Y14, Y8
	VFMADD231PS Y13, Y14, Y9
	VFMADD231PS Y12, Y15, Y10
	VFMADD231PS Y13, Y15, Y11

	ADDQ $4, R8
	ADDQ $4, R12
	ADDQ $64, R10
	DECQ CX
	JNZ  step

	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, (DI)(SI*1)
	VMOVUPS Y3, 32(DI)(SI*1)
	VMOVUPS Y4, (DI)(SI*2)
	VMOVUPS Y5, 32(DI)(SI*2)
	VMOVUPS Y6, (DX)
	VMOVUPS Y7, 32(DX)
	VMOVUPS Y8, (DX)(SI*1)
	VMOVUPS Y9, 32(DX)(SI*1)
	VMOVUPS Y10, (DX)(SI*2)
	VMOVUPS Y11, 32(DX)(SI*2)
	VZEROUPPER
	RET
