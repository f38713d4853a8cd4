package handlers_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/hostiletest"
	"surrealm/store/storetest"
)

// A field of a form, how it is filled in, and the first of its choices.
type field struct{ name, kind, choice string }

// A found form is one that a page shows: where the page is, the route that it is sent to, what it would send untouched, and its fields.
type foundForm struct {
	page, action, route string
	multipart           bool
	values              url.Values
	fields              []field
}

// takesText says whether people can type what they like into a field, and find it there when the form is refused.
func (f field) takesText() bool {
	return slices.Contains([]string{"text", "search", "textarea"}, f.kind)
}

// formsOnPages opens every page of the organisation, with its tabs, and takes its forms apart: one for each route and set of fields.
func formsOnPages(t *testing.T, w *world, b *browser, member *store.Tenant) []foundForm {
	t.Helper()
	var found []foundForm
	opened, seen := map[string]bool{}, map[string]bool{}
	var open func(path string)
	open = func(path string) {
		opened[path] = true
		page := b.get(t, path)
		if !strings.HasPrefix(page.header("Content-Type"), "text/html") {
			return
		}
		for _, form := range page.find("form") {
			f := foundForm{page: path, action: attribute(form, "action"), values: formValues(form), multipart: attribute(form, "enctype") == "multipart/form-data"}
			if f.action == "" {
				f.action = path
			}
			f.route, f.fields = routeOf(f.action), fieldsOf(form)
			f.fillIn()
			key := fmt.Sprint(f.route, f.fields)
			if seen[key] || !strings.EqualFold(attribute(form, "method"), http.MethodPost) || f.route == "/logout" {
				continue
			}
			seen[key] = true
			if f.route == "" {
				t.Errorf("%s has a form for %q, which no route takes", path, f.action)
			}
			found = append(found, f)
		}
		own, _, _ := strings.Cut(path, "?")
		for _, tab := range page.find(".tabs a[href]") {
			if to := attribute(tab, "href"); strings.HasPrefix(to, own+"?") && !opened[to] {
				open(to)
			}
		}
	}
	for _, r := range routesOf("tenant") {
		if r.Method == http.MethodGet {
			open("/o/" + w.slug() + usesOf(t, r)[0](t, w, member).path)
		}
	}
	return found
}

// fillIn puts something into what is empty, so that one bad value alone is what keeps a form from being accepted.
func (f foundForm) fillIn() {
	for _, field := range f.fields {
		if f.values.Get(field.name) != "" {
			continue
		}
		if right, ok := f.rightly(field.name); ok {
			f.values.Set(field.name, right)
			continue
		}
		switch field.kind {
		case "text", "textarea", "search":
			f.values.Set(field.name, "Something else")
		case "email":
			f.values.Set(field.name, storetest.Email("somebody"))
		case "date":
			f.values.Set(field.name, "2026-03-01")
		case "number":
			f.values.Set(field.name, "1")
		case "select", "radio":
			f.values.Set(field.name, field.choice)
		case "checkbox":
			if field.name == "ids" {
				f.values.Set(field.name, field.choice)
			}
		}
	}
}

// rightly is what fields that take no words want to have.
func (f foundForm) rightly(name string) (string, bool) {
	if strings.HasPrefix(name, "facts[") {
		return "", true
	}
	switch name {
	case "slug":
		return storetest.Slug("ward"), true
	case "expires", "until":
		return "", true
	case "base_url":
		return "https://api.example.com/v1", true
	case "budget", "price_in", "price_out":
		return "10", true
	case "file":
		if f.route == "/o/:org/sops" {
			return string(smallSample.JSON), true
		}
		return "", true
	}
	return "", false
}

// fieldsOf are the fields of a form by name, each once.
func fieldsOf(form *html.Node) []field {
	var fields []field
	for n := range form.Descendants() {
		name, kind := attribute(n, "name"), n.Data
		if name == "" || !slices.Contains([]string{"input", "textarea", "select"}, n.Data) {
			continue
		}
		if kind == "input" {
			if kind = attribute(n, "type"); kind == "" {
				kind = "text"
			}
		}
		f := field{name: name, kind: kind}
		if kind == "radio" || kind == "checkbox" {
			f.choice = attribute(n, "value")
		}
		for option := range n.Descendants() {
			if option.Data == "option" && f.choice == "" {
				f.choice = attribute(option, "value")
			}
		}
		if !slices.ContainsFunc(fields, func(other field) bool { return other.name == name }) {
			fields = append(fields, f)
		}
	}
	return fields
}

// routeOf is the pattern of the route that takes a POST to an address, "" when there is none.
func routeOf(address string) string {
	to, err := url.Parse(address)
	if err != nil {
		return ""
	}
	best := ""
	for _, r := range handlers.Routes() {
		pattern := "^" + parameter.ReplaceAllString(r.Path, "[^/]+") + "$"
		if r.Method == http.MethodPost && regexp.MustCompile(pattern).MatchString(to.Path) && (best == "" || strings.Count(r.Path, ":") < strings.Count(best, ":")) {
			best = r.Path
		}
	}
	return best
}

var parameter = regexp.MustCompile(`:[a-z]+`)

// request is what a browser would send of the form with these values, and a file in one field.
func (f foundForm) request(t *testing.T, b *browser, values url.Values, files map[string]hostiletest.File) *http.Request {
	t.Helper()
	if !f.multipart {
		return b.request(t, http.MethodPost, f.action, values)
	}
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, list := range values {
		for _, text := range list {
			must(t, parts.WriteField(name, text))
		}
	}
	for name, file := range files {
		got[int](t)(got[io.Writer](t)(parts.CreateFormFile(name, file.Name)).Write(file.Bytes))
	}
	must(t, parts.Close())
	request := b.request(t, http.MethodPost, f.action, nil)
	with := got[*http.Request](t)(http.NewRequestWithContext(t.Context(), http.MethodPost, request.URL.String(), &body))
	with.Header = request.Header
	with.Header.Set("Content-Type", parts.FormDataContentType())
	return with
}
