package store_test

import (
	"errors"
	"strings"
	"testing"

	"surrealm/store"
	"surrealm/store/seal"
	"surrealm/store/storetest"
)

func TestTheMasterKeyIsRotatedWhileNobodyIsConnected(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	owner := storetest.OwnerIn(t, s)
	storetest.OwnerIn(t, s)
	if err := owner.RotateKey(t.Context()); err != nil { // a key that is sealed under the organisation's data key
		t.Fatal(err)
	}
	former, next := masterOf(t, "5ea1"), masterOf(t, "beef")
	migrator := openMigrator(t, dsn, 1)
	if _, err := migrator.RotateMaster(t.Context(), former, next); !errors.Is(err, store.ErrConflict) {
		t.Errorf("rotated beside a server: %v", err)
	}
	s.Close()

	if _, err := migrator.RotateMaster(t.Context(), masterOf(t, "dead"), next); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("rotated from a key that opens nothing: %v", err)
	}
	for _, run := range []string{"the first time", "again, as after an interruption"} {
		if n, err := migrator.RotateMaster(t.Context(), former, next); err != nil || n != 2 {
			t.Errorf("%s: %d keys, %v", run, n, err)
		}
	}
	for _, with := range []struct {
		master seal.Master
		opens  bool
	}{{former, false}, {next, true}} {
		master, opens := with.master, with.opens
		reopened, err := store.Open(t.Context(), store.Options{
			WebURL: dsn(store.RoleWeb), ControlURL: dsn(store.RoleControl), WebConns: 2, CtlConns: 2, Master: master,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := reopened.CheckMaster(t.Context()); (err == nil) != opens {
			t.Errorf("opens %v: %v", opens, err)
		}
		if err := storetest.ViewIn(t, reopened, owner.User, owner.Org.Slug).RotateKey(t.Context()); (err == nil) != opens {
			t.Errorf("seals %v: %v", opens, err)
		}
		reopened.Close()
	}
}

func masterOf(t *testing.T, pattern string) seal.Master {
	t.Helper()
	master, err := seal.ParseMasterKey(strings.Repeat(pattern, 16))
	if err != nil {
		t.Fatal(err)
	}
	return master
}
