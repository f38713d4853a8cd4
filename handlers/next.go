package handlers

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"surrealm/views"
)

// nextPages are the first parts of the paths to which a login may lead on: pages that are opened, never actions.
var nextPages = []string{"o", "orgs", "account", "invitations"}

// safeNext is the local page that next names, or "" when it names none. What a browser would take for another site, or
// for a page that is none of ours, is refused: the rest is built anew from its parts and not passed on as it came.
func safeNext(next string) string {
	if !strings.HasPrefix(next, "/") || strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return ""
	}
	parsed, err := url.Parse(next)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || parsed.User != nil || parsed.Opaque != "" {
		return ""
	}
	clean := path.Clean(parsed.Path)
	if clean != parsed.Path || strings.ContainsFunc(clean, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }) {
		return ""
	}
	first, _, _ := strings.Cut(clean[1:], "/")
	if !slices.Contains(nextPages, first) {
		return ""
	}
	return (&url.URL{Path: clean, RawQuery: parsed.Query().Encode()}).String()
}

// loginURLTo is the login that leads on to a page.
func loginURLTo(next string) string {
	if next = safeNext(next); next == "" {
		return views.LoginURL()
	}
	return views.LoginURL() + "?next=" + url.QueryEscape(next)
}
