// Package exchange reads signals from files of other programs and of ours, and writes them to files.
//
// Reading is a stream of rows: each gives a draft or says what is wrong with it, and a bad row does not end the file. Every draft has
// an external id by which a second import of the same file finds what is there already: the id that the source gives, else "chatgpt:"
// or "claude:" and the conversation's id there, "autonomy:" and the signal's id there, "file:" and a hash of the path in a zip, or
// "row:" and a hash of all that the row says (so that a row is new when anything in it changed).
package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"path"
	"regexp"
	"strings"

	"surrealm/store/signal"
)

// Format is a kind of file with signals.
type Format string

// The formats.
const (
	JSONL    Format = "jsonl"
	CSV      Format = "csv"
	Markdown Format = "markdown" // a zip of files with front matter, and pictures and recordings
	Archive  Format = "archive"  // a zip of JSONL, and pictures and recordings
	ChatGPT  Format = "chatgpt"  // conversations.json, or the zip that holds it
	Claude   Format = "claude"   // conversations.json, or the zip that holds it
	Autonomy Format = "autonomy" // the JSON list of its bulk import
)

// Formats are all of them in the order of menus.
var Formats = []Format{JSONL, Archive, CSV, Markdown, ChatGPT, Claude, Autonomy}

// Label is the format in plain words, "" for one that does not exist.
func (f Format) Label() string {
	switch f {
	case JSONL:
		return "JSON, one signal a line"
	case Archive:
		return "JSON with pictures and recordings, in a zip"
	case CSV:
		return "Table (CSV)"
	case Markdown:
		return "Markdown with pictures and recordings, in a zip"
	case ChatGPT:
		return "ChatGPT export"
	case Claude:
		return "Claude export"
	case Autonomy:
		return "Autonomy export"
	}
	return ""
}

// The limits of a file.
const (
	FileLimit     = 64 << 20  // bytes
	ArchiveLimit  = 1 << 30   // bytes of a zip of signals with their pictures and recordings
	RowLimit      = 1 << 20   // bytes of a row or of the cells of a row
	EntryLimit    = 2 << 20   // bytes of an unpacked file in a zip
	ObjectLimit   = 16 << 20  // bytes of an entry of a list: a conversation comes with all its branches
	UnpackedLimit = 256 << 20 // bytes of all that is unpacked of a zip
	RowsLimit     = 50_000
)

// Row is one signal of a file. Name is where it stands there, such as "line 12". A row with Problems (a sentence for each field; the
// field "" is the row) is not to be stored.
type Row struct {
	Name     string
	Draft    signal.Draft
	Problems map[string]string
	Sighted  bool  // the row says who may see it; where it does not, the draft is PRIVATE
	File     *File // that the draft's payload names; nil for none, and for one that the file of rows does not hold
}

// BadFile says in a sentence why a file cannot be read, or not be read on.
type BadFile struct{ Sentence string }

// Error is the sentence.
func (b BadFile) Error() string { return b.Sentence }

// Read yields the rows of a file of the format and size. The mapping is for CSV; nil is GuessMapping of its header. An error ends the
// rows: a BadFile, or one of reading.
func Read(file io.ReaderAt, size int64, format Format, mapping Mapping) iter.Seq2[Row, error] {
	if limit := format.Limit(); size > limit {
		return failed(BadFile{fmt.Sprintf("A file of this kind may have at most %d MB. Split it.", limit>>20)})
	}
	if format != JSONL && format != CSV && format != Autonomy { // it may be a zip
		if err := countEntries(file, size); err != nil {
			return failed(err)
		}
	}
	return ReadAgain(file, size, format, mapping)
}

// ReadAgain is Read for a file that went through it before and is as it was: it is not looked through as a whole first.
func ReadAgain(file io.ReaderAt, size int64, format Format, mapping Mapping) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		rows := read(file, size, format, mapping)
		count := 0
		for row, err := range rows {
			if count++; err == nil && count > RowsLimit {
				err = BadFile{fmt.Sprintf("The file has more than %d rows. Split it.", RowsLimit)}
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func read(file io.ReaderAt, size int64, format Format, mapping Mapping) iter.Seq2[Row, error] {
	switch format {
	case JSONL:
		return readJSONL(io.NewSectionReader(file, 0, size))
	case CSV:
		return readCSV(io.NewSectionReader(file, 0, size), mapping)
	case Markdown, Archive:
		return readMarkdownZip(file, size)
	case ChatGPT, Claude:
		return readConversations(file, size)
	case Autonomy:
		return readAutonomy(io.NewSectionReader(file, 0, size))
	}
	return failed(BadFile{"Choose what kind of file this is."})
}

// Limit is how many bytes a file of the format may have. Of a zip with pictures no more is held at once than of any other.
func (f Format) Limit() int64 {
	if f == Markdown || f == Archive {
		return ArchiveLimit
	}
	return FileLimit
}

func failed(err error) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) { yield(Row{}, err) }
}

// Detect tells what a file is by its name and its first bytes (some thousand are enough), "" when it cannot tell.
func Detect(name string, head []byte) Format {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		if inZip.Match(head) {
			return ChatGPT // or Claude: they are read alike
		}
		if bytes.Contains(head, []byte(archiveRows)) {
			return Archive
		}
		return Markdown
	}
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))
	switch {
	case bytes.HasPrefix(head, []byte("[")):
		return detectList(base, head)
	case bytes.HasPrefix(head, []byte("{")):
		return JSONL
	case strings.HasSuffix(base, ".csv"), strings.HasSuffix(base, ".tsv"):
		return CSV
	}
	first, _, _ := bytes.Cut(head, []byte("\n"))
	if len(GuessMapping(strings.FieldsFunc(string(first), func(r rune) bool { return strings.ContainsRune(",;\t\"\r", r) }))) >= 2 {
		return CSV
	}
	return ""
}

var inZip = regexp.MustCompile(`conversations(-\d+)?\.json`)

func detectList(base string, head []byte) Format {
	switch {
	case bytes.Contains(head, []byte(`"mapping"`)):
		return ChatGPT
	case bytes.Contains(head, []byte(`"chat_messages"`)):
		return Claude
	case bytes.Contains(head, []byte(`"signal_`)):
		return Autonomy
	case base == "conversations.json":
		return ChatGPT
	}
	return ""
}

// hashed is an external id of what cannot be one itself.
func hashed(kind, identity string) string {
	sum := sha256.Sum256([]byte(identity))
	return kind + ":" + hex.EncodeToString(sum[:16])
}
