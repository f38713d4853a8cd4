package browsertest

import (
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"surrealm/store"
)

// verifyPages reads what the pages say about the chains of versions, the signatures and the audit log.
func (job *mainJob) verifyPages(t *testing.T) {
	ann := job.ann
	for _, p := range job.procedures {
		ann.open(t, p.next)
		ann.sees(t, ".page-head .badge", "Certified")
		ann.sees(t, ".card .badge", "Verified")
		ann.sees(t, ".card", "2 versions in the chain, every hash recomputed just now.")
		ann.sees(t, ".signature", "Bert Reviewer Approved")
		ann.sees(t, ".step-list", canaryRevised)
		ann.follow(t, "link", "Compare with version 1")
		ann.sees(t, "main", canaryRevised)
		ann.open(t, p.version)
		ann.sees(t, ".page-head .badge", "Deprecated")
		ann.sees(t, ".card .badge", "Verified")
		ann.sees(t, ".signature", "Bert Reviewer Certified")
		ann.seesNot(t, ".step-list", canaryRevised)
		ann.open(t, p.proposal+"?tab=checks")
		ann.sees(t, ".card", "Void: a newer revision replaced it")
		ann.sees(t, ".signature", "Bert Reviewer Asked for changes")
		ann.sees(t, ".signature", "Bert Reviewer Approved")
		ann.seesNot(t, ".signature", "Does not count")
	}
	job.verifyAuditPage(t)
}

// expectedActions are the audit entries of the story, each as often as it happened.
func (job *mainJob) expectedActions() map[store.Action]int {
	n := len(job.procedures)
	return map[store.Action]int{
		store.OrgCreated: 1, store.MemberInvited: 1, store.MemberJoined: 1, store.KeyCreated: 1,
		store.SurrogateCreated: n, store.SurrogateActivated: n,
		store.SOPCreated: n, store.SOPSubmitted: n, store.SOPSigned: n, store.SOPCertified: 2 * n, store.SOPDeprecated: n,
		store.ProposalCreated: n, store.ProposalEdited: n, store.ProposalSubmitted: 2 * n, store.ProposalReviewed: 2 * n,
		store.ProposalApproved: n, store.ProposalApplied: n,
		store.CommentAdded: 2 * n, store.CommentResolved: n,
	}
}

// verifyAuditPage counts the entries on all pages of the log, and asks for a verification that reaches the last one.
func (job *mainJob) verifyAuditPage(t *testing.T) {
	ann := job.ann
	ann.leaving(t, "the keys g a", func() { ann.keys(t, "ga") })
	expected := job.expectedActions()
	entries := job.auditEntries(t)
	total := len(entries)
	counts := map[store.Action]int{}
	for i, e := range entries {
		counts[e.Action]++
		if e.Seq != total-i {
			t.Fatalf("entry %d of %d has the number %d", i+1, total, e.Seq)
		}
	}
	for action := range store.Actions {
		if counts[action] != expected[action] {
			t.Errorf("%s was recorded %d times, want %d", action, counts[action], expected[action])
		}
	}
	ann.open(t, job.org+"/audit")
	ann.follow(t, "button", "Verify again")
	verdict := "Verified up to entry " + strconv.Itoa(total) + " of " + strconv.Itoa(total)
	for deadline := time.Now().Add(patience); ; {
		ann.open(t, job.org+"/audit")
		if said := strings.Join(ann.reads(t, ".alert"), " "); strings.Contains(said, "The chain holds") && strings.Contains(said, verdict) {
			break
		}
		if time.Now().After(deadline) {
			ann.fail(t, "the chain is not verified")
		}
		time.Sleep(300 * time.Millisecond)
	}
	ann.follow(t, "link", "Bert Reviewer ", "main .rows")
	ann.sees(t, "h1", "Entry "+strconv.Itoa(total))
}

type auditEntry struct {
	Seq    int          `json:"seq"`
	Action store.Action `json:"action"`
}

