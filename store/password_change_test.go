package store_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

const (
	newPassword = "another horse entirely"
	baseURL     = "http://127.0.0.1"
)

func TestChangePasswordReplacesTheOldOne(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	change := store.PasswordChange{Current: storetest.Password, New: newPassword, BaseURL: baseURL}

	if _, err := s.ChangePassword(t.Context(), owner.User, change, somewhere()); err != nil {
		t.Fatal(err)
	}

	if _, err := s.Authenticate(t.Context(), owner.User.Email, storetest.Password, somewhere()); err == nil {
		t.Error("the old password still works")
	}
	if _, err := s.Authenticate(t.Context(), owner.User.Email, newPassword, somewhere()); err != nil {
		t.Errorf("the new password does not work: %v", err)
	}
	if subject, body := newestMail(t, owner.User.Email); subject != "Your password was changed" || !strings.Contains(body, baseURL+"/forgot") {
		t.Errorf("mail: %s, %s", subject, body)
	}
	assertEvents(t, owner, store.AccountLogin, store.AccountLoginFailed, store.AccountPasswordChanged)
}

func TestChangePasswordRefuses(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	for name, test := range map[string]struct{ current, fresh, field string }{
		"a wrong current one":     {"not the password", newPassword, "password"},
		"no current one":          {"", newPassword, "password"},
		"a short one":             {storetest.Password, "short", "new_password"},
		"a long one":              {storetest.Password, strings.Repeat("ab", 65), "new_password"},
		"the same one":            {storetest.Password, storetest.Password, "new_password"},
		"one like the own name":   {storetest.Password, "Olga Owner 12", "new_password"},
		"one that everybody uses": {storetest.Password, "passwordpassword", "new_password"},
	} {
		change := store.PasswordChange{Current: test.current, New: test.fresh, BaseURL: baseURL}
		_, err := s.ChangePassword(t.Context(), owner.User, change, somewhere())
		var bad store.Invalid
		if !errors.As(err, &bad) || bad[test.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestResetWorksOnce(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	token := requestReset(t, owner.User.Email)

	var won atomic.Int32
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			_, err := s.ResetPassword(t.Context(), token, store.PasswordChange{New: newPassword, BaseURL: baseURL}, somewhere())
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("err = %v", err)
			}
		})
	}
	wait.Wait()

	if won.Load() != 1 {
		t.Errorf("%d of 8 redemptions won", won.Load())
	}
	if n := countEvents(t, owner, store.AccountPasswordReset); n != 1 {
		t.Errorf("%d events", n)
	}
	if _, err := s.Authenticate(t.Context(), owner.User.Email, newPassword, somewhere()); err != nil {
		t.Error(err)
	}
}

func TestResetLinksEnd(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	open := func(token string) bool {
		user, err := s.ResetOwner(t.Context(), token)
		return err == nil && user.ID == owner.User.ID
	}
	first := requestReset(t, owner.User.Email)
	second := requestReset(t, owner.User.Email)
	if open(first) || !open(second) {
		t.Error("a newer link did not replace the older")
	}
	change := store.PasswordChange{Current: storetest.Password, New: newPassword, BaseURL: baseURL}
	if _, err := s.ChangePassword(t.Context(), owner.User, change, somewhere()); err != nil {
		t.Fatal(err)
	}
	if open(second) {
		t.Error("a link outlived a change of the password")
	}
	third := requestReset(t, owner.User.Email)
	asPostgres(t, `update password_resets set expires_at = now() where user_id = $1 and used_at is null`, owner.User.ID)
	if open(third) {
		t.Error("a link outlived its time")
	}
	if open("") || open("guess") {
		t.Error("a guess opened a reset")
	}
}

func TestResetOfAnUnknownAddressLooksTheSame(t *testing.T) {
	t.Parallel()
	s := storetest.Store(t)
	email := storetest.Email("nobody")

	if err := s.RequestReset(t.Context(), email, baseURL, somewhere()); err != nil {
		t.Errorf("err = %v", err)
	}

	var n int
	row := storetest.Behind(t).QueryRow(t.Context(), `select count(*) from outbox where recipient = $1`, email)
	if err := row.Scan(&n); err != nil || n != 0 {
		t.Errorf("%d mails, %v", n, err)
	}
	for range 4 {
		_ = s.RequestReset(t.Context(), email, baseURL, somewhere())
	}
	if err := s.RequestReset(t.Context(), email, baseURL, somewhere()); !errors.As(err, new(store.TooMany)) {
		t.Errorf("the sixth request in an hour: %v", err)
	}
}

func TestResetLiftsTheThrottle(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	for range 11 {
		_, _ = s.Authenticate(t.Context(), owner.User.Email, "a guess of the password", somewhere())
	}
	token := requestReset(t, owner.User.Email)

	if _, err := s.ResetPassword(t.Context(), token, store.PasswordChange{New: newPassword, BaseURL: baseURL}, somewhere()); err != nil {
		t.Fatal(err)
	}

	if _, err := s.Authenticate(t.Context(), owner.User.Email, newPassword, somewhere()); err != nil {
		t.Errorf("err = %v", err)
	}
}

// requestReset asks for a link and takes its token from the mail.
func requestReset(t *testing.T, email string) string {
	t.Helper()
	if err := storetest.Store(t).RequestReset(t.Context(), email, baseURL, somewhere()); err != nil {
		t.Fatal(err)
	}
	_, body := newestMail(t, email)
	_, rest, found := strings.Cut(body, baseURL+"/reset/")
	if !found {
		t.Fatalf("no link in %q", body)
	}
	return strings.Fields(rest)[0]
}

func newestMail(t *testing.T, email string) (subject, body string) {
	t.Helper()
	row := storetest.Behind(t).QueryRow(t.Context(), `
		select subject, body
		from outbox
		where recipient = $1
		order by created_at desc, id desc
		limit 1`, email)
	if err := row.Scan(&subject, &body); err != nil {
		t.Fatalf("mail to %s: %v", email, err)
	}
	return subject, body
}
