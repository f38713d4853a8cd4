package datadir

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFindTakesTheVariableOrTheUsersFolder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		env  map[string]string
		want string // of an ordinary user
	}{
		{map[string]string{"XDG_DATA_HOME": "/xdg", "HOME": "/home/x"}, "/xdg/surrealm"},
		{map[string]string{"XDG_DATA_HOME": "not/absolute", "HOME": "/home/x"}, "/home/x/.local/share/surrealm"},
		{map[string]string{"HOME": "/home/x"}, "/home/x/.local/share/surrealm"},
	} {
		get := func(name string) string { return test.env[name] }
		want := test.want
		if os.Geteuid() == 0 {
			want = "/var/lib/surrealm"
		}
		if got := Find(get); got != want {
			t.Errorf("%v: %s", test.env, got)
		}
		test.env["DATA_DIR"] = "/elsewhere"
		if got := Find(get); got != "/elsewhere" {
			t.Errorf("%v: %s", test.env, got)
		}
	}
	if got := Default(func(string) string { return "" }); !filepath.IsAbs(got) {
		t.Errorf("without any variable: %s", got)
	}
}
