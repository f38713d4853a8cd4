package store

import (
	"context"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Limits of a browser session.
const (
	SessionIdle     = 12 * time.Hour      // without a request
	SessionLifetime = 14 * 24 * time.Hour // in all
	SessionLimit    = 10                  // live ones of one user
)

// Keys of the values that a session carries for the store.
const (
	sessionUser          = "user_id"
	sessionEpoch         = "epoch"
	sessionDevice        = "device"
	sessionIP            = "ip"
	sessionAuthenticated = "authenticated_at"
)

// Visitor receives the user of a session when the session is loaded, so that a request needs one statement for both.
type Visitor struct {
	User  *User // nil when nobody is signed in
	Token string
}

type visitorKey struct{}

// WithVisitor prepares a request's context: loading its session fills the visitor.
func WithVisitor(ctx context.Context, v *Visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}

// WebSessions keeps browser sessions in PostgreSQL. It implements scs.CtxStore with two additions: loading a session
// also loads its user with their memberships, and a session that has ended can never come back, whatever a request
// that was under way commits afterwards.
type WebSessions struct{ store *Store }

// WebSessions returns the session store of this database.
func (s *Store) WebSessions() *WebSessions { return &WebSessions{store: s} }

var _ scs.CtxStore = (*WebSessions)(nil)

// sessionRow is a session with its user, as one statement brings them. The user's part is null when nobody is signed in.
type sessionRow struct {
	Data            []byte     `db:"data"`
	UserID          *uuid.UUID `db:"user_id"`
	Email           *string    `db:"email"`
	Name            *string    `db:"name"`
	Memberships     []byte     `db:"memberships"`
	Epoch           *int       `db:"session_epoch"`
	AuthenticatedAt *time.Time `db:"authenticated_at"`
	Unnoted         bool       `db:"unnoted"` // its last use was noted more than a minute ago
}

// FindCtx loads the session and, into the context's Visitor, its user. It notes the use, at most once a minute.
func (w *WebSessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	release, err := w.store.ctlReads.take(ctx, acquireWait)
	if err != nil {
		return nil, false, err
	}
	defer release()
	found, err := one[sessionRow](ctx, w.store.ctl, `
		select s.data, u.id as user_id, u.email, u.name, u.session_epoch, `+membershipsJSON+` as memberships, s.authenticated_at,
			s.last_used_at < now() - interval '1 minute' as unnoted
		from web_sessions s
		left join users u on u.id = s.user_id and u.session_epoch = s.epoch and u.disabled_at is null
		where s.token_hash = $1 and s.ended_at is null and s.expires_at > now() and s.last_used_at > now() - $2::interval`, token, SessionIdle)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, translate(err)
	}
	if found.Unnoted {
		if err := w.touch(ctx, token); err != nil {
			return nil, false, err
		}
	}
	if v, ok := ctx.Value(visitorKey{}).(*Visitor); ok && found.UserID != nil {
		row := userRow{ID: *found.UserID, Email: *found.Email, Name: *found.Name, Epoch: *found.Epoch, Memberships: found.Memberships}
		user, err := row.user()
		if err != nil {
			return nil, false, err
		}
		if found.AuthenticatedAt != nil {
			user.AuthenticatedAt = *found.AuthenticatedAt
		}
		v.User, v.Token = &user, token
	}
	return found.Data, true, nil
}

// touch notes that a session is in use.
func (w *WebSessions) touch(ctx context.Context, token string) error {
	_, err := w.store.ctl.Exec(ctx, `
		update web_sessions
		set last_used_at = now()
		where token_hash = $1 and ended_at is null and last_used_at < now() - interval '1 minute'`, token)
	return translate(err)
}

// CommitCtx writes the session. The tombstone of an ended session wins: the conflicting row is then left alone.
// A user's new session beyond the limit ends the one that was used least lately.
func (w *WebSessions) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	_, values, err := SessionCodec{}.Decode(data)
	if err != nil {
		return err
	}
	text := func(key string) string { s, _ := values[key].(string); return s }
	var user *uuid.UUID
	if id, err := uuid.Parse(text(sessionUser)); err == nil {
		user = &id
	}
	var authenticated *time.Time
	if micros, ok := values[sessionAuthenticated].(int64); ok {
		at := time.UnixMicro(micros)
		authenticated = &at
	}
	epoch, _ := values[sessionEpoch].(int64)
	if n, ok := values[sessionEpoch].(int); ok { // as sessions from before SessionCodec have it
		epoch = int64(n)
	}
	added, err := value[bool](ctx, w.store.ctl, `
		insert into web_sessions (token_hash, user_id, epoch, data, device, ip, authenticated_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (token_hash) do update
		set user_id = excluded.user_id, data = excluded.data, authenticated_at = excluded.authenticated_at,
			expires_at = excluded.expires_at
		where web_sessions.ended_at is null
		returning xmax = 0`, token, user, epoch, data, text(sessionDevice), text(sessionIP), authenticated, expires)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // the tombstone stood
	}
	if err == nil && added && user != nil {
		err = w.trim(ctx, *user)
	}
	return translate(err)
}

// trim ends a user's sessions beyond the limit. It runs after the new one is there, so of several logins at once the
// last to trim sees them all.
func (w *WebSessions) trim(ctx context.Context, user uuid.UUID) error {
	_, err := w.store.ctl.Exec(ctx, `
		update web_sessions set ended_at = now(), data = ''
		where ended_at is null and token_hash in (
			select token_hash
			from web_sessions
			where user_id = $1 and ended_at is null
			order by last_used_at desc, token_hash
			offset $2)`, user, SessionLimit)
	return err
}

// DeleteCtx ends the session and leaves its tombstone.
func (w *WebSessions) DeleteCtx(ctx context.Context, token string) error {
	_, err := w.store.ctl.Exec(ctx, `
		insert into web_sessions (token_hash, data, expires_at, ended_at)
		values ($1, '', now() + $2::interval, now())
		on conflict (token_hash) do update set ended_at = now(), data = ''
		where web_sessions.ended_at is null`, token, SessionLifetime)
	return translate(err)
}

// Find, Commit and Delete exist because scs.Store asks for them; scs calls the variants with a context.
func (w *WebSessions) Find(token string) ([]byte, bool, error) {
	return w.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (w *WebSessions) Commit(token string, data []byte, expires time.Time) error {
	return w.CommitCtx(context.Background(), token, data, expires)
}

// Delete is DeleteCtx without a context.
func (w *WebSessions) Delete(token string) error {
	return w.DeleteCtx(context.Background(), token)
}

// SignIn puts into a session what the store keeps beside it. The caller has renewed the token before.
func SignIn(ctx context.Context, sessions *scs.SessionManager, user User, from Place, at time.Time) {
	sessions.Put(ctx, sessionUser, user.ID.String())
	sessions.Put(ctx, sessionEpoch, user.epoch)
	sessions.Put(ctx, sessionDevice, from.Device)
	sessions.Put(ctx, sessionIP, from.Address)
	Reauthenticated(ctx, sessions, at)
}

// Reauthenticated notes when the password was entered.
func Reauthenticated(ctx context.Context, sessions *scs.SessionManager, at time.Time) {
	sessions.Put(ctx, sessionAuthenticated, at.UnixMicro())
}
