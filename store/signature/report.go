package signature

import "fmt"

// FileReport is the outcome of VerifyFile.
type FileReport struct {
	File        File
	Problems    []string // with the graph or the chain of versions
	Signatures  []SignatureResult
	KeysTrusted bool // the keys were held against fingerprints that the person checking gave
}

// OK reports whether the version is whole, every signature in the file counts, and at least one of them
// certifies or approves.
func (r FileReport) OK() bool {
	good := 0
	for _, s := range r.Signatures {
		if !s.Verdict.OK {
			return false
		}
		if d := s.Verdict.Statement.Decision; d == Certify || d == Approve {
			good++
		}
	}
	return good > 0 && len(r.Problems) == 0
}

// Lines returns the report in plain sentences, the verdict first.
func (r FileReport) Lines() []string {
	lines := []string{
		r.verdict(),
		fmt.Sprintf("SOP: %s, version %d, said to be of %s (organisation %s, line %s).", r.File.Version.Title, r.File.Version.Version, r.File.OrgName, r.File.Org, r.File.Line),
	}
	if len(r.Problems) == 0 {
		lines = append(lines, fmt.Sprintf("Graph and chain: the graph has the hash %s, and the version continues %s.", r.File.Version.GraphHash, earlier(len(r.File.Earlier))))
	}
	lines = append(lines, r.Problems...)
	for _, s := range r.Signatures {
		lines = append(lines, s.line())
	}
	if len(r.Signatures) == 0 {
		return append(lines, "There is no signature in the file.")
	}
	if r.KeysTrusted {
		return append(lines, "Keys: all are held against the fingerprints that you gave.")
	}
	return append(lines, "Keys: compare each fingerprint with the one that the person gives you, and ask whether it was revoked since. The file alone cannot prove whose keys these are.")
}

func (r FileReport) verdict() string {
	bad := 0
	for _, s := range r.Signatures {
		if !s.Verdict.OK {
			bad++
		}
	}
	switch {
	case r.OK():
		return "The version is what was signed, and every signature holds."
	case len(r.Problems) > 0:
		return "The version is NOT what its record says."
	case bad > 0:
		return fmt.Sprintf("NOT every signature holds: %d of %d.", len(r.Signatures)-bad, len(r.Signatures))
	default:
		return "The version is whole, but nobody has certified or approved it."
	}
}

func earlier(n int) string {
	switch n {
	case 0:
		return "no earlier one"
	case 1:
		return "1 earlier version"
	default:
		return fmt.Sprintf("%d earlier versions", n)
	}
}
