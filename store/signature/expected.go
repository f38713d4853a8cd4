package signature

import "fmt"

// Expected is what a signature should be about, taken from the records that are being checked and never
// from the signature itself. Every field is compared; an empty one expects an empty one. The exception
// is Reason: empty, it is not compared.
type Expected struct {
	Org         string
	Line        string
	SOP         string
	Proposal    string
	Version     int
	Revision    int
	Title       string
	GraphHash   string
	VersionHash string
	Decision    Decision
	Signer      string
	Reason      string
}

// Matches reports, as an error for people, the first way in which a statement is about something else
// than expected: the sign of a signature that was moved, or of a record changed after it was signed.
func Matches(s Statement, want Expected) error {
	for _, field := range []struct {
		moved     bool
		elsewhere string
	}{
		{s.Org != want.Org, "another organisation"},
		{s.Line != want.Line, "another SOP"},
		{s.Version != want.Version, fmt.Sprintf("version %d, not version %d", s.Version, want.Version)},
		{s.SOP != want.SOP, "another record of the version"},
		{s.Proposal != want.Proposal, "another proposal"},
		{s.Revision != want.Revision, fmt.Sprintf("revision %d, not revision %d", s.Revision, want.Revision)},
		{s.Title != want.Title, "another title"},
		{s.GraphHash != want.GraphHash, "another graph"},
		{s.VersionHash != want.VersionHash, "another version hash"},
		{s.Signer != want.Signer, "another person's decision"},
		{s.Decision != want.Decision, fmt.Sprintf("the decision %s, not %s", s.Decision, want.Decision)},
		{want.Reason != "" && s.Reason != want.Reason, "another reason"},
	} {
		if field.moved {
			return fmt.Errorf("the signature is about %s", field.elsewhere)
		}
	}
	return nil
}
