package browsertest

import "testing"

// shares invites Bert into the realm, who accepts and adds an observation that Ann sees.
func (st *story) shares(t *testing.T) {
	ann, bert := st.ann, st.bert
	bert.open(t, st.cluster)
	bert.sees(t, "h1", "Not found")
	ann.open(t, st.org+realmPath+"/members")
	ann.chooses(t, "Person", "Bert")
	ann.follow(t, "button", "Invite", "main form")
	ann.sees(t, "main", "Bert Reviewer")
	bert.open(t, st.org+"/realms")
	bert.follow(t, "button", "Accept")
	bert.open(t, st.org+"/signals/new")
	bert.fills(t, "What is it?", "The pump in bay 7 lost oil all night, and the bucket below it was full by four.")
	bert.press(t, "button", "More")
	bert.chooses(t, "Realm", "Night shift")
	bert.chooses(t, "Who may see it", "Members, and")
	bert.follow(t, "button", "Keep it")
	bert.sees(t, "main", "the bucket below it")
	bert.open(t, st.cluster+"/members?q=bucket")
	bert.sees(t, "h1", "Not allowed") // Ann made the cluster: Bert may look at it, and she adds to it
	ann.open(t, st.cluster+"/members?q=bucket")
	ann.press(t, "choice", "Choose The pump in bay 7 lost oil")
	ann.follow(t, "button", "Add the chosen signals")
	ann.sees(t, "#choose", "the bucket below it")
}

// allow gives a consent on the page of the realm.
func (p *person) allow(t *testing.T, org, what string) {
	t.Helper()
	p.open(t, org+realmPath+"/consents")
	p.chooses(t, "What", what)
	p.follow(t, "button", "Allow it")
	p.sees(t, "tbody", what)
}

// allows has both say that texts may be written of what they observed, and Ann ask for one that rests on both.
func (st *story) allows(t *testing.T) {
	st.ann.allow(t, st.org, "Write about signals and clusters")
	st.bert.allow(t, st.org, "Write about signals and clusters")
	st.writes(t, st.ann, "Narrative")
	st.ann.sees(t, ".facts", "2 consents")
	st.bert.open(t, st.ann.path(t))
	st.bert.sees(t, "h1", "Narrative")
}

// revokes takes Bert's consent back: the text that rests on it is marked, and the next one is Ann's alone.
func (st *story) revokes(t *testing.T) {
	written := st.ann.path(t)
	st.bert.open(t, st.org+realmPath+"/consents")
	st.bert.press(t, "button", "Revoke")
	st.bert.confirms(t, "Revoke")
	st.bert.seesNot(t, "tbody tr", "Bert Reviewer Write")
	st.ann.open(t, written)
	st.ann.sees(t, ".alert", "A consent that this rests on was revoked")
	st.writes(t, st.ann, "Mirror")
	st.ann.sees(t, ".facts", "1 signal of people who have not allowed it")
	st.ann.seesNot(t, "main", "the bucket below it")
}
