package auditlog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	originPrefix         = "surrealm/"
	checkpointTimePrefix = "time "
)

// Checkpoint is a statement about a log: when it had Size entries, its tree had this Root. Signed, it
// is a C2SP tlog-checkpoint, readable by other transparency-log tools.
type Checkpoint struct {
	Origin string // Origin(org): which log
	Size   int64  // at least 1
	Root   Hash
	Time   time.Time // when it was signed, to the second, as an extension line; zero when absent
}

// Origin returns the name under which an organisation's log is signed.
func Origin(org string) string { return originPrefix + org }

// SignCheckpoint returns the checkpoint as a signed note.
func SignCheckpoint(c Checkpoint, s Signer) ([]byte, error) {
	text := c.text()
	if _, err := parseCheckpoint(text); err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	return SignNote(text, s)
}

// OpenCheckpoint checks the signature with the verifier key and returns the checkpoint. Exactly one
// signature is accepted, and only the bytes that SignCheckpoint would write, so that no two texts pass
// for the same checkpoint. The caller compares the Origin (Verifier.Expect does).
func OpenCheckpoint(signed []byte, verifierKey string) (Checkpoint, error) {
	text, err := OpenNote(signed, verifierKey)
	if err != nil {
		return Checkpoint{}, err
	}
	return parseCheckpoint(text)
}

func (c Checkpoint) text() string {
	text := fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
	if !c.Time.IsZero() {
		text += checkpointTimePrefix + c.Time.UTC().Format(time.RFC3339) + "\n"
	}
	return text
}

func parseCheckpoint(text string) (Checkpoint, error) {
	malformed := errors.New("the checkpoint is not in the known form")
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 || len(lines) > 4 {
		return Checkpoint{}, malformed
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 || size > maxSeq {
		return Checkpoint{}, malformed
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return Checkpoint{}, malformed
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: root}
	if len(lines) == 4 {
		stamp, _ := strings.CutPrefix(lines[3], checkpointTimePrefix)
		if c.Time, err = time.Parse(time.RFC3339, stamp); err != nil {
			return Checkpoint{}, malformed
		}
	}
	org, ok := strings.CutPrefix(c.Origin, originPrefix)
	if !ok || !isUUID(org) || c.text() != text {
		return Checkpoint{}, malformed
	}
	return c, nil
}

// SignNote signs a text, which says in its first line what it is for: no text that is signed here may pass for another kind.
func SignNote(text string, s Signer) ([]byte, error) {
	if s.note == nil {
		return nil, errors.New("sign: there is no signing key")
	}
	signed, err := note.Sign(&note.Note{Text: text}, s.note)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return signed, nil
}

// OpenNote is stricter than note.Open, which skips strangers' signatures and tolerates spare bits in
// base64: the note must be, byte for byte, the text and one signature by this key.
func OpenNote(signed []byte, verifierKey string) (string, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return "", fmt.Errorf("the verifier key cannot be used: %w", err)
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	var unknown *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unknown):
		return "", fmt.Errorf("it is not signed with the key %s", KeyName(verifierKey))
	case errors.As(err, &invalid):
		return "", errors.New("its signature does not hold")
	case err != nil:
		return "", errors.New("it is not a signed note")
	case len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0:
		return "", errors.New("it does not have exactly one signature")
	}
	if string(signed) != n.Text+"\n— "+n.Sigs[0].Name+" "+canonicalBase64(n.Sigs[0].Base64)+"\n" {
		return "", errors.New("its signature is not written in the usual form")
	}
	return n.Text, nil
}
