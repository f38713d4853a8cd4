package store

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
)

// slugForm is the shape of an organisation's address. 48 characters keep "tenant_" + slug below 63 bytes.
var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// SuggestSlug makes an address from an organisation's name: "Acme Health & Care" becomes "acme-health-care".
// It is "" when the name has no usable letter.
func SuggestSlug(name string) string {
	var slug strings.Builder
	dash := false
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if dash && slug.Len() > 0 {
				slug.WriteByte('-')
			}
			dash = false
			slug.WriteRune(r)
		case !unicode.Is(unicode.Mn, r): // an accent leaves its letter; anything else separates words
			dash = true
		}
		if slug.Len() >= 40 {
			break
		}
	}
	return slug.String()
}

// checkSlug is the form that the database's constraint demands, told before the attempt.
func checkSlug(slug string) string {
	if len(slug) < 3 || len(slug) > 48 || !slugForm.MatchString(slug) {
		return violations["orgs_slug_form"]["slug"]
	}
	return ""
}

// SlugProblem says why an address cannot be had now, or "" when it is free. Registration decides for good.
func (s *Store) SlugProblem(ctx context.Context, slug string) (string, error) {
	if problem := checkSlug(slug); problem != "" {
		return problem, nil
	}
	taken, err := value[bool](ctx, s.ctl, `select exists (select from orgs where slug = $1)`, slug)
	if err != nil {
		return "", translate(err)
	}
	if taken {
		return violations["orgs_slug_unique"]["slug"], nil
	}
	return "", nil
}

// createOrg makes the organisation, its schema and its data key, owned by a user that exists in the same transaction.
func (s *Store) createOrg(ctx context.Context, tx pgx.Tx, slug, name string, owner uuid.UUID) (uuid.UUID, error) {
	org := newID()
	if _, err := tx.Exec(ctx, `select public.create_org($1, $2, $3, $4)`, org, slug, name, owner); err != nil {
		return org, fmt.Errorf("create organisation %s: %w", slug, err)
	}
	wrapped, err := s.master.WrapKey(org.String())
	if err != nil {
		return org, fmt.Errorf("make the data key of %s: %w", slug, err)
	}
	_, err = tx.Exec(ctx, `insert into org_keys (org_id, wrapped_key) values ($1, $2)`, org, wrapped)
	return org, err
}

// CreateOrg makes another organisation for a user who has an account.
// Invalid when the name or the address cannot be used.
func (s *Store) CreateOrg(ctx context.Context, owner uuid.UUID, name, slug string) error {
	bad := Invalid{}
	checkOrg(bad, name, slug)
	if err := bad.orNil(); err != nil {
		return err
	}
	return s.platformTx(ctx, func(tx pgx.Tx) error {
		_, err := s.createOrg(ctx, tx, slug, strings.TrimSpace(name), owner)
		return err
	})
}

func checkOrg(bad Invalid, name, slug string) {
	if n := len([]rune(strings.TrimSpace(name))); n < 1 || n > 100 {
		bad["org_name"] = "Use 1 to 100 characters."
	}
	if problem := checkSlug(slug); problem != "" {
		bad["slug"] = problem
	}
}
