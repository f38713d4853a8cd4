package store

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The errors that carry a meaning across the store's boundary; handlers turn each into one status.
var (
	// ErrNotFound: it does not exist, or the caller may not know that it does.
	ErrNotFound = errors.New("not found")
	// ErrForbidden: the caller may know it, but not do this.
	ErrForbidden = errors.New("not allowed")
	// ErrConflict: somebody else was first; the caller has to look again.
	ErrConflict = errors.New("conflict")
	// ErrBusy: no connection was free in time, or the database is away; the same call may work later.
	ErrBusy = errors.New("busy")
	// ErrUpgrading: the organisation's tables are older than this program; `surrealm migrate` is due or under way.
	ErrUpgrading = errors.New("organisation is being upgraded")
)

// Invalid holds what is wrong with an input: a plain sentence for each field. The key "" is about the whole.
type Invalid map[string]string

// Error lists the fields, for a log.
func (bad Invalid) Error() string {
	lines := make([]string, 0, len(bad))
	for field, message := range bad {
		lines = append(lines, field+": "+message)
	}
	sort.Strings(lines)
	return "invalid input: " + strings.Join(lines, "; ")
}

// orNil is bad as an error, and nil when nothing is wrong.
func (bad Invalid) orNil() error {
	if len(bad) == 0 {
		return nil
	}
	return bad
}

// Conflict is ErrConflict with a sentence that says what is in the way.
type Conflict struct{ Reason string }

// Error is the reason.
func (c Conflict) Error() string { return c.Reason }

// Is makes errors.Is(err, ErrConflict) true.
func (c Conflict) Is(target error) bool { return target == ErrConflict }

// violations maps the named constraints that a person can run into to the field and the sentence to show.
// The database is the last judge of these rules; a constraint that is not named here is a defect of ours.
var violations = map[string]Invalid{
	"orgs_slug_unique":             {"slug": "This address is taken. Choose another."},
	"orgs_schema_name_unique":      {"slug": "This address is taken. Choose another."},
	"orgs_slug_form":               {"slug": "Use 3 to 48 lower-case letters, digits and single hyphens."},
	"orgs_slug_reserved":           {"slug": "This address is reserved. Choose another."},
	"orgs_name_length":             {"name": "Use 1 to 100 characters."},
	"orgs_approvals_needed_range":  {"approvals_needed": "Choose 1 to 5."},
	"users_email_unique":           {"email": "There is an account with this e-mail address. Log in instead."},
	"users_email_form":             {"email": "Enter an e-mail address, such as ada@example.com."},
	"users_name_length":            {"name": "Use 1 to 100 characters."},
	"invitations_one_open":         {"email": "This address is invited already. Send that invitation again instead."},
	"invitations_role":             {"role": "Choose a role from the list."},
	"invitations_not_member":       {"email": "This person is a member already."},
	"memberships_one_owner":        {"": "An organisation needs an owner. Transfer the ownership first."},
	"memberships_role":             {"role": "Choose a role from the list."},
	"sop_signatures_not_by_author": {"": "Nobody certifies their own work. Ask another reviewer."},
	"signals_external_id_once":     {"external_id": "Another signal of this realm has this id."},
	"signals_shared_visibly":       {"visibility": "It is shared with other realms. Take it back from them first."},
	"saved_views_name_once":        {"name": "You have a view of this name. Choose another."},
	"reviews_not_by_author":        {"": "Nobody reviews their own work. Ask another reviewer."},
	"realms_slug_once":             {"slug": "This address is taken in the organisation. Choose another."},
	"realms_slug":                  {"slug": "Use lower-case letters, digits and single hyphens, at most 100."},
	"realms_slug_reserved":         {"slug": "This address is reserved. Choose another."},
	"realms_name_length":           {"name": "Use 1 to 100 characters."},
	"realms_description_length":    {"description": "Use at most 5,000 characters."},
	"realms_type":                  {"type": "Choose a type from the list."},
	"llm_accounts_name_once":       {"name": "Another language model has this name. Choose another."},
}

// inTheWay maps the named constraints that somebody who was faster runs one into to the sentence to show.
var inTheWay = map[string]string{
	"sop_evidence_once":                "It is attached already.",
	"cluster_runs_one_open":            "A search of this kind is under way in this realm. Wait for it, or stop it first.",
	"syntheses_one_open":               "A text of this kind is being written already. Wait for it, or stop it first.",
	"sop_signatures_one_certification": "You have signed this version already.",
	"reviews_one_verdict":              "You have reviewed this revision already.",
	"sops_one_certified_per_line":      "Another version of this procedure was certified meanwhile.",
	"sops_previous_hash":               "A later version builds on this one.",
}

// translate turns an error of the driver into one of ours. It is the only place that knows SQLSTATEs.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	var refused *pgconn.ConnectError
	if errors.As(err, &refused) {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	if bad, ok := violations[pg.ConstraintName]; ok {
		return bad
	}
	if reason, ok := inTheWay[pg.ConstraintName]; ok {
		return Conflict{Reason: reason}
	}
	switch pg.Code {
	case "55000":
		return Conflict{Reason: pg.Message}
	case "SR404":
		return ErrNotFound
	case "SR403":
		return fmt.Errorf("%w: %s", ErrForbidden, pg.Message)
	case "SR409":
		return Conflict{Reason: pg.Message}
	case "55P03", "57014", "57P01", "57P03", "53300", "53100": // lock or statement time-out, shutdown, too many connections, disk full
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

// retryable says that nothing of the transaction took place and that the same one may succeed: a deadlock, a
// serialisation failure, or a statement prepared before a migration changed its tables.
func retryable(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	switch pg.Code {
	case "40001", "40P01", "26000":
		return true
	case "23505": // two first signatures of one person at once: the second finds the key that the first made
		return pg.ConstraintName == "signing_keys_one_live_per_user"
	case "0A000":
		return strings.Contains(pg.Message, "cached plan")
	}
	return false
}
