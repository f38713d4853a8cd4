package browsertest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/embed/embedtest"
	"surrealm/store/sop/library"
	"surrealm/store/storetest"
)

// story is how observations become a better procedure: Ann observes, Bert observes with her and reviews, and Vera reviews without
// being in the realm. Each chapter is a file.
type story struct {
	site            *site
	ann, bert, vera *person
	owner           *store.Tenant // Ann
	org             string        // the path of the organisation
	cluster         string        // the path of the cluster of pumps that leak
	proposal        string
	procedure       string // its title
	version         uuid.UUID
}

const realmPath = "/realms/night-shift"

// TestStory walks from a file of observations to the signals behind a version of a procedure.
func TestStory(t *testing.T) {
	t.Parallel()
	// In a database of its own: the jobs of other sites have no encoder.
	data, dsn := storetest.FreshStore(t, func(o *store.Options) { o.Encoder = embedtest.Sentence(t) })
	s, chromium := newSiteOn(t, data, dsn), startBrowser(t)
	owner := storetest.OwnerIn(t, data)
	st := &story{site: s, owner: owner, org: "/o/" + owner.Org.Slug}
	for _, who := range []struct {
		as     **person
		member *store.Tenant
	}{
		{&st.ann, owner}, {&st.bert, storetest.JoinIn(t, data, owner, store.Reviewer, "Bert Reviewer")}, {&st.vera, storetest.JoinIn(t, data, owner, store.Reviewer, "Vera Reviewer")},
	} {
		*who.as = newPerson(t, chromium, s, who.member.User.Name)
		(*who.as).logsIn(t, who.member.User.Email)
		if *who.as == st.bert {
			st.certified(t, owner, who.member)
		}
	}
	for _, chapter := range []struct {
		name string
		do   func(*testing.T)
	}{
		{"import", st.imports}, {"search", st.searches}, {"find clusters", st.findsClusters}, {"choose on the map", st.choosesOnTheMap},
		{"confirm a synthesis", st.confirms}, {"share the realm", st.shares}, {"allow", st.allows}, {"revoke", st.revokes},
		{"propose", st.proposes}, {"review", st.reviews}, {"look behind the version", st.looksBehind},
	} {
		if !t.Run(chapter.name, chapter.do) {
			return // what follows builds on it
		}
	}
}

// certified is the procedure that the story makes better. How it comes about is a story of its own.
func (st *story) certified(t *testing.T, author, reviewer *store.Tenant) {
	t.Helper()
	surrogate := must(author.CreateSurrogate(t.Context(), store.SurrogateInput{
		RoleTitle: "Hall inspector", Domain: "maintenance", Jurisdiction: "European Union",
		Config: store.SurrogateConfig{Assertiveness: 5, EmpathyLevel: 5, RiskTolerance: "low", EscalationThreshold: 0.5},
	}))(t)
	sample := library.Samples()[0]
	st.version = must(author.CreateSOP(t.Context(), store.NewSOP{SurrogateID: surrogate, Origin: store.FromFile, File: string(sample.JSON)}))(t)
	must(0, author.SubmitSOP(t.Context(), st.version, must(author.SOP(t.Context(), st.version))(t).Revision))(t)
	must(reviewer.CertifySOP(t.Context(), st.version, must(author.SOP(t.Context(), st.version))(t).Revision, ""))(t)
	st.procedure = sample.Title
}

// eventually opens a page again and again until it shows a text, for what happens in the background.
func (p *person) eventually(t *testing.T, path, selector, text string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		p.open(t, path)
		if evaluate[bool](t, p.tab, call("person.sees", selector, text)) {
			return
		}
		if time.Now().After(deadline) {
			p.fail(t, "does not see "+text+" in "+selector)
		}
	}
}