// auditEntries reads the log as the pages show it, newest first.
func (job *mainJob) auditEntries(t *testing.T) []auditEntry {
	t.Helper()
	var all []auditEntry
	for {
		for _, text := range evaluate[[]string](t, job.ann.tab, "[...document.querySelectorAll('[data-row] pre')].map((e) => e.textContent)") {
			var e auditEntry
			if err := json.Unmarshal([]byte(text), &e); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
			all = append(all, e)
		}
		if !slices.Contains(job.ann.reads(t, ".pager a"), "Next") {
			return all
		}
		job.ann.follow(t, "link", "Next", ".pager")
	}
}

// verifyOffline takes files away from the site and checks them with the program alone, as they are and forged.
func (job *mainJob) verifyOffline(t *testing.T) {
	ann, surrealm := job.ann, buildProgram(t)
	ann.leaving(t, "the keys g k", func() { ann.keys(t, "gk") })
	fingerprint := ann.reads(t, "main code")[0]
	for i, p := range job.procedures {
		ann.open(t, p.next)
		proof := ann.downloads(t, "link", "Download the proof", "-v2.signatures.json")
		command := evaluate[string](t, ann.tab, "document.getElementById('verify-command').value")
		if want := "surrealm verify " + filepath.Base(proof); command != want {
			t.Errorf("the page says %q, the file is %q", command, want)
		}
		surrealm.says(t, 0, "The version is what was signed, and every signature holds.", "verify", proof)
		surrealm.says(t, 0, "all are held against the fingerprints", "verify", "--key", fingerprint, proof)
		surrealm.says(t, 1, "NOT", "verify", forge(t, proof, canaryRevised, "Nobody countersigns."))
		if i > 0 {
			surrealm.says(t, 1, "NOT", "verify", forge(t, proof, job.lineOf(t, p), job.lineOf(t, job.procedures[0])))
		}
	}
	job.verifyBundles(t, surrealm)
}

// lineOf is the identity of a procedure over its versions, as the file of its proof names it.
func (job *mainJob) lineOf(t *testing.T, p *procedure) string {
	t.Helper()
	text := evaluate[string](t, job.ann.tab, "fetch("+quoted(p.next+"/signatures.json")+").then((r) => r.text())")
	var file struct {
		Line string `json:"line"`
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil || file.Line == "" {
		t.Fatalf("no line in the proof: %v", err)
	}
	return file.Line
}

// verifyBundles exports the audit log by the page, twice, and by the operator's command. A forged entry is named.
func (job *mainJob) verifyBundles(t *testing.T, surrealm *program) {
	slug := strings.TrimPrefix(job.org, "/o/")
	job.ann.open(t, job.org+"/audit")
	for range 2 {
		bundle := job.ann.downloads(t, "button", "Export for verification", slug+"-audit.jsonl")
		surrealm.says(t, 0, "The audit log is whole.", "audit", "verify", bundle)
		surrealm.says(t, 1, "First bad entry: 2.", "audit", "verify", forgeEntry(t, bundle, "member.invited", "member.removed"))
	}
	out, code := surrealm.onServer(job.site).run(t, "audit", "export", slug)
	_, key, found := strings.Cut(out, "--key ")
	if code != 0 || !found {
		t.Fatalf("audit export: exit code %d\n%s", code, out)
	}
	key = strings.TrimSpace(key)
	exported := filepath.Join(surrealm.folder, "audit-"+slug+".jsonl")
	surrealm.says(t, 0, "the one that you trust", "audit", "verify", exported, "--key", key)
	surrealm.says(t, 1, "First bad entry: 1.", "audit", "verify", forgeEntry(t, exported, canaryOrg, "Somebody else"), "--key", key)
}

var entryBody = regexp.MustCompile(`"body":"([^"]+)"`)

// forgeEntry writes a copy of a bundle with a text replaced in the first entry that has it. The bytes of an entry stand
// in base64.
func forgeEntry(t *testing.T, path, old, forged string) string {
	t.Helper()
	content := string(readFile(t, path))
	for _, match := range entryBody.FindAllStringSubmatch(content, -1) {
		body, err := base64.StdEncoding.DecodeString(match[1])
		if err != nil || !strings.Contains(string(body), old) {
			continue
		}
		other := base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(body), old, forged, 1)))
		return writeFile(t, filepath.Base(path), []byte(strings.Replace(content, match[1], other, 1)))
	}
	t.Fatalf("no entry of %s contains %q", path, old)
	return ""
}
