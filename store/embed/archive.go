package embed

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxEntries is far above the number of files in any archive that is read here.
const maxEntries = 1000

// unpack writes the parcel's files, and no others, into the folder dir. Their names on the disk are those of the parcel,
// never those of the archive; nothing is written that has not the expected hash; and no more is read than the parcel's
// files and what stands between them.
func (p parcel) unpack(archive []byte, dir string) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return fmt.Errorf("read the archive of the weights: %w", err)
	}
	wanted := make(map[string]parcelFile, len(p.files))
	room := int64(1 << 20) // for the archive's own structure and its other files
	for _, file := range p.files {
		wanted["package/"+file.name] = file
		room += file.size
	}
	entries := tar.NewReader(io.LimitReader(unzipped, room))
	for range maxEntries {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("read the archive of the weights: %w", err)
		}
		file, ok := wanted[entry.Name]
		if !ok || entry.Typeflag != tar.TypeReg {
			continue
		}
		data, err := file.readFrom(entries)
		if err != nil {
			return fmt.Errorf("%s in the archive of the weights %w", file.name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file.name)), data, 0o644); err != nil {
			return err
		}
		delete(wanted, entry.Name)
	}
	for _, file := range p.files {
		if _, ok := wanted["package/"+file.name]; ok {
			return fmt.Errorf("the archive of the weights has no %s", file.name)
		}
	}
	return nil
}
