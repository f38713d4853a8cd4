package store_test

import (
	"fmt"
	"maps"
	"testing"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// The table that pages print is the one by which the database decides.
func TestRealmAccessIsTheDatabases(t *testing.T) {
	t.Parallel()
	super, cells := storetest.Connect(t, "postgres"), 0
	for _, role := range append([]store.RealmRole{store.Outsider}, store.RealmRoles...) {
		for _, visibility := range signal.Visibilities {
			for _, own := range []bool{false, true} {
				writes := role == store.RealmOwner || role == store.Contributor
				elsewhere := visibility == signal.Public // as the policies say it of a listed realm
				want := scan[store.Access](t, super, `select gate.access($1, $2, $3, $4, $5, $6)`,
					visibility, own, writes, role == store.RealmOwner, role != store.Outsider, elsewhere)[0]
				if got := store.RealmAccess(role, visibility, own); got != want {
					t.Errorf("%q on %s, own %t: %d, and the database says %d", role, visibility, own, got, want)
				}
				cells++
			}
		}
	}
	if cells != 32 {
		t.Errorf("%d cells", cells)
	}
}

// What everybody may do with the signals of four realms, in the order PUBLIC, SHARED, SANCTUM, PRIVATE:
// w read and change, r read, - nothing. First their own, then those of others.
var realmCells = map[string]map[string][2]string{
	"shared": {
		"Rory Owner": {"wwww", "www-"}, "Cleo Contributor": {"wwww", "rrr-"}, "Obi Observer": {"rrrr", "rrr-"}, "Remy Removed": {"----", "----"},
		"Oona Outsider": {"----", "----"}, "Tara Target": {"----", "rr--"}, "Adam Admin": {"----", "----"}, "Olga Owner": {"----", "----"},
		"Aud Auditor": {"----", "----"},
	},
	"public": {
		"Rory Owner": {"wwww", "www-"}, "Cleo Contributor": {"wwww", "rrr-"}, "Obi Observer": {"rrrr", "rrr-"}, "Remy Removed": {"r---", "r---"},
		"Oona Outsider": {"r---", "r---"}, "Tara Target": {"r---", "r---"}, "Adam Admin": {"r---", "r---"}, "Olga Owner": {"r---", "r---"},
		"Aud Auditor": {"r---", "r---"},
	},
	"archived": { // it was PUBLIC, and is listed no more
		"Rory Owner": {"rrrr", "rrr-"}, "Cleo Contributor": {"rrrr", "rrr-"}, "Obi Observer": {"rrrr", "rrr-"}, "Remy Removed": {"----", "----"},
		"Oona Outsider": {"----", "----"}, "Tara Target": {"----", "----"}, "Adam Admin": {"----", "----"}, "Olga Owner": {"----", "----"},
		"Aud Auditor": {"----", "----"},
	},
	"deleting": { // its owner alone, to think better of it
		"Rory Owner": {"rrrr", "rrr-"}, "Cleo Contributor": {"----", "----"}, "Obi Observer": {"----", "----"}, "Remy Removed": {"----", "----"},
		"Oona Outsider": {"----", "----"}, "Tara Target": {"----", "----"}, "Adam Admin": {"----", "----"}, "Olga Owner": {"----", "----"},
		"Aud Auditor": {"----", "----"},
	},
	"private": { // nobody else can be in it; what stands there under other names was forged behind the walls
		"Rory Owner": {"wwww", "www-"}, "Cleo Contributor": {"----", "----"}, "Obi Observer": {"----", "----"}, "Remy Removed": {"----", "----"},
		"Oona Outsider": {"----", "----"}, "Tara Target": {"----", "----"}, "Adam Admin": {"----", "----"}, "Olga Owner": {"----", "----"},
		"Aud Auditor": {"----", "----"},
	},
}

// cellOrder is the order of the letters above.
var cellOrder = []signal.Visibility{signal.Public, signal.Shared, signal.Sanctum, signal.Private}

// TestRealmCells asks the database, statement by statement and without any WHERE, for each cell of the table: memberships
// are real ones, and signals of every visibility by everybody stand in every realm.
func TestRealmCells(t *testing.T) {
	t.Parallel()
	people := realmPeople(t)
	fillRealms(t, people)
	cells := 0
	for name, who := range people {
		read := titles(t, who, `select title from signals`)
		changed := titles(t, who, `update signals set summary = 'seen' returning title`)
		deleted := titles(t, who, `delete from signals returning title`)
		if !maps.Equal(changed, deleted) {
			t.Errorf("%s may update %v, and delete %v", name, changed, deleted)
		}
		for realm, rows := range realmCells {
			if len(rows[name][0]) != 4 || len(rows) != len(people) {
				t.Fatalf("%s has no row for %s", realm, name)
			}
			for _, author := range []string{"Rory Owner", "Cleo Contributor", "Obi Observer", "Remy Removed"} {
				cell := rows[name][1]
				if author == name {
					cell = rows[name][0]
				}
				for i, visibility := range cellOrder {
					title := fmt.Sprintf("%s %s of %s", realm, visibility, author)
					got := "-"
					if read[title] {
						got = "r"
					}
					if changed[title] {
						got = map[string]string{"r": "w", "-": "changes unseen"}[got]
					}
					if got != cell[i:i+1] {
						t.Errorf("%s, %q: %s, want %s", name, title, got, cell[i:i+1])
					}
					cells++
				}
			}
		}
	}
	t.Logf("%d cells", cells)
}

// realmPeople are an organisation's, by name.
func realmPeople(t *testing.T) map[string]*store.Tenant {
	t.Helper()
	olga := storetest.Owner(t)
	people := map[string]*store.Tenant{"Olga Owner": olga}
	for name, role := range map[string]store.Role{"Rory Owner": store.Member, "Cleo Contributor": store.Member, "Obi Observer": store.Member,
		"Remy Removed": store.Member, "Oona Outsider": store.Member, "Tara Target": store.Member, "Adam Admin": store.Admin, "Aud Auditor": store.Auditor} {
		people[name] = colleague(t, olga, role, name)
	}
	return people
}

// fillRealms makes the realms of the table with their members and signals, and opts those of the shared one that can be
// into a realm that Tara observes.
func fillRealms(t *testing.T, people map[string]*store.Tenant) {
	t.Helper()
	rory, cleo := people["Rory Owner"], people["Cleo Contributor"]
	for realm, kind := range map[string]store.RealmType{"shared": store.SharedRealm, "public": store.PublicRealm, "archived": store.PublicRealm,
		"deleting": store.SharedRealm, "private": store.PrivateRealm} {
		newRealm(t, rory, realm, kind)
		if kind != store.PrivateRealm {
			admit(t, rory, realm, cleo, store.Contributor)
			admit(t, rory, realm, people["Obi Observer"], store.Contributor)
			admit(t, rory, realm, people["Remy Removed"], store.Contributor)
			ok(t, rory.ChangeRealmRole(t.Context(), realm, people["Obi Observer"].User.ID, store.Contributor, store.Observer))
			ok(t, rory.RemoveFromRealm(t.Context(), realm, people["Remy Removed"].User.ID))
		}
		for _, visibility := range cellOrder {
			for _, author := range []string{"Rory Owner", "Cleo Contributor", "Obi Observer", "Remy Removed"} {
				write(t, people[author], realm, visibility)
			}
		}
	}
	newRealm(t, cleo, "target", store.SharedRealm)
	admit(t, cleo, "target", people["Tara Target"], store.Observer)
	admit(t, cleo, "target", rory, store.Contributor)
	// Rory owns the signals' realm and contributes to the other: the right to change the one and to add to the other.
	p := enter(t, rory)
	p.run(t, `
		select gate.share_signal(gen_random_uuid(), s.id, (select id from realms where slug = 'target'), 'READ')
		from signals s join realms r on r.id = s.realm_id
		where r.slug = 'shared' and s.visibility in ('PUBLIC', 'SHARED')`)
	ok(t, p.tx.Commit(t.Context()))
	ok(t, rory.MoveRealm(t.Context(), "archived", store.ArchiveRealm))
	ok(t, rory.DeleteRealm(t.Context(), "deleting", "deleting"))
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
