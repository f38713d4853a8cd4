package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// sharing is a signal with a picture in a realm of Ada's alone, opted into one that Ben observes.
type sharing struct {
	ada, ben *store.Tenant
	home     string // Ada's, of which Ben knows nothing
	target   string // Ben observes it
	signal   uuid.UUID
	file     uuid.UUID
}

func share(t *testing.T, scope store.ShareScope) sharing {
	t.Helper()
	ada := storetest.Owner(t)
	s := sharing{ada: ada, ben: storetest.Join(t, ada, store.Member, "Ben"), home: newRealm(t, ada, "Secret workshop", store.SharedRealm), file: uuid.New()}
	s.target = sharedRealm(t, ada, s.ben, "OBSERVER")
	draft := signal.NewDraft(signal.PhotoType)
	draft.Title, draft.Payload = "Valve with a zither", signal.Photo{File: s.file, OriginalName: "valve.png"}
	draft.Visibility, draft.Status = signal.Shared, signal.Active
	var err error
	s.signal, err = ada.CreateSignal(t.Context(), store.NewSignal{Realm: s.home, Draft: draft,
		File: &store.NewFile{ID: s.file, Name: "valve.png", MediaType: "image/png", Bytes: []byte("picture"), Thumbnail: []byte("small")}})
	ok(t, err)
	note(t, ada, s.home, "Zither of its own", "Nobody else hears it.")
	ok(t, ada.EmbedSignals(t.Context()))
	ok(t, ada.ShareSignal(t.Context(), s.signal, s.target, scope))
	return s
}

// seen is all that shows somebody the signal.
func (s sharing) seen(t *testing.T, who *store.Tenant) map[string]bool {
	t.Helper()
	title, seen := "Valve with a zither", map[string]bool{}
	for name, f := range map[string]store.SignalFilter{
		"list": {}, "realm": {Realm: s.target}, "words": {Query: "zither", By: "words"}, "meaning": {Query: "zither", By: "meaning"},
		"words of the realm": {Query: "zither", By: "words", Realm: s.target}, "meaning of the realm": {Query: "zither", By: "meaning", Realm: s.target},
		"meaning and type": {Query: "zither", By: "meaning", Types: []string{"PHOTO"}}, "title": {Sort: "title"},
	} {
		titles := listed(t, who, f)
		seen[name] = slices.Contains(titles, title)
		if len(slices.Compact(slices.Sorted(slices.Values(titles)))) != len(titles) {
			t.Errorf("%s: twice in %q", name, titles)
		}
	}
	_, err := who.Signal(t.Context(), s.signal)
	seen["page"] = err == nil
	part, err := who.SignalFilePart(t.Context(), s.signal, s.file, false, 0, 7)
	seen["file"] = err == nil && bytes.Equal(part, []byte("picture"))
	_, err = who.SignalFile(t.Context(), s.signal, s.file, true)
	seen["thumbnail"] = err == nil
	month, err := who.SignalMonth(t.Context(), store.SignalFilter{Realm: s.target}, time.Time{})
	ok(t, err)
	seen["calendar"] = len(month.Days) == 1 && month.Days[0].Signals == 1
	file, _ := exported(t, who, store.SignalFilter{Realm: s.target}, exchange.JSONL)
	seen["export"] = strings.Contains(string(file), title)
	realms, err := who.Realms(t.Context(), store.RealmFilter{})
	ok(t, err)
	for _, r := range realms.Mine {
		if r.Slug == s.target {
			seen["count"] = r.Signals == 1
		}
	}
	page, err := who.Realm(t.Context(), s.target)
	seen["realm's page"] = err == nil && page.Opted == 1
	return seen
}

func TestASharedSignalIsSeenWholeAndRevokedAtOnce(t *testing.T) {
	t.Parallel()
	s := share(t, store.ShareToRead)
	for name, there := range s.seen(t, s.ben) {
		if !there {
			t.Errorf("not shown by %s", name)
		}
	}
	if titles := listed(t, s.ben, store.SignalFilter{Query: "zither"}); len(titles) != 1 {
		t.Errorf("Ben finds %q", titles)
	}
	ok(t, s.ada.RevokeShare(t.Context(), s.signal, s.target))
	for name, there := range s.seen(t, s.ben) {
		if there {
			t.Errorf("still shown by %s", name)
		}
	}
}

// Where it comes from is not told to those who are not there.
func TestASharedSignalHidesItsRealm(t *testing.T) {
	t.Parallel()
	s := share(t, store.ShareToRead)
	for who, want := range map[*store.Tenant]string{s.ada: "Secret workshop", s.ben: ""} {
		page, err := who.Signal(t.Context(), s.signal)
		ok(t, err)
		list, err := who.Signals(t.Context(), store.SignalFilter{Realm: s.target})
		ok(t, err)
		if len(list.Items) != 1 || list.Items[0].RealmName != want || page.RealmName != want {
			t.Errorf("%s reads %q, %+v", who.User.Name, page.RealmName, list.Items)
		}
	}
	// Nor when that realm is listed for everyone: the signal is not what everyone reads there.
	ok(t, changeType(t, s.ada, s.home, store.PublicRealm))
	page, err := s.ben.Signal(t.Context(), s.signal)
	if ok(t, err); page.RealmName != "" {
		t.Errorf("Ben reads %q", page.RealmName)
	}
}

