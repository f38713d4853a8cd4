package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// frame gathers what surrounds a page. It costs no statement: user and memberships came with the session.
func (h *Handlers) frame(c echo.Context, title string) views.Frame {
	frame := views.Frame{Title: title, Flash: h.notice(c)}
	user := currentUser(c)
	if user == nil {
		return frame
	}
	t := tenantOf(c)
	frame.User = views.FrameUser{Name: user.Name, Email: user.Email}
	for _, m := range user.Memberships {
		frame.Orgs = append(frame.Orgs, views.OrgLink{
			Name: m.OrgName, Role: m.Role.Label(), Href: views.OrgURL(m.OrgSlug), Current: t != nil && t.Org.ID == m.OrgID,
		})
	}
	if t == nil {
		frame.Nav = views.AccountNav(c.Request().URL.Path, frame.Orgs)
	} else {
		frame.Org = frameOrg(t)
		frame.Nav = views.OrgNav(t.Org.Slug, c.Request().URL.Path, frame.Org.Can)
		if waiting, known := c.Get(waitingKey).(int); known {
			frame.Nav = views.WithWaiting(frame.Nav, waiting)
		}
	}
	return frame
}

const waitingKey = "waiting"

// knowWaiting tells the navigation how many proposals wait for the member. Pages whose own statement brings the number
// call it; on the others the navigation asks for it after the page.
func knowWaiting(c echo.Context, n int) { c.Set(waitingKey, n) }

func frameOrg(t *store.Tenant) *views.FrameOrg {
	return &views.FrameOrg{
		Slug: t.Org.Slug, Name: t.Org.Name, Role: string(t.Role), DeleteAfter: t.Org.DeleteAfter,
		Can: views.FrameCan{
			WriteSurrogates: t.Can(store.WriteSurrogates),
			WriteSOPs:       t.Can(store.WriteSOPs),
			ReviewSOPs:      t.Can(store.ReviewSOPs),
			ReadAudit:       t.Can(store.ReadAudit),
			ManageMembers:   t.Can(store.ManageMembers),
			ManageOrg:       t.Can(store.ManageOrg),
			OwnKeys:         t.Can(store.ManageOwnKeys),
			UseRealms:       t.Can(store.UseRealms),
		},
	}
}

// notice takes the message that the page before left, once.
func (h *Handlers) notice(c echo.Context) *views.Toast {
	if c.Get(visitorKey) == nil { // outside of the session middleware, such as /healthz
		return nil
	}
	if c.Request().Method == http.MethodHead || !h.sessions.Exists(c.Request().Context(), "notice") { // nobody reads it by HEAD
		return nil
	}
	flash := &views.Toast{Tone: "good", Text: h.sessions.PopString(c.Request().Context(), "notice")}
	if undo := h.sessions.PopString(c.Request().Context(), "undo"); undo != "" {
		flash.Undo, _ = url.Parse(undo) // we wrote it
	}
	return flash
}

// home leads to where a person works: their organisation, the choice between several, or the login.
func (h *Handlers) home(c echo.Context) error {
	user := currentUser(c)
	if user == nil {
		return h.redirect(c, views.LoginURL(), "")
	}
	return h.redirect(c, afterLogin(*user, ""), "")
}
