package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ShareScope says how far a signal goes in a realm that it was opted into. Each includes the one before.
type ShareScope string

// The scopes.
const (
	ShareToRead       ShareScope = "READ"
	ShareToCluster    ShareScope = "CLUSTER"
	ShareToSynthesise ShareScope = "SYNTHESIS"
)

// ShareScopes are all of them, the narrowest first.
var ShareScopes = []ShareScope{ShareToRead, ShareToCluster, ShareToSynthesise}

// Label is the scope in plain words.
func (s ShareScope) Label() string {
	return map[ShareScope]string{
		ShareToRead: "May be read", ShareToCluster: "May be read and grouped", ShareToSynthesise: "May be read, grouped and drawn on",
	}[s]
}

// SignalShare is a signal opted into another realm.
type SignalShare struct {
	RealmSlug string     `db:"realm_slug"`
	RealmName string     `db:"realm_name"`
	Scope     ShareScope `db:"scope"`
	GrantedBy string     `db:"granted_by"`
	Endable   bool       `db:"endable"` // by this reader
}

// signalShares returns where a signal is shared, as far as the reader knows those realms.
func signalShares(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]SignalShare, error) {
	return many[SignalShare](ctx, tx, `
		select r.slug as realm_slug, r.name as realm_name, x.scope, p.display_name as granted_by,
			`+mayEdit+` or x.granted_by = current_setting('app.user_id')::uuid
				or x.target_realm_id = any (current_setting('app.realms_own')::uuid[]) as endable
		from signal_shares x
		join signals s on s.realm_id = x.realm_id and s.id = x.signal_id
		join realms r on r.id = x.target_realm_id
		join people p on p.user_id = x.granted_by
		where x.signal_id = $1
		order by r.name`, id)
}

// ShareSignal opts a signal into another realm that the member may add to, or changes how far it goes there.
func (t *Tenant) ShareSignal(ctx context.Context, id uuid.UUID, realm string, scope ShareScope) error {
	if scope.Label() == "" {
		return Invalid{"scope": "Choose how far it goes."}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		target, err := writableRealm(ctx, tx, realm)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `select gate.share_signal($1, $2, $3, $4)`, newID(), id, target, scope); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalShared, Object{"signal", id, ""}, Details{"scope": string(scope)})
	})
}

// RevokeShare takes a signal back from another realm. It is gone there at once, with all that was built on it.
func (t *Tenant) RevokeShare(ctx context.Context, id uuid.UUID, realm string) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		target, err := value[uuid.UUID](ctx, tx, `select id from realms where slug = $1`, realm)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `select gate.revoke_share($1, $2)`, id, target); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalShareRevoked, Object{"signal", id, ""}, nil)
	})
}
