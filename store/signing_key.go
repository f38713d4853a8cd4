package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/seal"
	"surrealm/store/signature"
)

// SigningKey is the public half of a person's key in this organisation, with its history. A person has at most one
// live key; it is made when they first sign.
type SigningKey struct {
	ID           uuid.UUID  `db:"id"`
	UserID       uuid.UUID  `db:"user_id"`
	Owner        string     `db:"owner"`
	PublicKey    []byte     `db:"public_key"`
	Fingerprint  string     `db:"fingerprint"`
	Signatures   int        `db:"signatures"` // how many it has made
	CreatedAt    time.Time  `db:"created_at"`
	RetiredAt    *time.Time `db:"retired_at"`
	RevokedAt    *time.Time `db:"revoked_at"`
	RevokeReason string     `db:"revoke_reason"`
}

// Key is the key as package signature knows it.
func (k SigningKey) Key() signature.Key {
	key := signature.Key{Public: k.PublicKey, Owner: k.UserID.String(), RevokeReason: k.RevokeReason}
	if k.RetiredAt != nil {
		key.RetiredAt = *k.RetiredAt
	}
	if k.RevokedAt != nil {
		key.RevokedAt = *k.RevokedAt
	}
	return key
}

// SigningKeys lists the keys of everybody in the organisation: live ones first, then the newest.
func (t *Tenant) SigningKeys(ctx context.Context) ([]SigningKey, error) {
	return readAll[SigningKey](ctx, t, `
			select k.id, k.user_id, p.display_name as owner, k.public_key, k.fingerprint,
				(select count(*) from sop_signatures s where s.key_id = k.id) as signatures,
				k.created_at, k.retired_at, k.revoked_at, k.revoke_reason
			from signing_keys k
			join people p on p.user_id = k.user_id
			order by k.retired_at is null and k.revoked_at is null desc, k.created_at desc, k.id`)
}

// RotateKey replaces the own live key by a new one. What the old key signed stays good.
func (t *Tenant) RotateKey(ctx context.Context) error {
	data, err := t.dataKey(ctx)
	if err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update signing_keys set retired_at = now()
			where user_id = $1 and retired_at is null and revoked_at is null`, t.User.ID)
		if err != nil {
			return err
		}
		key, err := t.makeKey(ctx, tx, data)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, KeyRotated, Object{"signing_key", key.id, signature.Fingerprint(key.private.Public())}, nil)
	})
}

// RevokeKey says that an own key is not to be trusted. Everything that it signed is marked from now on.
// Invalid without a reason; ErrNotFound when the key is not the member's own; Conflict when it is revoked already.
func (t *Tenant) RevokeKey(ctx context.Context, id uuid.UUID, reason string) error {
	reason = strings.TrimSpace(reason)
	if n := len([]rune(reason)); n < 1 || n > 2000 {
		return Invalid{"reason": "Say why, in up to 2,000 characters. Everybody who relied on this key will read it."}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		type row struct {
			Fingerprint string     `db:"fingerprint"`
			RevokedAt   *time.Time `db:"revoked_at"`
		}
		found, err := one[row](ctx, tx, `
			select fingerprint, revoked_at from signing_keys where id = $1 and user_id = $2 for update`, id, t.User.ID)
		if err != nil {
			return err
		}
		if found.RevokedAt != nil {
			return Conflict{Reason: "This key is revoked already."}
		}
		_, err = tx.Exec(ctx, `update signing_keys set revoked_at = now(), revoke_reason = $2 where id = $1`, id, reason)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, KeyRevoked, Object{"signing_key", id, found.Fingerprint}, Details{"reason": reason})
	})
}

// ownKey is the member's live key, opened for one use.
type ownKey struct {
	id      uuid.UUID
	private signature.PrivateKey
	fresh   bool // made just now
}

// liveKey opens the member's live key, or makes one at its first use. The person's row in people is not locked: of two
// first uses at once, the unique index lets one win, and the other is tried again.
func (t *Tenant) liveKey(ctx context.Context, tx pgx.Tx, data seal.DataKey) (ownKey, error) {
	type row struct {
		ID     uuid.UUID `db:"id"`
		Sealed []byte    `db:"sealed_private_key"`
	}
	found, err := one[row](ctx, tx, `
		select id, sealed_private_key from signing_keys
		where user_id = $1 and retired_at is null and revoked_at is null`, t.User.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return t.makeKey(ctx, tx, data)
	}
	if err != nil {
		return ownKey{}, err
	}
	secret, err := data.Open(t.keyPlace(found.ID), found.Sealed)
	if err != nil {
		return ownKey{}, err
	}
	private, err := signature.ParsePrivateKey(secret)
	return ownKey{id: found.ID, private: private}, err
}

func (t *Tenant) makeKey(ctx context.Context, tx pgx.Tx, data seal.DataKey) (ownKey, error) {
	private, err := signature.GenerateKey()
	if err != nil {
		return ownKey{}, err
	}
	key := ownKey{id: newID(), private: private, fresh: true}
	sealed, err := data.Seal(t.keyPlace(key.id), private.Bytes())
	if err != nil {
		return ownKey{}, err
	}
	_, err = tx.Exec(ctx, `
		insert into signing_keys (id, user_id, public_key, sealed_private_key, fingerprint)
		values ($1, $2, $3, $4, $5)`,
		key.id, t.User.ID, []byte(private.Public()), sealed, signature.Fingerprint(private.Public()))
	return key, err
}

// keyPlace binds a sealed key to its row.
func (t *Tenant) keyPlace(id uuid.UUID) seal.AAD {
	return seal.AAD{Org: t.Org.ID.String(), Table: "signing_keys", Column: "sealed_private_key", Row: id.String()}
}

// dataKey unwraps the organisation's data key. It is read on the platform's pool, before the tenant is entered: a
// tenant's role never sees it, wrapped or not.
func (t *Tenant) dataKey(ctx context.Context) (seal.DataKey, error) {
	wrapped, err := value[[]byte](ctx, t.store.ctl, `select wrapped_key from org_keys where org_id = $1`, t.Org.ID)
	if err != nil {
		return seal.DataKey{}, translate(err)
	}
	return t.store.master.Open(t.Org.ID.String(), wrapped)
}
