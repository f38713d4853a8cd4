package auditlog

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
)

const (
	entryFormat = 1
	timeFormat  = "2006-01-02T15:04:05.000000Z"
	// maxSeq is the last whole number that every JSON reader keeps exact.
	maxSeq = 1<<53 - 1
)

// Entry is one line of the audit: who did what to which object, and when. Its body is the RFC 8785
// form of exactly these fields, and that body, not this struct, is what is stored and hashed.
type Entry struct {
	Seq       int64           // position in the chain, from 1, without gaps
	Prev      Hash            // hash of the entry before; all zero for the first
	Org       string          // the organisation's id
	At        time.Time       // UTC, to the microsecond, never earlier than the entry before
	Actor     string          // the user's id, or empty when the program acted by itself
	ActorName string          // the name as it was then
	Action    string          // noun.verb, such as sop.submitted
	Object    Object          // what it was done to
	Details   json.RawMessage // a JSON object in RFC 8785 form
}

// Object is what an entry is about. Label is its name as it was then.
type Object struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Type  string `json:"type"`
}

// ParseEntry reads a body. It accepts only the exact bytes that Body would write again: canonical form,
// known fields, none missing. So no two different bodies mean the same entry.
func ParseEntry(body []byte) (Entry, error) {
	if len(body) > MaxBody {
		return Entry{}, fmt.Errorf("it is longer than %d bytes", MaxBody)
	}
	var w wireEntry
	if err := json.Unmarshal(body, &w); err != nil {
		return Entry{}, errors.New("it is not an audit entry in JSON")
	}
	if w.Format != entryFormat {
		return Entry{}, fmt.Errorf("its format is %d, this program reads %d", w.Format, entryFormat)
	}
	e := Entry{Seq: w.Seq, Org: w.Org, Actor: w.Actor, ActorName: w.ActorName, Action: w.Action, Object: w.Object, Details: w.Details}
	var err error
	if e.Prev, err = parseHexHash(w.Prev); err != nil {
		return Entry{}, err
	}
	if e.At, err = time.Parse(timeFormat, w.At); err != nil {
		return Entry{}, errors.New("its time is not UTC with six decimals")
	}
	if err := e.check(); err != nil {
		return Entry{}, err
	}
	if !bytes.Equal(e.appendBody(make([]byte, 0, len(body))), body) {
		return Entry{}, errors.New("it is not in canonical form, or has other fields than an audit entry")
	}
	return e, nil
}

// Body returns the entry's canonical bytes.
func (e Entry) Body() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	body := e.appendBody(nil)
	if len(body) > MaxBody {
		return nil, fmt.Errorf("the audit entry is longer than %d bytes", MaxBody)
	}
	if _, err := ParseEntry(body); err != nil {
		return nil, fmt.Errorf("make the audit entry: %w", err)
	}
	return body, nil
}

// wireEntry mirrors the JSON of a body, without the judgement that Entry adds.
type wireEntry struct {
	Action    string          `json:"action"`
	Actor     string          `json:"actor"`
	ActorName string          `json:"actor_name"`
	At        string          `json:"at"`
	Details   json.RawMessage `json:"details"`
	Object    Object          `json:"object"`
	Org       string          `json:"org"`
	Prev      string          `json:"prev"`
	Seq       int64           `json:"seq"`
	Format    int             `json:"v"`
}

func (e Entry) check() error {
	switch {
	case e.Seq < 1 || e.Seq > maxSeq:
		return errors.New("its number is below 1 or too great")
	case !isUUID(e.Org):
		return errors.New("its organisation is not an id")
	case e.Actor != "" && !isUUID(e.Actor):
		return errors.New("its actor is not an id")
	case e.Action == "":
		return errors.New("it names no action")
	case len(e.Details) == 0 || e.Details[0] != '{':
		return errors.New("its details are not a JSON object")
	}
	canonical, err := jcs.Transform(e.Details)
	if err != nil || !bytes.Equal(canonical, e.Details) {
		return errors.New("its details are not in canonical form")
	}
	return nil
}

// appendBody writes the fields in the order RFC 8785 asks for, which is the order of their names.
func (e Entry) appendBody(b []byte) []byte {
	b = appendString(append(b, `{"action":`...), e.Action)
	b = appendString(append(b, `,"actor":`...), e.Actor)
	b = appendString(append(b, `,"actor_name":`...), e.ActorName)
	b = append(append(b, `,"at":"`...), e.At.UTC().Format(timeFormat)...)
	b = append(append(b, `","details":`...), e.Details...)
	b = appendString(append(b, `,"object":{"id":`...), e.Object.ID)
	b = appendString(append(b, `,"label":`...), e.Object.Label)
	b = appendString(append(b, `,"type":`...), e.Object.Type)
	b = appendString(append(b, `},"org":`...), e.Org)
	b = hex.AppendEncode(append(b, `,"prev":"`...), e.Prev[:])
	b = strconv.AppendInt(append(b, `","seq":`...), e.Seq, 10)
	b = strconv.AppendInt(append(b, `,"v":`...), entryFormat, 10)
	return append(b, '}')
}

func isUUID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}

func parseHexHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) {
		return h, errors.New("a hash in it is not 64 hexadecimal digits")
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return h, errors.New("a hash in it is not 64 hexadecimal digits")
	}
	return h, nil
}
