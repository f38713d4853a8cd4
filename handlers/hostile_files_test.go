package handlers_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"testing"
)

func zipped(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	got[int](t)(got[interface{ Write([]byte) (int, error) }](t)(z.Create(name)).Write(content))
	must(t, z.Close())
	return out.Bytes()
}

// hugePNG is the head of a picture that declares a size and holds nothing.
func hugePNG(w, h uint32) []byte {
	header := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	header = append(header, 8, 6, 0, 0, 0)
	out := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	return binary.BigEndian.AppendUint32(append(out, header...), crc32.ChecksumIEEE(header))
}

func hugeGIF(w, h uint16) []byte {
	size := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, w), h)
	out := append([]byte("GIF89a"), size...)
	out = append(out, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x2c, 0, 0, 0, 0) // two colours, and a picture at the corner
	return append(append(out, size...), 0, 2, 2, 0x4c, 1, 0, 0x3b)
}

// hugeWebP is the head of a lossless picture; the format ends at 16,384 pixels a side.
func hugeWebP(w, h uint32) []byte {
	bits := (w - 1) | (h-1)<<14
	data := append([]byte("VP8L"), binary.LittleEndian.AppendUint32(nil, 5)...)
	data = append(append(data, 0x2f), binary.LittleEndian.AppendUint32(nil, bits)...)
	data = append(data, 0)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(data)+4)), append([]byte("WEBP"), data...)...)
}
