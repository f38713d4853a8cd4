package exchange

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"surrealm/store/signal"
)

// File is a picture or recording that comes with a row.
type File struct {
	Name string // as it was uploaded
	Open func() (io.ReadCloser, error)
}

// filesFolder is the folder of a zip in which files stand, each in a folder that is named for the id by which its signal names it.
const filesFolder = "files/"

// FilePath is where a file stands in a zip.
func FilePath(id uuid.UUID, name string) string {
	if name = path.Base(name); !safeName(name) || name == "." {
		name = "file"
	}
	return filesFolder + id.String() + "/" + name
}

// fileLink is a link in Markdown to a file beside it, which shows a picture.
func fileLink(p signal.Payload, id uuid.UUID, name string) string {
	show := ""
	if p.Type() == signal.PhotoType {
		show = "!"
	}
	words := strings.NewReplacer("[", "(", "]", ")", "\\", "").Replace(name)
	return fmt.Sprintf("%s[%s](%s)\n", show, words, (&url.URL{Path: FilePath(id, name)}).EscapedPath())
}

// zipFiles are the files of a zip by the ids that signals name them by. Each goes to one signal.
type zipFiles map[uuid.UUID]*zip.File

var inFiles = regexp.MustCompile(`^files/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/[^/]+$`)

// takeFiles parts the files of a zip that belong to signals from the rest. BadFile when they are too large together.
func takeFiles(all []*zip.File) (files zipFiles, rest []*zip.File, err error) {
	files = zipFiles{}
	left := uint64(ArchiveLimit)
	for _, f := range all {
		match := inFiles.FindStringSubmatch(f.Name)
		if match == nil {
			rest = append(rest, f)
			continue
		}
		if f.UncompressedSize64 > left {
			return nil, nil, BadFile{fmt.Sprintf("The zip is larger than %d MB when unpacked.", ArchiveLimit>>20)}
		}
		left -= f.UncompressedSize64
		files[uuid.MustParse(match[1])] = f
	}
	return files, rest, nil
}

// attach gives a row its file, or says what is wrong with it.
func (files zipFiles) attach(row *Row) {
	id := signal.FileOf(row.Draft.Payload)
	f, there := files[id]
	if !there || len(row.Problems) > 0 {
		return
	}
	if f == nil {
		row.Problems = map[string]string{"payload.file": "Another row has this file."}
		return
	}
	files[id] = nil
	if sentence := checkFile(row.Draft.Type, f); sentence != "" {
		row.Problems = map[string]string{"payload.file": sentence}
		return
	}
	row.File = &File{Name: signal.Clean(path.Base(f.Name)), Open: f.Open}
}

// checkFile says in a sentence why a file cannot be that of a signal of this type.
func checkFile(kind signal.Type, f *zip.File) string {
	if f.UncompressedSize64 > FileLimit {
		return fmt.Sprintf("This file is larger than %d MB.", FileLimit>>20)
	}
	in, err := f.Open()
	if err != nil {
		return "This file is damaged."
	}
	defer in.Close()
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "This file is damaged."
	}
	if kind == signal.PhotoType {
		if bad := (signal.BadPhoto{}); errors.As(signal.CheckPhoto(head[:n]), &bad) {
			return bad.Sentence
		}
	} else if signal.RecordingType(f.Name, head[:min(n, 512)]) == "" {
		return "Choose a sound or film file."
	}
	return ""
}

// archiveRows is the file of an archive that has its signals, one a line.
const archiveRows = "signals.jsonl"

// readArchive reads the signals of a zip with the files that they name.
func readArchive(rows *zip.File, files zipFiles, yield func(Row, error) bool) {
	in, err := rows.Open()
	if err != nil {
		yield(Row{}, BadFile{"This is not a zip file, or it is damaged."})
		return
	}
	defer in.Close()
	for row, err := range readJSONL(io.LimitReader(in, UnpackedLimit)) {
		if err != nil {
			err = BadFile{"The zip is damaged: " + archiveRows + " cannot be read."}
		}
		files.attach(&row)
		if !yield(row, err) || err != nil {
			return
		}
	}
}

// zipFile begins a file in a zip that is packed already, as pictures, sound and film are.
func zipFile(out *zip.Writer, id uuid.UUID, name string) (io.Writer, error) {
	return out.CreateHeader(&zip.FileHeader{Name: FilePath(id, name), Method: zip.Store})
}

// ArchiveWriter writes drafts as lines of JSON in a zip, and then the files that they name.
type ArchiveWriter struct {
	out  *zip.Writer
	rows io.Writer
}

// NewArchiveWriter begins a zip.
func NewArchiveWriter(w io.Writer) (*ArchiveWriter, error) {
	out := zip.NewWriter(w)
	rows, err := out.Create(archiveRows)
	return &ArchiveWriter{out, rows}, err
}

// Write adds a draft, before the first file.
func (w *ArchiveWriter) Write(d signal.Draft, _ string) error { return WriteJSONL(w.rows, d) }

// File begins a file, which is whole when the next one begins.
func (w *ArchiveWriter) File(id uuid.UUID, name string) (io.Writer, error) {
	return zipFile(w.out, id, name)
}

// Close writes the zip's directory.
func (w *ArchiveWriter) Close() error { return w.out.Close() }
