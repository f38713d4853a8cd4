package store_test

import (
	"bytes"
	"errors"
	"testing"

	"surrealm/store"
	"surrealm/store/signature"
	"surrealm/store/storetest"
)

func TestSignatureFileVerifiesElsewhere(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	reviewer := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	version := sampleSOP(t, author)
	certified(t, author, reviewer, version.ID)

	file, _, err := author.SignatureFile(t.Context(), version.ID)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := file.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	report, err := signature.VerifyFile(&text)

	if err != nil || !report.OK() {
		t.Errorf("report = %v (%v)", report.Lines(), err)
	}
}

func TestARotatedKeyVouchesForThePastAndARevokedOneDoesNot(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	reviewer := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	version := sampleSOP(t, author)
	certified(t, author, reviewer, version.ID)
	if err := reviewer.RotateKey(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err := author.SOPPage(t.Context(), version.ID)
	if err != nil || !page.Proof.Holds() {
		t.Errorf("after rotation: %+v (%v)", page.Proof.Signatures, err)
	}
	keys, err := reviewer.SigningKeys(t.Context())
	if err != nil || len(keys) != 2 {
		t.Fatalf("keys = %+v (%v)", keys, err)
	}
	old := keys[1]
	if err := author.RevokeKey(t.Context(), old.ID, "Not mine."); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("somebody else revoked the key: %v", err)
	}
	if err := reviewer.RevokeKey(t.Context(), old.ID, "The laptop was stolen."); err != nil {
		t.Fatal(err)
	}
	page, err = author.SOPPage(t.Context(), version.ID)
	if err != nil || page.Proof.Holds() || page.Proof.Signed() != 0 {
		t.Errorf("after revocation: %+v (%v)", page.Proof.Signatures, err)
	}
}
