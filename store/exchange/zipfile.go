package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
)

const entriesLimit = 2 * RowsLimit // files in a zip

// openZip opens a zip whose names are safe to use: none leads out of it, none is there twice. countEntries comes before it.
func openZip(file io.ReaderAt, size int64) (*zip.Reader, error) {
	archive, err := zip.NewReader(file, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, BadFile{"This is not a zip file, or it is damaged."}
	}
	seen := map[string]bool{}
	for _, f := range archive.File {
		name := strings.TrimSuffix(f.Name, "/")
		if !safeName(name) {
			return nil, BadFile{fmt.Sprintf("The zip holds a file whose name is not safe to use: %.80q.", f.Name)}
		}
		if mode := f.Mode(); !mode.IsDir() && !mode.IsRegular() {
			return nil, BadFile{fmt.Sprintf("The zip holds something that is not a file: %.80q.", f.Name)}
		}
		key := strings.ToLower(name)
		if seen[key] {
			return nil, BadFile{fmt.Sprintf("The zip holds two files of the name %.80q.", f.Name)}
		}
		seen[key] = true
	}
	return archive, nil
}

var drive = regexp.MustCompile(`^[A-Za-z]:`)

func safeName(name string) bool {
	return name != "" && !strings.ContainsAny(name, "\\\x00") && !path.IsAbs(name) && path.Clean(name) == name && name != ".." &&
		!strings.HasPrefix(name, "../") && !drive.MatchString(name)
}

// countEntries refuses a directory that would take much memory to read. It counts what a directory's entry begins with; that these
// four bytes stand in compressed data is rare.
func countEntries(file io.ReaderAt, size int64) error {
	const chunk = 1 << 20
	buffer := make([]byte, chunk+3)
	entries := 0
	for at := int64(0); at < size; at += chunk {
		n, err := file.ReadAt(buffer[:min(int64(len(buffer)), size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read zip: %w", err)
		}
		entries += bytes.Count(buffer[:n], []byte("PK\x01\x02"))
	}
	if entries > entriesLimit {
		return BadFile{fmt.Sprintf("The zip holds more than %d files.", entriesLimit)}
	}
	return nil
}

// unpacker unpacks files of a zip until they are too large together, whatever their headers promise.
type unpacker struct{ left int64 }

var errEntryTooLarge = errors.New("entry too large")

// all unpacks a file of at most limit bytes; errEntryTooLarge is a larger one, BadFile the end of the zip.
func (u *unpacker) all(f *zip.File, limit int64) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, min(limit, u.left)+1))
	u.left -= int64(len(text))
	switch {
	case u.left < 0:
		return nil, BadFile{fmt.Sprintf("The zip is larger than %d MB when unpacked.", UnpackedLimit>>20)}
	case int64(len(text)) > limit:
		return nil, errEntryTooLarge
	}
	return text, err
}
