package handlers

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"surrealm/views"
)

// This is the only file that knows htmx's headers.

// isFragment says that htmx asks for a region to swap in. A boosted link or a restored history entry wants a page.
func isFragment(c echo.Context) bool {
	header := c.Request().Header
	return header.Get("HX-Request") == "true" && header.Get("HX-Boosted") != "true" && header.Get("HX-History-Restore-Request") != "true"
}

// show answers with a region: alone for htmx, inside the frame as a page.
func (h *Handlers) show(c echo.Context, status int, title string, region templ.Component) error {
	if !isFragment(c) {
		region = views.Page(h.frame(c, title), region)
	}
	return h.write(c, status, region)
}

// write renders into a buffer first, so that a failing template never leaves half a page.
func (h *Handlers) write(c echo.Context, status int, component templ.Component) error {
	buf := templ.GetBuffer()
	defer templ.ReleaseBuffer(buf)
	if err := component.Render(c.Request().Context(), buf); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	c.Response().Header().Add("Vary", "HX-Request")
	return c.HTMLBlob(status, buf.Bytes())
}

// redirect answers a change with the page that shows it. notice appears there once; "" shows nothing.
func (h *Handlers) redirect(c echo.Context, to, notice string) error {
	if notice != "" {
		h.sessions.Put(c.Request().Context(), "notice", notice)
	}
	if isFragment(c) {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// toLogin answers who is not signed in with the login, which leads back to the page.
func (h *Handlers) toLogin(c echo.Context) error {
	if isFragment(c) {
		c.Response().Header().Set("HX-Redirect", loginURL(c))
		return c.NoContent(http.StatusUnauthorized)
	}
	return c.Redirect(http.StatusSeeOther, loginURL(c))
}

// redirectWithUndo is redirect with a notice that can take the change back: by a form to action with these values.
func (h *Handlers) redirectWithUndo(c echo.Context, to, notice, action string, values url.Values) error {
	h.sessions.Put(c.Request().Context(), "undo", action+"?"+values.Encode())
	return h.redirect(c, to, notice)
}

// toast adds a short notice to a fragment's answer.
func toast(c echo.Context, text string) {
	c.Response().Header().Set("HX-Trigger", views.ToastEvent("good", text))
}

// undoToast is a notice with a button that presses the page's undo button.
func undoToast(c echo.Context, text string) {
	c.Response().Header().Set("HX-Trigger", views.ActionToastEvent("info", text+".", "Undo", "#undo"))
}

// replaceURL puts the address of what a fragment shows into the browser, in the place of the one that is there.
func replaceURL(c echo.Context, url string) {
	c.Response().Header().Set("HX-Replace-Url", url)
}

// swapInto lets an error's answer go into the page instead of to the toasts. how is htmx's name of the way, such as
// outerHTML.
func swapInto(c echo.Context, selector, how string) {
	c.Response().Header().Set("HX-Retarget", selector)
	c.Response().Header().Set("HX-Reswap", how)
}
