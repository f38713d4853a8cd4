package store

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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

// ReservedSlugs are no organisation's, because addresses of the site look like them. The database keeps the list too.
var ReservedSlugs = []string{"new", "admin", "api", "app", "static", "login", "public", "surrealm", "system", "template"}

// checkSlug is what the database's constraints demand, told before the attempt.
func checkSlug(slug string) string {
	if len(slug) < 3 || len(slug) > 48 || !slugForm.MatchString(slug) {
		return violations["orgs_slug_form"]["slug"]
	}
	if slices.Contains(ReservedSlugs, slug) {
		return violations["orgs_slug_reserved"]["slug"]
	}
	return ""
}

// CheckSlug says why an address cannot be had now, with another that can; both are "" when it is free. TooMany after many
// questions from one place, because the answers add up to a list of the organisations here.
func (s *Store) CheckSlug(ctx context.Context, from Place, slug string) (problem, free string, err error) {
	if err := s.count(ctx, slugLimit(from)); err != nil {
		return "", "", err
	}
	problem, err = s.SlugProblem(ctx, slug)
	if err == nil && problem != "" {
		free, err = s.FreeSlug(ctx, slug)
	}
	return problem, free, err
}

// SlugProblem says why an address cannot be had now, or "" when it is free. Registration decides for good.
func (s *Store) SlugProblem(ctx context.Context, slug string) (string, error) {
	if problem := checkSlug(slug); problem != "" {
		return problem, nil
	}
	free, err := s.FreeSlug(ctx, slug)
	if err == nil && free != slug {
		return violations["orgs_slug_unique"]["slug"], nil
	}
	return "", err
}

// FreeSlug returns the address itself when it is free, else one like it that is, such as acme-2; "" when there is none.
func (s *Store) FreeSlug(ctx context.Context, slug string) (string, error) {
	candidates := []string{slug}
	for n := 2; n < 30; n++ {
		candidates = append(candidates, fmt.Sprintf("%.45s-%d", slug, n))
	}
	candidates = slices.DeleteFunc(candidates, func(c string) bool { return checkSlug(c) != "" })
	free, err := value[string](ctx, s.ctl, `
		select coalesce((array_agg(c.slug order by c.place))[1], '')
		from unnest($1::text[]) with ordinality c (slug, place)
		where not exists (select from orgs o where o.slug = c.slug)`, candidates)
	return free, translate(err)
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

// CreateOrg makes another organisation for a user who has an account, and returns its address.
// Invalid when the name or the address cannot be used; TooMany after many in an hour.
func (s *Store) CreateOrg(ctx context.Context, owner uuid.UUID, org NewOrg) (slug string, err error) {
	org, err = s.normalizeOrg(ctx, org)
	if err != nil {
		return "", err
	}
	bad := Invalid{}
	org.check(bad)
	if err := bad.orNil(); err != nil {
		return "", err
	}
	if err := s.count(ctx, limit{"create-org:" + owner.String(), 20, time.Hour}); err != nil {
		return "", err
	}
	err = s.platformTx(ctx, func(tx pgx.Tx) error {
		_, err := s.createOrg(ctx, tx, org.Slug, org.Name, owner)
		return err
	})
	return org.Slug, err
}

// normalizeOrg is the organisation as it will be kept. Without an address it gets a free one, made from its name.
func (s *Store) normalizeOrg(ctx context.Context, org NewOrg) (NewOrg, error) {
	org.Name = normalizeName(org.Name)
	org.Slug = strings.TrimSpace(org.Slug)
	if org.Slug != "" || org.Name == "" {
		return org, nil
	}
	suggested := SuggestSlug(org.Name)
	if checkSlug(suggested) != "" {
		return org, nil
	}
	free, err := s.FreeSlug(ctx, suggested)
	org.Slug = free
	return org, err
}

func (o NewOrg) check(bad Invalid) {
	n := utf8.RuneCountInString(o.Name)
	switch {
	case n < 1 || n > 100:
		bad["org_name"] = "Give the organisation a name, up to 100 characters."
	case strings.ContainsFunc(o.Name, unicode.IsControl):
		bad["org_name"] = "Use letters, digits and signs only."
	}
	problem := checkSlug(o.Slug)
	if problem != "" && (o.Slug != "" || bad["org_name"] == "") { // without a name there is nothing to make an address from
		bad["slug"] = problem
	}
}
