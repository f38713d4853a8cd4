package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/signal/signaltest"
	"surrealm/store/storetest"
)

// note captures a document and returns its id.
func note(t testing.TB, author *store.Tenant, realm, title, content string, change ...func(*signal.Draft)) uuid.UUID {
	t.Helper()
	draft := signal.NewDraft(signal.DocumentType)
	draft.Title, draft.Payload = title, signal.Document{Content: content, Format: signal.Plain}
	draft.Status, draft.Visibility = signal.Active, signal.Shared
	for _, c := range change {
		c(&draft)
	}
	id, err := author.CreateSignal(t.Context(), store.NewSignal{Realm: realm, Draft: draft})
	if err != nil {
		t.Fatalf("capture %q: %v", title, err)
	}
	return id
}

// What goes in comes out, of every type and with every field; and saving what came out changes nothing at all.
func TestASignalIsKeptAsItWasGiven(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	rapid.Check(t, func(r *rapid.T) {
		draft := signaltest.Draft(r)
		draft.ExternalID = uuid.NewString()
		id, err := ada.CreateSignal(t.Context(), store.NewSignal{Draft: draft})
		if err != nil {
			r.Fatalf("create: %v", err)
		}
		found, err := ada.Signal(t.Context(), id)
		if err != nil {
			r.Fatal(err)
		}
		if draft.CapturedAt.IsZero() {
			draft.CapturedAt = found.Draft.CapturedAt
		}
		if lost, err := signal.Differences(draft, found.Draft); err != nil || len(lost) > 0 {
			r.Fatalf("lost %v, %v", lost, err)
		}
		if err := ada.UpdateSignal(t.Context(), id, found.Revision, found.Draft); err != nil {
			r.Fatalf("save what was read: %v", err)
		}
		again, err := ada.Signal(t.Context(), id)
		if err != nil || again.Revision != found.Revision || len(again.History) != 1 {
			r.Fatalf("saving what was read made revision %d and %d entries of history, %v", again.Revision, len(again.History), err)
		}
	})
}

func TestTheSecondOfTwoEditorsIsTold(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	id := note(t, ada, "", "Valve", "The valve sticks.")
	found, err := ada.Signal(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	mine, theirs := found.Draft, found.Draft
	mine.Title, theirs.Title = "Valve 7", "Valve 8"
	if err := ada.UpdateSignal(t.Context(), id, found.Revision, theirs); err != nil {
		t.Fatal(err)
	}
	if err := ada.UpdateSignal(t.Context(), id, found.Revision, mine); !errors.Is(err, store.ErrConflict) {
		t.Fatalf("the second editor got %v", err)
	}
	now, err := ada.Signal(t.Context(), id)
	if err != nil || now.Draft.Title != "Valve 8" {
		t.Fatalf("title is %q, %v", now.Draft.Title, err)
	}
	edit := now.History[0]
	if edit.Action != "EDITED" || len(edit.Before) != 1 || string(edit.Before["title"]) != `"Valve"` || string(edit.After["title"]) != `"Valve 8"` {
		t.Errorf("history says %+v", edit)
	}
}

func TestTheBinGivesBackWhatItTook(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	id := note(t, ada, "", "Valve", "The valve sticks.")
	if err := ada.DeleteSignal(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := ada.DeleteSignal(t.Context(), id); !errors.Is(err, store.ErrConflict) {
		t.Errorf("deleting twice: %v", err)
	}
	if titles := listed(t, ada, store.SignalFilter{}); len(titles) != 0 {
		t.Errorf("still listed: %v", titles)
	}
	if titles := listed(t, ada, store.SignalFilter{Query: "valve"}); len(titles) != 0 {
		t.Errorf("still found: %v", titles)
	}
	if titles := listed(t, ada, store.SignalFilter{Bin: true}); !slices.Equal(titles, []string{"Valve"}) {
		t.Errorf("the bin shows %v", titles)
	}
	if err := ada.RestoreSignal(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if titles := listed(t, ada, store.SignalFilter{}); !slices.Equal(titles, []string{"Valve"}) {
		t.Errorf("restored: %v", titles)
	}
}

// listed returns the titles of a page of the list.
func listed(t testing.TB, member *store.Tenant, f store.SignalFilter) []string {
	t.Helper()
	found, err := member.Signals(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	titles := []string{}
	for _, s := range found.Items {
		titles = append(titles, s.Title)
	}
	return titles
}

func TestBulkChangesAreAllOrNothing(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	ben := storetest.Join(t, ada, store.Member, "Ben")
	realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
	own, foreign := note(t, ben, realm, "Mine", "x"), note(t, ada, realm, "Hers", "y")

	if _, err := ben.ChangeSignals(t.Context(), []uuid.UUID{own, foreign}, store.SignalsChange{AddTag: "pump"}); !errors.Is(err, store.ErrForbidden) {
		t.Fatalf("tagging another's signal: %v", err)
	}
	if _, err := ben.ChangeSignals(t.Context(), []uuid.UUID{own, uuid.New()}, store.SignalsChange{AddTag: "pump"}); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("tagging what is not there: %v", err)
	}
	if titles := listed(t, ben, store.SignalFilter{Tags: []string{"pump"}}); len(titles) != 0 {
		t.Fatalf("half of it was done: %v", titles)
	}
	for _, change := range []store.SignalsChange{{AddTag: "pump"}, {AddTag: "PUMP"}, {AddTag: "valve"}, {RemoveTag: "Valve"}, {Status: signal.Archived}} {
		if n, err := ada.ChangeSignals(t.Context(), []uuid.UUID{own, foreign, own}, change); err != nil || n != 2 {
			t.Fatalf("%+v: %d, %v", change, n, err)
		}
	}
	found, err := ada.Signal(t.Context(), own)
	if err != nil || !slices.Equal(found.Draft.Tags, []string{"pump"}) || found.Draft.Status != signal.Archived {
		t.Fatalf("%v %v, %v", found.Draft.Tags, found.Draft.Status, err)
	}
	if edit := found.History[0]; string(edit.Before["status"]) != `"ACTIVE"` || string(edit.After["status"]) != `"ARCHIVED"` || len(edit.After) != 1 {
		t.Errorf("history says %+v", edit)
	}
	for _, change := range []store.SignalsChange{{Delete: true}, {Restore: true}} {
		if _, err := ada.ChangeSignals(t.Context(), []uuid.UUID{own, foreign}, change); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := ada.RenameTag(t.Context(), "pump", "Pumps"); err != nil || n != 2 {
		t.Fatalf("renamed %d, %v", n, err)
	}
	if tags, err := ada.Tags(t.Context(), ""); err != nil || len(tags) != 1 || tags[0] != (store.TagCount{Tag: "Pumps", Signals: 2, Editable: 2}) {
		t.Fatalf("%v, %v", tags, err)
	}
}

// sharedRealm makes a SHARED realm of the owner's with another member in it, and returns its slug.
func sharedRealm(t testing.TB, owner, member *store.Tenant, role string) string {
	t.Helper()
	slug, id := storetest.Slug("realm"), uuid.New()
	storetest.Inside(t, owner, `select gate.create_realm($1, $2, 'Shared', '', 'SHARED')`, id, slug)
	storetest.Inside(t, owner, `select gate.invite_to_realm($1, $2, $3)`, id, member.User.ID, role)
	storetest.Inside(t, member, `select gate.answer_realm_invitation($1, true)`, slug)
	return slug
}
