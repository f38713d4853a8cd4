package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"testing"
)

// What a whole zip unpacks to is counted as it comes out, not as the headers promise, and also for files that are too large by themselves.
func TestUnpackerStopsAtItsLimit(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, name := range []string{"a", "b", "c"} {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	archive, err := openZip(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	unpack := unpacker{left: 2500}
	if text, err := unpack.all(archive.File[0], 1000); err != nil || len(text) != 1000 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	if _, err := unpack.all(archive.File[1], 999); !errors.Is(err, errEntryTooLarge) {
		t.Errorf("a file that is too large: %v", err)
	}
	if _, err := unpack.all(archive.File[2], 1000); !errors.As(err, &BadFile{}) {
		t.Errorf("the third: %v", err)
	}
}
