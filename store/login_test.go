package store_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"surrealm/store"
	"surrealm/store/storetest"
)

// somewhere is a place that no other test is at.
func somewhere() store.Place {
	n := placeNumber.Add(1)
	return store.Place{Address: "10." + itoa(n>>16&255) + "." + itoa(n>>8&255) + "." + itoa(n&255), Device: "test"}
}

var placeNumber atomic.Uint32

func itoa(n uint32) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestAuthenticateTakesTheRightPasswordOnly(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)

	user, err := s.Authenticate(t.Context(), "  "+strings.ToUpper(owner.User.Email)+" ", storetest.Password, somewhere())
	if err != nil || user.ID != owner.User.ID || len(user.Memberships) != 1 {
		t.Fatalf("user = %+v, err = %v", user, err)
	}

	_, wrong := s.Authenticate(t.Context(), owner.User.Email, "not the password", somewhere())
	_, unknown := s.Authenticate(t.Context(), storetest.Email("nobody"), storetest.Password, somewhere())
	for name, err := range map[string]error{"wrong": wrong, "unknown": unknown} {
		var bad store.Invalid
		if !errors.As(err, &bad) || bad[""] != "E-mail or password is wrong." {
			t.Errorf("%s password: %v", name, err)
		}
	}
	assertEvents(t, owner, store.AccountLoginFailed, store.AccountLogin)
}

func TestDisabledAccountCannotLogIn(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	asPostgres(t, `update users set disabled_at = now() where id = $1`, owner.User.ID)

	_, err := s.Authenticate(t.Context(), owner.User.Email, storetest.Password, somewhere())

	if err == nil || err.Error() != "invalid input: : E-mail or password is wrong." {
		t.Errorf("err = %v", err)
	}
}

func TestGuessesAreCountedBeforeTheyAreEvaluated(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)

	var refused atomic.Int32
	var wait sync.WaitGroup
	for range 40 {
		wait.Go(func() {
			_, err := s.Authenticate(t.Context(), owner.User.Email, "a guess of the password", somewhere())
			if errors.As(err, new(store.TooMany)) {
				refused.Add(1)
			}
		})
	}
	wait.Wait()

	if refused.Load() != 30 {
		t.Errorf("refused = %d, want 30 of 40", refused.Load())
	}
	if n := countEvents(t, owner, store.AccountLoginFailed); n != 10 {
		t.Errorf("evaluated = %d, want 10", n)
	}
	_, err := s.Authenticate(t.Context(), owner.User.Email, storetest.Password, somewhere())
	var tooMany store.TooMany
	if !errors.As(err, &tooMany) || tooMany.Wait > 15*time.Minute || tooMany.Wait < 14*time.Minute {
		t.Errorf("the right password after ten wrong ones: %v", err)
	}
}

func TestThrottleIsADelayAndNoLock(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	home, abroad := somewhere(), somewhere()
	login := func(password string, from store.Place) error {
		_, err := s.Authenticate(t.Context(), owner.User.Email, password, from)
		return err
	}
	if err := login(storetest.Password, home); err != nil {
		t.Fatal(err)
	}
	for range 12 {
		_ = login("a guess of the password", abroad)
	}

	if err := login(storetest.Password, home); err != nil {
		t.Errorf("a stranger's guesses kept the owner out at home: %v", err)
	}
	if err := login(storetest.Password, abroad); !errors.As(err, new(store.TooMany)) {
		t.Errorf("err = %v", err)
	}
	asPostgres(t, `update login_attempts set since = since - interval '16 minutes' where subject like 'account:%'
		and subject = 'account:' || encode(substring(sha256(convert_to($1, 'utf8')) for 16), 'hex')`, owner.User.Email)
	if err := login(storetest.Password, abroad); err != nil {
		t.Errorf("after the window: %v", err)
	}
}

func TestOneAddressHasFiftyTries(t *testing.T) {
	t.Parallel()
	s := storetest.Store(t)
	asPostgres(t, `insert into login_attempts (subject, tries, since) values ('address:2001:db8:77:1::/64', 47, now())`)
	tooMany := 0
	for i := range 5 {
		from := store.Place{Address: "2001:db8:77:1::" + itoa(uint32(i+1))} // a new address of the same /64 each time
		_, err := s.Authenticate(t.Context(), storetest.Email("nobody"), "guess", from)
		if errors.As(err, new(store.TooMany)) {
			tooMany++
		}
	}
	if tooMany != 2 {
		t.Errorf("refused %d of the tries 48 to 52, want 2", tooMany)
	}
}

func TestLoginRenewsAHashOfAnotherCost(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	s := storetest.Second(t, func(o *store.Options) { o.Cost = nil })
	cheap, err := argon2id.CreateHash(storetest.Password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatal(err)
	}
	asPostgres(t, `update users set password_hash = $2 where id = $1`, owner.User.ID, cheap)

	for range 2 {
		if _, err := s.Authenticate(t.Context(), owner.User.Email, storetest.Password, somewhere()); err != nil {
			t.Fatal(err)
		}
	}

	var hash string
	row := storetest.Behind(t).QueryRow(t.Context(), `select password_hash from users where id = $1`, owner.User.ID)
	if err := row.Scan(&hash); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(hash, "m=19456,t=2,p=1") {
		t.Errorf("hash = %s", hash)
	}
}

func TestConfirmPassword(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	confirm := func(password string) error {
		return s.ConfirmPassword(t.Context(), owner.User.ID, password, somewhere().Address)
	}
	if err := confirm(storetest.Password); err != nil {
		t.Error(err)
	}
	var bad store.Invalid
	if err := confirm(""); !errors.As(err, &bad) || bad["password"] == "" {
		t.Errorf("empty: %v", err)
	}
	for range 10 {
		if err := confirm("not the password"); !errors.As(err, &bad) || bad["password"] != "This is not your password." {
			t.Fatalf("wrong: %v", err)
		}
	}
	if err := confirm(storetest.Password); !errors.As(err, new(store.TooMany)) {
		t.Errorf("after ten wrong ones: %v", err)
	}
}

// assertEvents compares the newest events of an account, the newest first.
func assertEvents(t *testing.T, of *store.Tenant, want ...store.AccountAction) {
	t.Helper()
	events, err := storetest.Store(t).AccountEvents(t.Context(), of.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, action := range want {
		if i >= len(events) || events[i].Action != action || events[i].Text() == "" {
			t.Fatalf("events = %+v, want %v", events, want)
		}
	}
}

func countEvents(t *testing.T, of *store.Tenant, action store.AccountAction) (n int) {
	t.Helper()
	row := storetest.Behind(t).QueryRow(t.Context(),
		`select count(*) from account_events where user_id = $1 and action = $2`, of.User.ID, action)
	if err := row.Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// asPostgres changes what no method of the store changes.
func asPostgres(t *testing.T, sql string, args ...any) {
	t.Helper()
	tag, err := storetest.Behind(t).Exec(t.Context(), sql, args...)
	if err != nil || tag.RowsAffected() == 0 {
		t.Fatalf("%s: %v, %d rows", sql, err, tag.RowsAffected())
	}
}
