package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listTags(c echo.Context, t *store.Tenant) error {
	return h.showTags(c, t, http.StatusOK, views.TagListView{Query: clean(c.QueryParam("q")), Rename: clean(c.QueryParam("rename"))})
}

func (h *Handlers) showTags(c echo.Context, t *store.Tenant, status int, v views.TagListView) error {
	tags, err := t.Tags(c.Request().Context(), v.Query)
	if err != nil {
		return err
	}
	v.Org, v.Can, v.Tags = t.Org.Slug, frameOrg(t).Can, tags
	for _, tag := range tags {
		if tag.Tag == v.Rename {
			v.Renamed = tag
		}
	}
	if v.Renamed.Tag == "" || !v.Can.UseRealms {
		v.Rename = ""
	}
	return h.show(c, status, "Tags", views.TagList(v))
}

func (h *Handlers) renameTag(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.TagRenameForm](c)
	if err != nil {
		return err
	}
	changed, err := t.RenameTag(c.Request().Context(), form.From, form.To)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showTags(c, t, http.StatusUnprocessableEntity, views.TagListView{Query: form.From, Rename: form.From, To: form.To, Bad: bad})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.TagsURL(t.Org.Slug), fmt.Sprintf("The tag changed on %s.", signalsText(changed)))
}

// suggestTags answers a field with the tags that contain the letters after its last comma.
func (h *Handlers) suggestTags(c echo.Context, t *store.Tenant) error {
	letters := ""
	for _, name := range []string{"q", "tag", "bulk_tag", "to"} {
		letters += clean(c.QueryParam(name))
	}
	before, last := "", letters
	if at := strings.LastIndex(letters, ","); at >= 0 {
		before, last = strings.TrimSpace(letters[:at+1])+" ", letters[at+1:]
	}
	tags, err := t.Tags(c.Request().Context(), strings.TrimSpace(last))
	if err != nil {
		return err
	}
	options := make([]string, 0, 20)
	for _, tag := range tags[:min(len(tags), 20)] {
		options = append(options, before+tag.Tag)
	}
	return h.write(c, http.StatusOK, views.TagOptions(options))
}
