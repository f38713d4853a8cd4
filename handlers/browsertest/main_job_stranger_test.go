package browsertest

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"surrealm/store/storetest"
)

// answer is what a browser gets for a request.
type answer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
	Kind   string `json:"kind"`
}

// stranger owns another organisation and asks for everything that was asked for inside this one: each answer is the one
// that an organisation which does not exist would give.
func (job *mainJob) stranger(t *testing.T, eve *person) {
	eve.open(t, "/register")
	eve.fills(t, "Name of the organisation", "Another Organisation")
	eve.fills(t, "Your name", "Eve Stranger")
	eve.fills(t, "Your e-mail", storetest.Email("eve"))
	eve.fills(t, "Password", storetest.Password)
	eve.follow(t, "button", "Register", "main form")

	visited := job.visited()
	if len(visited) < 60 {
		t.Errorf("only %d addresses were visited", len(visited))
	}
	const unknown = "/o/no-such-organisation"
	for _, request := range visited {
		method, path, _ := strings.Cut(request, " ")
		got := eve.asks(t, method, path)
		nothing := eve.asks(t, method, strings.Replace(path, job.org, unknown, 1))
		if got.Status != http.StatusNotFound || got != nothing {
			t.Errorf("%s: status %d (%s), and %d for an unknown organisation", request, got.Status, got.Kind, nothing.Status)
		}
		job.findNoCanary(t, request, got.Body)
	}
	for _, path := range []string{job.org, job.procedures[0].next, job.procedures[0].proposal, job.org + "/audit"} {
		eve.open(t, path)
		eve.sees(t, "h1", "Not found")
	}
	job.nobody(t, visited)
}

// visited are the requests that both members' browsers have made inside the organisation, a few kinds of which follow
// no link: drawings and exports.
func (job *mainJob) visited() []string {
	all := map[string]bool{}
	for _, p := range []*person{job.ann, job.bert} {
		p.mu.Lock()
		maps.Copy(all, p.requested)
		p.mu.Unlock()
	}
	for _, p := range job.procedures {
		for _, path := range []string{p.next + "/export.json", p.next + "/graph.svg", p.next + "/signatures.json", p.proposal + "/change.json"} {
			all["GET "+path] = true
		}
	}
	inside := slices.DeleteFunc(slices.Collect(maps.Keys(all)), func(request string) bool {
		_, path, _ := strings.Cut(request, " ")
		rest, ours := strings.CutPrefix(path, job.org)
		return !ours || rest != "" && !strings.ContainsAny(rest[:1], "/?")
	})
	slices.SortFunc(inside, cmp.Compare[string])
	return inside
}

// asks sends a request as a script of the site's own pages would, with the person's cookies.
func (p *person) asks(t *testing.T, method, path string) answer {
	t.Helper()
	options := `{method: ` + quoted(method) + `, redirect: 'manual'}`
	text := evaluate[string](t, p.tab, `fetch(`+quoted(path)+`, `+options+`).then(async (r) => JSON.stringify({status: r.status, body: await r.text(), kind: r.headers.get('content-type')}))`)
	var got answer
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// findNoCanary looks for what only members may read.
func (job *mainJob) findNoCanary(t *testing.T, request, body string) {
	t.Helper()
	secrets := []string{canaryOrg, canaryAuthor, canaryComment, canaryRevised, "Bert Reviewer"}
	for _, p := range job.procedures {
		secrets = append(secrets, p.Title, p.RoleTitle)
	}
	for _, secret := range secrets {
		if strings.Contains(body, secret) {
			t.Errorf("%s shows %q to a stranger", request, secret)
		}
	}
}

// nobody is sent to the login from every page and told nothing.
func (job *mainJob) nobody(t *testing.T, visited []string) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, request := range visited {
		path, get := strings.CutPrefix(request, "GET ")
		if !get {
			continue
		}
		response, err := client.Get(job.site.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close() // a redirect has nothing to read
		if to := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/login") {
			t.Errorf("%s: status %d to %s without a session", request, response.StatusCode, to)
		}
	}
}
