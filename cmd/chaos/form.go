package main

import (
	"net/url"

	"golang.org/x/net/html"
)

// formOf returns where a form of a page is sent, and what a browser would send with it when nothing is changed.
func formOf(page *html.Node, id string) (action string, values url.Values, found bool) {
	values = url.Values{}
	for n := range page.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "form" && attribute(n, "id") == id:
			action, found = attribute(n, "action"), true
		case attribute(n, "name") == "" || !inside(n, id):
		case n.Data == "input" && (attribute(n, "type") != "checkbox" && attribute(n, "type") != "radio" || has(n, "checked")):
			values.Add(attribute(n, "name"), attribute(n, "value"))
		case n.Data == "select":
			values.Add(attribute(n, "name"), chosen(n))
		}
	}
	return action, values, found
}

// inside says that a control belongs to the form: it stands in it, or names it.
func inside(n *html.Node, id string) bool {
	if attribute(n, "form") == id {
		return true
	}
	for above := range n.Ancestors() {
		if above.Data == "form" && attribute(above, "id") == id {
			return true
		}
	}
	return false
}

// chosen is the option that is selected, or the first.
func chosen(list *html.Node) string {
	value, first := "", true
	for n := range list.Descendants() {
		if n.Type == html.ElementNode && n.Data == "option" && (first || has(n, "selected")) {
			value, first = attribute(n, "value"), false
		}
	}
	return value
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
