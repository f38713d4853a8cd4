package store_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/storetest"
)

func TestInvitationIsForOneAddressAndWorksOnce(t *testing.T) {
	t.Parallel()
	s, owner, other := storetest.Store(t), storetest.Owner(t), storetest.Owner(t)
	guest := storetest.Owner(t)
	token := invite(t, owner, guest.User.Email)

	invitation, err := s.InvitationByToken(t.Context(), token)
	if err != nil || invitation.OrgName != owner.Org.Name || invitation.Role != store.Reviewer || !invitation.HasAccount ||
		invitation.Email != guest.User.Email || invitation.InvitedBy != owner.User.Name {
		t.Errorf("invitation = %+v, %v", invitation, err)
	}
	if _, err := s.AcceptWithAccount(t.Context(), token, other.User.ID); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("somebody else: %v", err)
	}
	var won atomic.Int32
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			user, err := s.AcceptWithAccount(t.Context(), token, guest.User.ID)
			if err == nil && len(user.Memberships) == 2 {
				won.Add(1)
			} else if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("err = %v", err)
			}
		})
	}
	wait.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 8 acceptances won", won.Load())
	}
	if _, err := s.InvitationByToken(t.Context(), token); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a used invitation: %v", err)
	}
}

func TestNewAccountNeedsTheInvitedAddress(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	email := storetest.Email("guest")
	token := invite(t, owner, email)
	account := store.NewAccount{Name: "Guest", Email: storetest.Email("other"), Password: storetest.Password}

	if _, err := s.AcceptWithNewAccount(t.Context(), token, account); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("another address: %v", err)
	}
	account.Email = email
	if _, err := s.AcceptWithNewAccount(t.Context(), "guess", account); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a guessed token: %v", err)
	}
	user, err := s.AcceptWithNewAccount(t.Context(), token, account)
	if err != nil || len(user.Memberships) != 1 || user.Memberships[0].Role != store.Reviewer {
		t.Errorf("user = %+v, %v", user, err)
	}
}

func TestExpiredInvitationIsClosed(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	guest := storetest.Owner(t)
	token := invite(t, owner, guest.User.Email)
	asPostgres(t, `update invitations set expires_at = now() where org_id = $1`, owner.Org.ID)

	if _, err := s.InvitationByToken(t.Context(), token); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("err = %v", err)
	}
	if _, err := s.AcceptWithAccount(t.Context(), token, guest.User.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("err = %v", err)
	}
}

func TestRenameIsRecordedInEveryOrganisation(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	guest := storetest.Join(t, owner, store.Member, "Gus Guest")

	if err := s.Rename(t.Context(), guest.User.ID, "  Gus \n  Garden "); err != nil {
		t.Fatal(err)
	}
	if err := s.Rename(t.Context(), guest.User.ID, "Gus Garden"); err != nil {
		t.Fatal(err)
	}

	user, err := s.UserByID(t.Context(), guest.User.ID)
	if err != nil || user.Name != "Gus Garden" {
		t.Errorf("user = %+v, %v", user, err)
	}
	var entries int
	row := storetest.Behind(t).QueryRow(t.Context(),
		`select count(*) from `+schemaOf(owner)+`.audit_entries where action = 'member.renamed'`)
	if err := row.Scan(&entries); err != nil || entries != 1 {
		t.Errorf("%d entries, %v", entries, err)
	}
	for _, name := range []string{"", "   ", "a\x07b", string(make([]rune, 101))} {
		var bad store.Invalid
		if err := s.Rename(t.Context(), guest.User.ID, name); !errors.As(err, &bad) || bad["name"] == "" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestRegisteringATakenAddressIsInvalid(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	register := func(email, slug string) store.Invalid {
		_, err := s.Register(t.Context(), store.NewAccount{Name: "Second", Email: email, Password: storetest.Password},
			store.NewOrg{Name: "Second", Slug: slug})
		var bad store.Invalid
		if !errors.As(err, &bad) {
			t.Errorf("err = %v", err)
		}
		return bad
	}
	if bad := register(storetest.Email("second"), owner.Org.Slug); bad["slug"] == "" {
		t.Errorf("bad = %v", bad)
	}
	if bad := register(owner.User.Email, storetest.Slug("second")); bad["email"] == "" {
		t.Errorf("bad = %v", bad)
	}
}

func TestFreeSlugNamesAnAddressNearby(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	free, err := s.FreeSlug(t.Context(), owner.Org.Slug)
	if err != nil || free != owner.Org.Slug+"-2" {
		t.Errorf("free = %q, %v", free, err)
	}
	problem, err := s.SlugProblem(t.Context(), owner.Org.Slug)
	if err != nil || problem == "" {
		t.Errorf("problem = %q, %v", problem, err)
	}
	if problem, err := s.SlugProblem(t.Context(), "admin"); err != nil || problem == "" {
		t.Errorf("a reserved one: %q, %v", problem, err)
	}
}

func TestReservedSlugsAreThoseOfTheDatabase(t *testing.T) {
	t.Parallel()
	var definition string
	row := storetest.Behind(t).QueryRow(t.Context(),
		`select pg_get_constraintdef(oid) from pg_constraint where conname = 'orgs_slug_reserved'`)
	if err := row.Scan(&definition); err != nil {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`'([a-z]+)'::text`).FindAllStringSubmatch(definition, -1)
	if len(words) != len(store.ReservedSlugs) {
		t.Errorf("%d words, the program knows %d", len(words), len(store.ReservedSlugs))
	}
	for _, word := range words {
		if problem, err := storetest.Store(t).SlugProblem(context.Background(), word[1]); err != nil || problem == "" {
			t.Errorf("%s: %q, %v", word[1], problem, err)
		}
	}
}

func TestSweepKeepsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	token := requestReset(t, owner.User.Email)
	old := uuid.New()
	asPostgres(t, `insert into account_events (id, user_id, action, created_at) values ($1, $2, 'login', now() - interval '2 years')`, old, owner.User.ID)

	if err := s.SweepAccounts(t.Context()); err != nil {
		t.Fatal(err)
	}

	if _, err := s.ResetOwner(t.Context(), token); err != nil {
		t.Errorf("an open link was swept: %v", err)
	}
	events, err := s.AccountEvents(t.Context(), owner.User.ID)
	if err != nil || len(events) != 2 {
		t.Errorf("events = %+v, %v", events, err)
	}
}

func invite(t *testing.T, owner *store.Tenant, email string) (token string) {
	t.Helper()
	token, err := owner.Invite(t.Context(), store.NewInvitation{Email: email, Role: store.Reviewer, BaseURL: baseURL})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// schemaOf is where an organisation's tables are.
func schemaOf(of *store.Tenant) string {
	return "tenant_" + strings.ReplaceAll(of.Org.Slug, "-", "_")
}
