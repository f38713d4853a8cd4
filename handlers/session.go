package handlers

import (
	"net/http"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"surrealm/store"
)

// newSessions configures the session manager. The idle limit is the store's: it needs no write per request.
func newSessions(s *store.Store, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = s.WebSessions()
	m.Codec = store.SessionCodec{}
	m.HashTokenInStore = true
	m.Lifetime = store.SessionLifetime
	m.Cookie.Name = "session"
	if secure {
		m.Cookie.Name = "__Host-session"
	}
	m.Cookie.Secure = secure
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	return m
}

// session loads the session and its user, and saves it just before the response's header goes out.
func (h *Handlers) session(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		visitor := &store.Visitor{}
		ctx := store.WithVisitor(c.Request().Context(), visitor)
		token := ""
		if cookie, err := c.Cookie(h.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := h.sessions.Load(ctx, token)
		if err != nil {
			return err
		}
		c.SetRequest(c.Request().WithContext(ctx))
		c.Set(visitorKey, visitor)
		header := c.Response().Header()
		header.Add("Vary", "Cookie")
		header.Set("Cache-Control", "no-store") // pages show who is signed in, error pages too
		c.Response().Before(func() { h.saveSession(c) })
		return next(c)
	}
}

// saveSession commits a changed session and sets its cookie. When it cannot be saved, the response becomes an error:
// a login that is not kept must not look like one.
func (h *Handlers) saveSession(c echo.Context) {
	ctx, w := c.Request().Context(), c.Response()
	switch h.sessions.Status(ctx) {
	case scs.Modified:
		token, expires, err := h.sessions.Commit(ctx)
		if err != nil && gone(c) && byLeaving(err) {
			return
		} else if err != nil {
			h.log.ErrorContext(ctx, "session not saved", "err", err, "request_id", requestIDOf(c))
			w.Header().Del(echo.HeaderLocation)
			w.Status = http.StatusInternalServerError
			return
		}
		h.sessions.WriteSessionCookie(ctx, w, token, expires)
	case scs.Destroyed:
		h.sessions.WriteSessionCookie(ctx, w, "", h.now().AddDate(0, 0, -1))
	}
}

const visitorKey = "visitor"

// currentUser is the signed-in user, or nil.
func currentUser(c echo.Context) *store.User {
	visitor, ok := c.Get(visitorKey).(*store.Visitor)
	if !ok {
		return nil
	}
	return visitor.User
}

// currentSession is the hash of this session's token, which names it in the list of sessions.
func currentSession(c echo.Context) string {
	visitor, ok := c.Get(visitorKey).(*store.Visitor)
	if !ok {
		return ""
	}
	return visitor.Token
}

// signIn starts a signed-in session with a new token: one that was known before the login is worth nothing after it.
func (h *Handlers) signIn(c echo.Context, user store.User) error {
	ctx := c.Request().Context()
	if err := h.sessions.RenewToken(ctx); err != nil {
		return err
	}
	store.SignIn(ctx, h.sessions, user, placeOf(c), h.now())
	return nil
}

// renewSession gives the session of a user who gained a right a new token. When the password was entered stays as it was.
func (h *Handlers) renewSession(c echo.Context) error {
	ctx, user := c.Request().Context(), currentUser(c)
	if err := h.sessions.RenewToken(ctx); err != nil {
		return err
	}
	store.SignIn(ctx, h.sessions, *user, placeOf(c), user.AuthenticatedAt)
	return nil
}

// stepUp makes sure that the person who signs knows the password: it was entered in the last minutes, or is entered
// again now. Invalid on "password" when it is not right.
func (h *Handlers) stepUp(c echo.Context, password string) error {
	if !h.needsPassword(c) {
		return nil
	}
	user, ctx := currentUser(c), c.Request().Context()
	if err := h.store.ConfirmPassword(ctx, user.ID, password, c.RealIP()); err != nil {
		return err
	}
	user.AuthenticatedAt = h.now()
	store.Reauthenticated(ctx, h.sessions, user.AuthenticatedAt)
	return nil
}

// needsPassword says whether stepUp will ask: the form then shows views.PasswordAgain.
func (h *Handlers) needsPassword(c echo.Context) bool {
	return !currentUser(c).Fresh(h.now())
}

// placeOf is where a request comes from.
func placeOf(c echo.Context) store.Place {
	return store.Place{Address: c.RealIP(), Device: device(c)}
}

// device is the browser's name for itself, cut to a length that a list can show.
func device(c echo.Context) string {
	agent := c.Request().UserAgent()
	if len(agent) > 200 {
		agent = agent[:200]
	}
	return agent
}
