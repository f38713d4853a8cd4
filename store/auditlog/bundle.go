package auditlog

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// A bundle is a text file of JSON lines, in this order:
//
//	{"format":"surrealm.audit.bundle.v1","org":…}   the Manifest
//	{"checkpoint":"<signed note>"}                    one for each checkpoint, smallest first
//	{"seq":1,"body":"<base64>","hash":"<hex>","prev":"<hex>"}   one for each entry, in order
//	{"seal":"<signed note>"}                          the SHA-256 of every line above, signed
//
// Checkpoints come before the entries so that a reader can hold the entries against them as they pass
// and needs no memory of them. The seal covers what the chain does not, such as the organisation's
// name. A line is accepted only as the exact bytes that the writer would write, so nothing in a bundle
// can be changed without notice, not even a space.

// BundleFormat is the first value of a bundle.
const BundleFormat = "surrealm.audit.bundle.v1"

// MaxLine is the greatest length of a line of a bundle.
const MaxLine = 1 << 20

// Manifest is the first line of a bundle: what it claims to hold.
type Manifest struct {
	Format      string    `json:"format"`
	Org         string    `json:"org"`
	Slug        string    `json:"slug"`
	Name        string    `json:"name"`
	ExportedAt  time.Time `json:"exported_at"`
	Checkpoints int64     `json:"checkpoints"`
	Entries     int64     `json:"entries"`
	FirstSeq    int64     `json:"first_seq"` // 1, or 0 when there are no entries
	LastSeq     int64     `json:"last_seq"`
	LastHash    string    `json:"last_hash"` // lower hex, all zero when there are no entries
	Root        Hash      `json:"root"`
	VerifierKey string    `json:"verifier_key"`
}

type checkpointLine struct {
	Checkpoint string `json:"checkpoint"`
}

type sealLine struct {
	Seal string `json:"seal"`
}

// decodeLine reads one line into v and insists that v, written again, gives the same bytes.
func decodeLine(line []byte, v any) error {
	if err := json.Unmarshal(line, v); err != nil {
		return errors.New("it is not the JSON expected here")
	}
	again, err := encodeLine(v)
	if err != nil || !bytes.Equal(again, line) {
		return errors.New("it is not written as the program writes it")
	}
	return nil
}

// encodeLine writes v as one line with its newline, without the escapes that only HTML needs.
func encodeLine(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write a line of the bundle: %w", err)
	}
	return b.Bytes(), nil
}

// appendEntryLine and parseEntryLine are written by hand: entries are nearly all of a bundle.
func appendEntryLine(b []byte, r Row) []byte {
	b = strconv.AppendInt(append(b, `{"seq":`...), r.Seq, 10)
	b = base64.StdEncoding.AppendEncode(append(b, `,"body":"`...), r.Body)
	b = hex.AppendEncode(append(b, `","hash":"`...), r.Hash)
	b = hex.AppendEncode(append(b, `","prev":"`...), r.Prev)
	return append(b, "\"}\n"...)
}

func parseEntryLine(line []byte) (Row, error) {
	notEntry := errors.New("it is not an entry written as the program writes it")
	rest, ok := bytes.CutPrefix(line, []byte(`{"seq":`))
	seq, rest, ok2 := bytes.Cut(rest, []byte(`,"body":"`))
	body, rest, ok3 := bytes.Cut(rest, []byte(`","hash":"`))
	hash, prev, ok4 := bytes.Cut(rest, []byte(`","prev":"`))
	prev, ok5 := bytes.CutSuffix(prev, []byte("\"}\n"))
	if !ok || !ok2 || !ok3 || !ok4 || !ok5 {
		return Row{}, notEntry
	}
	r := Row{}
	var errs [4]error
	r.Seq, errs[0] = strconv.ParseInt(string(seq), 10, 64)
	r.Body, errs[1] = base64.StdEncoding.AppendDecode(nil, body)
	r.Hash, errs[2] = hex.AppendDecode(nil, hash)
	r.Prev, errs[3] = hex.AppendDecode(nil, prev)
	if errors.Join(errs[:]...) != nil || !bytes.Equal(appendEntryLine(make([]byte, 0, len(line)), r), line) {
		return Row{}, notEntry
	}
	return r, nil
}
