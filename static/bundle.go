package static

import (
	"bytes"
	"regexp"
)

// singles are the files that are served as they are, by logical name.
var singles = map[string]string{
	"htmx.js":                 "vendor/htmx-2.0.11.min.js",
	"theme.js":                "js/theme.js",
	"inter-latin.woff2":       "vendor/inter-latin.woff2",
	"inter-latin-ext-a.woff2": "vendor/inter-latin-ext-a.woff2",
	"favicon.svg":             "img/favicon.svg",
}

// contentTypes is the closed list of types that are served.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// styles are the parts of app.css in order, each with its cascade layer. A
// later layer wins over an earlier one whatever the selectors are.
var styles = []struct{ layer, file string }{
	{"tokens", "css/tokens.css"},
	{"base", "css/base.css"},
	{"layout", "css/layout.css"},
	{"layout", "css/shell.css"},
	{"components", "css/controls.css"},
	{"components", "css/forms.css"},
	{"components", "css/content.css"},
	{"components", "css/tables.css"},
	{"components", "css/overlays.css"},
	{"components", "css/graph.css"},
	{"components", "css/graph-box.css"},
	{"components", "css/procedure.css"},
	{"components", "css/proposal.css"},
	{"components", "css/editor.css"},
	{"components", "css/signal.css"},
	{"components", "css/signal-page.css"},
	{"components", "css/cluster.css"},
	{"utilities", "css/utilities.css"},
	{"utilities", "css/print.css"},
}

// scripts are the parts of app.js in order; each part keeps to itself.
var scripts = []string{
	"js/dialogs.js",
	"js/toasts.js",
	"js/forms.js",
	"js/password.js",
	"js/menus.js",
	"js/tabs.js",
	"js/keys.js",
	"js/palette.js",
	"js/graph.js",
	"js/realm-map.js",
	"js/editor.js",
	"js/order.js",
	"js/capture.js",
	"js/drafts.js",
	"js/player.js",
	"js/live.js",
}

var urlReference = regexp.MustCompile(`url\("([^"]+)"\)`)

func (l *library) joinStyles() []byte {
	var out bytes.Buffer
	out.WriteString("@layer tokens, base, layout, components, utilities;\n")
	for _, part := range styles {
		out.WriteString("@layer " + part.layer + " {\n")
		out.Write(l.resolve(read(part.file)))
		out.WriteString("}\n")
	}
	return out.Bytes()
}

// resolve replaces logical names in url("...") by their hashed addresses.
func (l *library) resolve(css []byte) []byte {
	return urlReference.ReplaceAllFunc(css, func(match []byte) []byte {
		name := string(urlReference.FindSubmatch(match)[1])
		target, ok := l.byName[name]
		if !ok {
			panic("static: a style sheet refers to the unknown file " + name)
		}
		return []byte(`url("` + target.url + `")`)
	})
}

// joinScripts wraps each part in a function, so that no name leaks to another.
func joinScripts() []byte {
	var out bytes.Buffer
	out.WriteString("'use strict';\n")
	for _, file := range scripts {
		out.WriteString("(() => {\n")
		out.Write(read(file))
		out.WriteString("})();\n")
	}
	return out.Bytes()
}
