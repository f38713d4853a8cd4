package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/orgfile"
)

// people lets the members in again. Ids stay, because history and signatures name them: who has no account under that id gets
// one with the address that the organisation knows, and without a password that anybody knows, so they begin with "Forgot
// password". When another account has the address, the person stays in the history as a former member, and is invited anew.
func (r *restore) people(ctx context.Context) error {
	unusable, err := argon2id.CreateHash(rand.Text(), PasswordCost)
	if err != nil {
		return err
	}
	for _, row := range r.File.Rows["memberships"] {
		var member struct {
			User uuid.UUID `json:"user_id"`
		}
		if err := json.Unmarshal(row, &member); err != nil {
			return orgfile.ErrFormat
		}
		has, err := r.account(ctx, member.User, unusable)
		switch {
		case err != nil:
			return err
		case has:
			err = r.insert(ctx, "memberships", row, nil)
		default:
			err = r.former(ctx, member.User)
		}
		if err != nil {
			return err
		}
	}
	if r.Owner != "" {
		if err := r.owner(ctx); err != nil {
			return err
		}
	}
	owned, err := value[bool](ctx, r.tx, `
		select exists (select from public.memberships m join public.users u on u.id = m.user_id
			where m.org_id = $1 and m.role = 'OWNER' and m.state = 'ACTIVE' and u.disabled_at is null)`, r.id)
	if err != nil {
		return err
	}
	if !owned {
		return Conflict{Reason: "none of its owners has an account here: name one that shall own it"}
	}
	_, err = r.tx.Exec(ctx, `select gate.refresh_realms($1, $2, m.user_id) from public.memberships m where m.org_id = $2`, r.schema, r.id)
	return err
}

// account says whether the person has an account here, after making one if that is possible.
func (r *restore) account(ctx context.Context, user uuid.UUID, password string) (bool, error) {
	has, err := value[bool](ctx, r.tx, `select exists (select from public.users where id = $1)`, user)
	if err != nil || has {
		return has, err
	}
	email, err := value[string](ctx, r.tx, `select email from `+quoted(r.schema)+`.people where user_id = $1`, user)
	if err != nil {
		return false, err
	}
	made, err := exec(ctx, r.tx, `
		insert into public.users (id, email, name, password_hash)
		select user_id, email, left(display_name, 100), $2 from `+quoted(r.schema)+`.people where user_id = $1
		on conflict (email) do nothing`, user, password)
	if made == 1 {
		r.done.Made = append(r.done.Made, email)
	} else {
		r.done.Former = append(r.done.Former, email)
	}
	return made == 1, err
}

// former marks a member who cannot come back: the name stays, and so do the realms they own, which an owner or admin of the
// organisation hands over.
func (r *restore) former(ctx context.Context, user uuid.UUID) error {
	_, err := r.tx.Exec(ctx, `update `+quoted(r.schema)+`.people set state = 'LEFT', left_at = now() where user_id = $1`, user)
	if err == nil {
		_, err = r.tx.Exec(ctx, `update `+quoted(r.schema)+`.realms_users set state = 'LEFT', ended_at = now(), updated_at = now()
			where user_id = $1 and role <> 'OWNER' and state in ('INVITED', 'ACTIVE')`, user)
	}
	return err
}

// owner makes an account of this installation an owner.
func (r *restore) owner(ctx context.Context) error {
	user, err := value[uuid.UUID](ctx, r.tx, `select id from public.users where email = $1 and disabled_at is null`, NormalizeEmail(r.Owner))
	if errors.Is(err, pgx.ErrNoRows) {
		return Invalid{"owner": "No account here has this address."}
	}
	if err != nil {
		return err
	}
	_, err = r.tx.Exec(ctx, `
		insert into public.memberships (org_id, user_id, role) values ($1, $2, 'OWNER')
		on conflict (org_id, user_id) do update set role = 'OWNER', state = 'ACTIVE'`, r.id, user)
	if err != nil {
		return err
	}
	_, err = r.tx.Exec(ctx, `
		insert into `+quoted(r.schema)+`.people (user_id, display_name, email, org_role, state)
		select id, name, email, 'OWNER', 'ACTIVE' from public.users where id = $1
		on conflict (user_id) do update set org_role = 'OWNER', state = 'ACTIVE', left_at = null`, user)
	if err != nil {
		return err
	}
	_, err = r.tx.Exec(ctx, `select gate.add_default_realm($1, $2, $3)`, r.schema, r.id, user)
	return err
}
