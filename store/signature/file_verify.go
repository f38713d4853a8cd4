package signature

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io"
	"slices"

	"github.com/gowebpki/jcs"

	"surrealm/store/sop"
)

// VerifyFile checks a verification file without any database: the graph against its hash, the versions
// against each other, and every signature against the version. trusted are fingerprints received by
// another way than the file; when some are given, every key must be among them. An error means that
// there was nothing to check.
func VerifyFile(r io.Reader, trusted ...string) (FileReport, error) {
	f, err := readFile(r)
	if err != nil {
		return FileReport{}, err
	}
	report := FileReport{File: f, KeysTrusted: len(trusted) > 0}
	report.Problems = f.checkVersions()
	owners, signers := map[string]string{}, map[string]bool{}
	for i, fs := range f.Signatures {
		result := f.checkSignature(fs)
		s := result.Verdict.Statement
		switch owner, seen := owners[result.Fingerprint]; {
		case !result.Verdict.Genuine:
		case seen && owner != s.Signer:
			result.fail("The same key signs for two people.")
		case signers[s.Signer]:
			result.fail("This person's signature is in the file twice.")
		case len(trusted) > 0 && !slices.Contains(trusted, result.Fingerprint):
			result.fail("Its key is not among those that you trust.")
		}
		owners[result.Fingerprint], signers[s.Signer] = s.Signer, true
		result.Number = i + 1
		report.Signatures = append(report.Signatures, result)
	}
	return report, nil
}

// checkVersions proves that the graph is the version's and that the version continues the earlier ones.
func (f File) checkVersions() []string {
	canonical, err := jcs.Transform(f.Graph)
	if err != nil {
		return []string{"The graph in the file cannot be read."}
	}
	var chain []sop.StoredVersion
	for _, v := range append(slices.Clone(f.Earlier), f.Version) {
		chain = append(chain, sop.StoredVersion{
			VersionRecord: sop.VersionRecord{
				Org: f.Org, Line: f.Line, Version: v.Version, Title: v.Title, GraphHash: v.GraphHash, Previous: v.PreviousHash,
			},
			Hash: v.VersionHash,
		})
	}
	chain[len(chain)-1].Graph = canonical
	var problems []string
	for _, p := range sop.VerifyChain(chain) {
		problems = append(problems, p.Message)
	}
	return problems
}

func (f File) checkSignature(fs FileSignature) SignatureResult {
	result := SignatureResult{SignerName: fs.SignerName, Fingerprint: Fingerprint(fs.PublicKey)}
	s, err := ParseStatement([]byte(fs.Statement))
	if err != nil {
		result.Verdict.Reason = sentence(err)
		return result
	}
	key := Key{Public: ed25519.PublicKey(bytes.Clone(fs.PublicKey)), Owner: s.Signer, RevokeReason: fs.RevokeReason}
	if fs.RetiredAt != nil {
		key.RetiredAt = *fs.RetiredAt
	}
	if fs.RevokedAt != nil {
		key.RevokedAt = *fs.RevokedAt
	}
	result.Verdict = Check(Signed{Statement: []byte(fs.Statement), Signature: fs.Signature, Key: key}, f.expected(s))
	switch {
	case !result.Verdict.Genuine:
	case s.SignerName != fs.SignerName:
		result.fail("The file gives the signer another name than the signed statement.")
	case key.State() != fs.KeyState:
		result.fail("The file contradicts itself about the state of the key.")
	case s.Decision != Certify && !f.builtOn(s):
		result.fail("The verdict is about a change to a version that this one does not continue.")
	}
	return result
}

// expected is what a signature in this file should be about. A verdict was given before the version it
// led to existed: it names the version that was changed, which builtOn looks up.
func (f File) expected(s Statement) Expected {
	want := Expected{
		Org: f.Org, Line: f.Line, SOP: f.SOP, Proposal: "", Version: f.Version.Version, Revision: s.Revision,
		Title: f.Version.Title, GraphHash: f.Version.GraphHash, VersionHash: f.Version.VersionHash,
		Decision: s.Decision, Signer: s.Signer, Reason: "",
	}
	if s.Decision != Certify {
		want.SOP, want.Proposal, want.Version, want.VersionHash = s.SOP, s.Proposal, s.Version, s.VersionHash
	}
	return want
}

func (f File) builtOn(s Statement) bool {
	return slices.ContainsFunc(f.Earlier, func(v VersionRecord) bool {
		return v.Version == s.Version && v.VersionHash == s.VersionHash
	})
}

// SignatureResult is one signature's outcome. Its name and fingerprint are from the file; what was
// signed is in Verdict.Statement.
type SignatureResult struct {
	Number      int
	SignerName  string
	Fingerprint string
	Verdict     Verdict
}

func (r *SignatureResult) fail(reason string) { r.Verdict.OK, r.Verdict.Reason = false, reason }

func (r SignatureResult) line() string {
	if !r.Verdict.Genuine {
		return fmt.Sprintf("Signature %d, said to be by %s, does NOT hold: %s", r.Number, r.SignerName, r.Verdict.Reason)
	}
	s := r.Verdict.Statement
	line := fmt.Sprintf("Signature %d: %s (%s) %s on %s, key %s", r.Number, s.SignerName, s.Role, deed(s.Decision), day(s.SignedAt), r.Fingerprint)
	if !r.Verdict.OK {
		return line + ". It does NOT count: " + r.Verdict.Reason
	}
	return line + ". It holds."
}

func deed(d Decision) string {
	switch d {
	case Certify:
		return "certified this version"
	case Approve:
		return "approved the change that led to this version"
	case RequestChanges:
		return "asked for changes"
	default:
		return "rejected the change"
	}
}
