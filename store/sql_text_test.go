package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// sqlArgument is where each function takes its SQL: the helpers of tx.go, and the driver's own methods.
var sqlArgument = map[string]int{
	"readAll": 2, "readOne": 2, "queueMany": 2, "queueOne": 2, "many": 2, "one": 2, "value": 2, "exec": 2, "move": 2, "texts": 2,
	"Exec": 1, "Query": 1, "QueryRow": 1, "Queue": 0, "Prepare": 2, "BeginQuery": 0,
}

// madeOfText are the functions that make SQL of text, each with the reason why nobody's input can get into it.
var madeOfText = map[string]string{
	"batch.go readAll": helper, "batch.go queueMany": helper, "batch.go readOne": helper, "batch.go queueOne": helper,
	"tx.go many": helper, "tx.go one": helper, "tx.go value": helper, "tx.go exec": helper, "tx.go move": helper, "tx.go texts": helper,

	"queue.go changeJob": "its two callers give it constants",
	"live.go listen":     "the name of the channel, which the database made, quoted by the driver",
	"draft.go Draft":     ofDraft, "draft_changes.go DraftSince": ofDraft, "draft_edit.go lockDraft": ofDraft, "draft_edit.go pushEdit": ofDraft,
	"draft_edit.go startOf": ofDraft, "draft_undo.go stepFrom": ofDraft,

	"signal.go findSignal": ofFields, "signal.go insertSignal": ofFields,
	"signal_list.go queue":                "constant pieces, by the order and the direction",
	"signal_search.go searchSignals":      "constant pieces, by whether the filter narrows",
	"signal_search.go MoreLike":           "constant pieces",
	"signal_map.go SignalMap":             "constant pieces, by whether there is a search",
	"signal_month.go SignalMonth":         "constant pieces, by whether there is a search",
	"signal_export.go declareExport":      "constant pieces, by the order and the direction",
	"signal_import_work.go insertSignals": ofFields,
	"signal_bulk.go changeMany":           "its two callers give it constants",

	"cluster_list.go queueClusters":    "constant pieces, by the direction",
	"consent_choice.go ConsentSignals": "constant pieces, by the direction",
	"cluster_decide.go MergeClusters":  "the list of statements is in the loop",
	"cluster_decide.go SplitCluster":   "the list of statements is in the loop",
	"synthesis.go read":                "its callers give it constants",
	"synthesis_read.go read":           ofFields,

	"account_event.go SweepAccounts": "the list of statements is above the loop",
	"catalogue.go catalogue":         embedded,
	"bootstrap.go Bootstrap":         "the embedded file; the passwords that it sets are quoted by the driver",
	"connect.go MakeDatabase":        "the operator's database name, quoted by the driver",
	"door_check.go CheckDoor":        "the list of checks is above",
	"migrate.go count":               "names of our own tables, quoted by the driver",
	"org_export.go platformRows":     ofCatalogue,
	"org_export.go table":            ofCatalogue,
	"org_restore.go as":              ofCatalogue,
	"org_restore.go insert":          "a table of the catalogue and the columns of a row in a sealed file, quoted by the driver; values are arguments",
	"org_restore_people.go account":  ofCatalogue,
	"org_restore_people.go former":   ofCatalogue,
	"org_restore_people.go owner":    ofCatalogue,
	"migrate.go platformFile":        embedded,
	"proposal_comment.go markThread": "its two callers give it constants",
}

const (
	helper   = "a helper: its callers are looked at"
	ofDraft  = "one of two texts, by the kind of draft"
	ofFields = "the names of the fields, which are constants of the package signal"
	embedded = "an embedded file"

	ofCatalogue = "names that the catalogue tells, and the schema of an address that the database has accepted, quoted by the driver"
)