// The bin takes a signal from everywhere, with its file and its vector; so does a move.
func TestTheBinTakesWhatWasShared(t *testing.T) {
	t.Parallel()
	s := share(t, store.ShareToRead)
	ok(t, s.ada.DeleteSignal(t.Context(), s.signal))
	for name, there := range s.seen(t, s.ben) {
		if there {
			t.Errorf("shown from the bin by %s", name)
		}
	}
	p := enter(t, s.ben)
	p.changes(t, 0, "select from signal_files")
	p.changes(t, 0, "select from signal_embeddings")
	ok(t, p.tx.Rollback(t.Context()))
	ok(t, s.ada.RestoreSignal(t.Context(), s.signal))
	ok(t, s.ada.EmbedSignals(t.Context()))
	for name, there := range s.seen(t, s.ben) {
		if !there {
			t.Errorf("not restored for %s", name)
		}
	}
	ok(t, s.ada.MoveSignal(t.Context(), s.signal, revisionOf(t, s.ada, s.signal), defaultRealm(t, s.ada)))
	for name, there := range s.seen(t, s.ben) {
		if there {
			t.Errorf("shown after its move by %s", name)
		}
	}
}

// What is PUBLIC in a listed realm is everybody's to find, by meaning too, with its picture.
func TestPublicSignalsAreFoundByEveryone(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	cleo := storetest.Join(t, ada, store.Member, "Cleo")
	realm := newRealm(t, ada, "Registry", store.PublicRealm)
	note(t, ada, realm, "Open zither", "For everyone.", func(d *signal.Draft) { d.Visibility = signal.Public })
	note(t, ada, realm, "Closed zither", "For members.")
	ok(t, ada.EmbedSignals(t.Context()))
	for _, f := range []store.SignalFilter{{Query: "zither", By: "meaning"}, {Query: "zither", By: "words"}, {Query: "zither", By: "meaning", Realm: realm}, {Realm: realm}} {
		if titles := listed(t, cleo, f); !slices.Equal(titles, []string{"Open zither"}) {
			t.Errorf("%+v: %q", f, titles)
		}
	}
	ok(t, changeType(t, ada, realm, store.SharedRealm))
	if titles := listed(t, cleo, store.SignalFilter{Query: "zither"}); len(titles) != 0 {
		t.Errorf("found in a realm that is listed no more: %q", titles)
	}
}

// A shared signal is found among many neighbours in the realm that it comes from, which the reader knows too.
func TestSearchInARealmIsExactWithWhatIsSharedIntoIt(t *testing.T) {
	t.Parallel()
	s := share(t, store.ShareToRead)
	storetest.Inside(t, s.ada, `
		insert into signals (id, realm_id, type, title, body, status, visibility, created_by)
		select gen_random_uuid(), r.id, 'DOCUMENT', 'Zither zither ' || n, 'zither', 'ACTIVE', 'SHARED', $1
		from generate_series(1, 3000) n cross join realms r where r.slug = $2`, s.ada.User.ID, s.home)
	for _, by := range []string{"words", "meaning"} {
		if titles := listed(t, s.ada, store.SignalFilter{Query: "zither", By: by, Realm: s.target}); len(titles) != 1 {
			t.Errorf("by %s: %q", by, titles)
		}
	}
}

// Files and vectors say how far they reach as their signal does, whoever says otherwise.
func TestTheReachOfAFileCannotBeForged(t *testing.T) {
	t.Parallel()
	s := share(t, store.ShareToRead)
	p := enter(t, s.ada)
	for table, columns := range map[string][2]string{
		"signal_files":      {"id, name, media_type, bytes, sha256", "gen_random_uuid(), 'x', 'image/png', '', ''"},
		"signal_embeddings": {"model, embedding", "'x', '[1,0]'"},
	} {
		insert := `insert into ` + table + ` (realm_id, signal_id, visibility, signal_author, reaches, reaches_all, ` + columns[0] + `)
			select realm_id, id, visibility, created_by, %s, ` + columns[1] + ` from signals where id = '` + s.signal.String() + `'`
		p.refused(t, fmt.Sprintf(insert, "'{}', false"), noReference)
		p.refused(t, fmt.Sprintf(insert, "reaches, true"), noReference)
		p.allowed(t, fmt.Sprintf(insert, "reaches, reaches_all"))
	}
}

func revisionOf(t *testing.T, who *store.Tenant, id uuid.UUID) int {
	t.Helper()
	found, err := who.Signal(t.Context(), id)
	ok(t, err)
	return found.Revision
}

func changeType(t *testing.T, owner *store.Tenant, slug string, kind store.RealmType) error {
	t.Helper()
	found, err := owner.Realm(t.Context(), slug)
	return errors.Join(err, owner.ChangeRealmType(t.Context(), slug, found.Revision, kind))
}
