package signature

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
)

// Domain is the first word of every statement: it says what the signed text is.
const Domain = "surrealm.signature.v1"

// Decision is what the signer decided.
type Decision string

// A version is certified; a proposal is approved, sent back or rejected.
const (
	Certify        Decision = "CERTIFY"
	Approve        Decision = "APPROVE"
	RequestChanges Decision = "REQUEST_CHANGES"
	Reject         Decision = "REJECT"
)

const (
	timeFormat   = "2006-01-02T15:04:05.000000Z"
	maxStatement = 64 << 10
)

// Statement is what a person signs.
//
// A certification is about a version: SOP is its id, Version its number, VersionHash its hash; Proposal
// is empty. A verdict is about revision Revision of Proposal: Title and GraphHash are the proposed
// ones, while SOP, Version and VersionHash are those of the version that the proposal would change.
type Statement struct {
	Org            string // the organisation's id
	Line           string // the id of the SOP's line of versions
	SOP            string
	Proposal       string
	Version        int
	Revision       int // the version's or the proposal's, whichever is signed
	Title          string
	GraphHash      string
	VersionHash    string
	Role           string // the signer's role in the organisation at that moment
	Decision       Decision
	Signer         string // the signer's user id
	SignerName     string // the signer's name at that moment
	Reason         string // may be empty
	KeyFingerprint string // Sign fills it in
	SignedAt       time.Time
}

// wireStatement is the JSON. Every field is always there, so that one statement has one text.
type wireStatement struct {
	Domain         string   `json:"domain"`
	Org            string   `json:"org"`
	Line           string   `json:"line"`
	SOP            string   `json:"sop"`
	Proposal       string   `json:"proposal"`
	Version        int      `json:"version"`
	Revision       int      `json:"revision"`
	Title          string   `json:"title"`
	GraphHash      string   `json:"graph_hash"`
	VersionHash    string   `json:"version_hash"`
	Role           string   `json:"role"`
	Decision       Decision `json:"decision"`
	Signer         string   `json:"signer"`
	SignerName     string   `json:"signer_name"`
	Reason         string   `json:"reason"`
	KeyFingerprint string   `json:"key_fingerprint"`
	SignedAt       string   `json:"signed_at"`
}

// Canonical returns the statement's RFC 8785 form: the bytes that are signed and stored.
func (s Statement) Canonical() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	data, err := json.Marshal(wireStatement{
		Domain: Domain, Org: s.Org, Line: s.Line, SOP: s.SOP, Proposal: s.Proposal, Version: s.Version, Revision: s.Revision,
		Title: s.Title, GraphHash: s.GraphHash, VersionHash: s.VersionHash, Role: s.Role, Decision: s.Decision,
		Signer: s.Signer, SignerName: s.SignerName, Reason: s.Reason, KeyFingerprint: s.KeyFingerprint,
		SignedAt: s.SignedAt.UTC().Format(timeFormat),
	})
	if err == nil {
		data, err = jcs.Transform(data)
	}
	if err != nil {
		return nil, fmt.Errorf("write the statement: %w", err)
	}
	if len(data) > maxStatement {
		return nil, fmt.Errorf("the statement is longer than %d bytes", maxStatement)
	}
	return data, nil
}

// ParseStatement reads a statement. Only the exact bytes that Canonical writes are accepted.
func ParseStatement(data []byte) (Statement, error) {
	if len(data) > maxStatement {
		return Statement{}, fmt.Errorf("the statement is longer than %d bytes", maxStatement)
	}
	var w wireStatement
	if err := json.Unmarshal(data, &w); err != nil {
		return Statement{}, errors.New("the statement is not in the known form")
	}
	if w.Domain != Domain {
		return Statement{}, errors.New("the text is not a statement about an SOP")
	}
	at, err := time.Parse(timeFormat, w.SignedAt)
	if err != nil {
		return Statement{}, errors.New("the statement's time is not in the known form")
	}
	s := Statement{
		Org: w.Org, Line: w.Line, SOP: w.SOP, Proposal: w.Proposal, Version: w.Version, Revision: w.Revision,
		Title: w.Title, GraphHash: w.GraphHash, VersionHash: w.VersionHash, Role: w.Role, Decision: w.Decision,
		Signer: w.Signer, SignerName: w.SignerName, Reason: w.Reason, KeyFingerprint: w.KeyFingerprint, SignedAt: at,
	}
	again, err := s.Canonical()
	if err != nil {
		return Statement{}, err
	}
	if !bytes.Equal(again, data) {
		return Statement{}, errors.New("the statement is not in canonical form, or has other fields than a statement")
	}
	return s, nil
}

var (
	hashForm        = regexp.MustCompile(`^[0-9a-f]{64}$`)
	fingerprintForm = regexp.MustCompile(`^SHA256:[A-Za-z0-9+/]{43}$`)
	roles           = []string{"OWNER", "ADMIN", "REVIEWER", "MEMBER", "AUDITOR"}
)

func (s Statement) check() error {
	for _, text := range []string{s.Title, s.SignerName, s.Reason} {
		if !utf8.ValidString(text) {
			return errors.New("the statement's text is not valid UTF-8")
		}
	}
	verdict := s.Decision == Approve || s.Decision == RequestChanges || s.Decision == Reject
	switch {
	case !verdict && s.Decision != Certify:
		return fmt.Errorf("%q is not a decision", s.Decision)
	case !isUUID(s.Org) || !isUUID(s.Line) || !isUUID(s.SOP) || !isUUID(s.Signer):
		return errors.New("the statement must name the organisation, the line, the version and the signer by their ids")
	case verdict && !isUUID(s.Proposal):
		return errors.New("a verdict must name its proposal")
	case !verdict && s.Proposal != "":
		return errors.New("a certification is about a version, not a proposal")
	case s.Version < 1 || s.Revision < 1:
		return errors.New("the statement must name a version and a revision from 1")
	case s.Title == "" || s.SignerName == "":
		return errors.New("the statement must name the title and the signer")
	case !hashForm.MatchString(s.GraphHash) || !hashForm.MatchString(s.VersionHash):
		return errors.New("the statement must carry the hashes of the graph and the version")
	case !slices.Contains(roles, s.Role):
		return fmt.Errorf("%q is not a role", s.Role)
	case !fingerprintForm.MatchString(s.KeyFingerprint):
		return errors.New("the statement must name the key")
	case s.SignedAt.IsZero() || s.SignedAt.Year() > 9999:
		return errors.New("the statement must carry its time")
	}
	return nil
}

func isUUID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}