// A statement that is not a constant is where an injection begins, and inside a tenant it is the only way to a statement
// that leaves the role. So SQL is a constant, or the function that makes it stands in the list above.
func TestSQLIsConstant(t *testing.T) {
	t.Parallel()
	files := parseStore(t)
	constants := map[string]bool{}
	for _, file := range files {
		collectConstants(file, constants)
	}
	calls, used := 0, map[string]bool{}
	for name, file := range files {
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Body == nil {
				continue
			}
			local := localConstants(function, constants)
			ast.Inspect(function.Body, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				at, known := sqlArgument[calleeOf(call)]
				if !known || len(call.Args) <= at {
					return true
				}
				calls++
				place := name + " " + function.Name.Name
				if isConstant(call.Args[at], local) {
					return true
				}
				used[place] = true
				if madeOfText[place] == "" {
					t.Errorf("%s: the SQL of %s is no constant", place, calleeOf(call))
				}
				return true
			})
		}
	}
	for place := range madeOfText {
		if !used[place] {
			t.Errorf("%s makes no SQL of text: take it off the list", place)
		}
	}
	if calls < 100 {
		t.Errorf("only %d calls were looked at", calls)
	}
}

// Only the store speaks to PostgreSQL; what the store is made of beside SQL does not.
func TestOnlyTheStoreImportsTheDriver(t *testing.T) {
	t.Parallel()
	allowed := map[string]bool{"store": true, "store/storetest": true, "cmd/bench": true, "cmd/chaos": true} // the last two send what ours is compared with, and look at what is left
	seen := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(path, "../")))
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			driver := strings.HasPrefix(imported, "github.com/jackc/") || imported == "database/sql" || strings.HasPrefix(imported, "github.com/riverqueue/")
			if driver && allowed[dir] {
				seen++
			}
			if driver && !allowed[dir] && !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s imports %s", path, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 10 {
		t.Errorf("only %d imports of the driver in the store: the walk sees too little", seen)
	}
}

// parseStore reads the package's files, without its tests.
func parseStore(t *testing.T) map[string]*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = file
		}
	}
	return files
}

// collectConstants adds the names of a file's constants.
func collectConstants(file *ast.File, into map[string]bool) {
	for _, declaration := range file.Decls {
		if group, ok := declaration.(*ast.GenDecl); ok && group.Tok == token.CONST {
			for _, spec := range group.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					into[name.Name] = true
				}
			}
		}
	}
}

// localConstants are the package's constants as a function sees them: with its own, and without those whose names it
// gives to variables.
func localConstants(function *ast.FuncDecl, constants map[string]bool) map[string]bool {
	local := maps.Clone(constants)
	variable := func(names ...*ast.Ident) {
		for _, name := range names {
			delete(local, name.Name)
		}
	}
	for _, list := range []*ast.FieldList{function.Recv, function.Type.Params, function.Type.Results} {
		if list != nil {
			for _, field := range list.List {
				variable(field.Names...)
			}
		}
	}
	ast.Inspect(function.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			for _, spec := range n.Specs {
				if value, ok := spec.(*ast.ValueSpec); ok && n.Tok == token.CONST {
					for _, name := range value.Names {
						local[name.Name] = true
					}
				} else if ok {
					variable(value.Names...)
				}
			}
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				if name, ok := left.(*ast.Ident); ok {
					variable(name)
				}
			}
		case *ast.RangeStmt:
			for _, left := range []ast.Expr{n.Key, n.Value} {
				if name, ok := left.(*ast.Ident); ok {
					variable(name)
				}
			}
		case *ast.FuncLit:
			for _, field := range n.Type.Params.List {
				variable(field.Names...)
			}
		}
		return true
	})
	return local
}

func calleeOf(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.IndexExpr: // one[T]
		return calleeOf(&ast.CallExpr{Fun: f.X})
	}
	return ""
}

func isConstant(e ast.Expr, constants map[string]bool) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.Ident:
		return constants[e.Name]
	case *ast.BinaryExpr:
		return e.Op == token.ADD && isConstant(e.X, constants) && isConstant(e.Y, constants)
	case *ast.ParenExpr:
		return isConstant(e.X, constants)
	}
	return false
}
