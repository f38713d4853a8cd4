package handlers

import (
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// rememberSent is rememberForm for every request that may bring a form without files; bindForm does so for the others, which
// are large and read when their handler is ready.
func rememberSent(c echo.Context) error {
	request := c.Request()
	if reads(request) || strings.HasPrefix(request.Header.Get("Content-Type"), "multipart/") {
		return nil
	}
	if err := parseBody(request); err != nil {
		return err
	}
	rememberForm(c)
	return nil
}

// rememberForm lets a form that carries a key be carried out once. What was typed is a part of the key: who goes back and
// sends something else has sent another form.
func rememberForm(c echo.Context) {
	request := c.Request()
	rendered, err := uuid.Parse(request.PostForm.Get(views.FormKeyField))
	if err != nil {
		return
	}
	key := uuid.NewSHA1(rendered, []byte(request.URL.Path+"?"+request.PostForm.Encode()+fileFacts(request.MultipartForm)))
	c.SetRequest(request.WithContext(store.WithFormKey(request.Context(), key)))
}

// fileFacts tells uploads apart without reading them again.
func fileFacts(form *multipart.Form) string {
	if form == nil {
		return ""
	}
	facts := url.Values{}
	for field, files := range form.File {
		for _, file := range files {
			facts.Add(field, fmt.Sprintf("%s %d", file.Filename, file.Size))
		}
	}
	return "&" + facts.Encode()
}

// showRepeated leads to what a form made when it was sent the first time.
func (h *Handlers) showRepeated(c echo.Context, again store.Repeated) error {
	to := views.MadeURL(c.Param("org"), again)
	if to == "" {
		to = cameFrom(c)
	}
	return h.redirect(c, to, "This was sent before, and is saved once.")
}

// cameFrom is the page of this site on which a form stood, or the overview of its organisation.
func cameFrom(c echo.Context) string {
	from, err := url.Parse(c.Request().Header.Get("Referer"))
	if err == nil && from.Host == c.Request().Host && strings.HasPrefix(from.Path, views.OrgURL(c.Param("org"))) {
		return (&url.URL{Path: from.Path, RawQuery: from.RawQuery}).String()
	}
	return views.OrgURL(c.Param("org"))
}
