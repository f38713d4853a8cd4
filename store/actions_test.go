package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"

	"surrealm/store"
)

// ofThemselves are the actions whose object is the actor, so that the sentence need not name it.
var ofThemselves = []store.Action{store.MemberJoined, store.MemberLeft}

// insideRealms matches actions whose object has a name that not everybody who reads the log may know: the sentence tells none.
var insideRealms = regexp.MustCompile(`^(realm|signal|cluster|consent|synthesis)\.`)

func TestEveryActionHasAPhraseForItsLabel(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)
	for action, phrase := range store.Actions {
		if !form.MatchString(string(action)) {
			t.Errorf("%q is no noun.verb", action)
		}
		want := 1
		if slices.Contains(ofThemselves, action) || insideRealms.MatchString(string(action)) {
			want = 0
		}
		if strings.Count(phrase, "%s") != want || strings.Count(phrase, "%") != want {
			t.Errorf("%s: %q has %d places for the label, want %d", action, phrase, strings.Count(phrase, "%"), want)
		}
		sentence := store.AuditEntry{Action: action, ActorName: "Ann", ObjectLabel: "100% sure"}.Sentence()
		if strings.Contains(sentence, "%!") || strings.Contains(sentence, "100% sure") != (want == 1) || !strings.HasPrefix(sentence, "Ann ") {
			t.Errorf("%s reads %q", action, sentence)
		}
	}
}

// Every action that the program names is in the registry, and only once.
func TestEveryActionIsRegistered(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "actions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Action" {
			text := strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)
			if twin, taken := named[text]; taken {
				t.Errorf("%s and %s are both %q", twin, spec.Names[0].Name, text)
			}
			named[text] = spec.Names[0].Name
			if _, known := store.Actions[store.Action(text)]; !known {
				t.Errorf("%s is not registered", spec.Names[0].Name)
			}
		}
		return true
	})
	if len(named) != len(store.Actions) || len(named) < 40 {
		t.Errorf("%d names for %d actions", len(named), len(store.Actions))
	}
}
