package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ChangeRealmType changes who may see a realm that is at the revision which its owner saw. Conflict when it is not, when the
// realm is not open, or when it would turn PRIVATE over the heads of its members.
func (t *Tenant) ChangeRealmType(ctx context.Context, slug string, revision int, to RealmType) error {
	if !slices.Contains(RealmTypes, to) {
		return Invalid{"type": violations["realms_type"]["type"]}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		found, err := t.realmAs(ctx, tx, slug, RealmOwner)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `select gate.change_realm_type($1, $2, $3)`, found.ID, revision, to); err != nil {
			return err
		}
		found.Listed = found.Listed && to == PublicRealm
		return t.audit(ctx, tx, RealmTypeChanged, found.object(), Details{"from": string(found.Type), "to": string(to)})
	})
}

// A RealmMove is a step in a realm's life.
type RealmMove struct {
	From, To RealmStatus
	Action   Action
}

// The moves of a realm. What is archived is read and not changed.
var (
	ArchiveRealm = RealmMove{RealmIsOpen, RealmIsArchived, RealmArchived}
	ReopenRealm  = RealmMove{RealmIsArchived, RealmIsOpen, RealmReopened}
	KeepRealm    = RealmMove{RealmIsDeleting, RealmIsOpen, RealmDeletionCancelled}
)

// MoveRealm takes a step, if the realm is where the step starts; otherwise, and for the realm that takes the owner's
// captures, a Conflict.
func (t *Tenant) MoveRealm(ctx context.Context, slug string, step RealmMove) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		found, err := t.realmAs(ctx, tx, slug, RealmOwner)
		if err != nil {
			return err
		}
		return t.moveRealm(ctx, tx, found, step)
	})
}

func (t *Tenant) moveRealm(ctx context.Context, tx pgx.Tx, found Realm, step RealmMove) error {
	if _, err := tx.Exec(ctx, `select gate.move_realm($1, $2, $3)`, found.ID, step.From, step.To); err != nil {
		return err
	}
	if step.To == RealmIsOpen { // another model may have been taken while nobody could add to it
		if err := embedSoon(ctx, tx); err != nil {
			return err
		}
	}
	return t.audit(ctx, tx, step.Action, Object{Type: "realm", ID: found.ID}, nil)
}

// DeleteRealm plans the deletion of a realm, open or archived, in seven days; only its owner sees it until then. typed must
// be its name, as a person's confirmation.
func (t *Tenant) DeleteRealm(ctx context.Context, slug, typed string) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		found, err := t.realmAs(ctx, tx, slug, RealmOwner)
		if err != nil {
			return err
		}
		if strings.TrimSpace(typed) != found.Name {
			return Invalid{"confirm": fmt.Sprintf("Type “%s” to confirm.", found.Name)}
		}
		return t.moveRealm(ctx, tx, found, RealmMove{found.Status, RealmIsDeleting, RealmDeletionPlanned})
	})
}

// ChooseDefaultRealm makes an open realm of this member's the one that their captures go to.
func (t *Tenant) ChooseDefaultRealm(ctx context.Context, slug string) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		found, err := t.realmAs(ctx, tx, slug, RealmOwner)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `select gate.choose_default_realm($1)`, found.ID); err != nil {
			return err
		}
		return t.audit(ctx, tx, RealmMadeDefault, found.object(), nil)
	})
}
