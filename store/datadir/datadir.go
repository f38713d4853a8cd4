// Package datadir knows where the product keeps its data on a machine, so that the server, the setting up of a machine and
// the tests look in one place.
package datadir

import (
	"os"
	"os/user"
	"path/filepath"
)

// Find returns the data folder: that of the variable DATA_DIR, or the default.
func Find(getenv func(string) string) string {
	if dir := getenv("DATA_DIR"); dir != "" {
		return dir
	}
	return Default(getenv)
}

// Default returns the data folder of whoever runs this. Root's home is closed to the user postgres, who runs the private
// server then, so root's data is not below it.
func Default(getenv func(string) string) string {
	if os.Geteuid() == 0 {
		return "/var/lib/surrealm"
	}
	if home := getenv("XDG_DATA_HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, "surrealm")
	}
	home := getenv("HOME")
	if home == "" {
		if me, err := user.Current(); err == nil {
			home = me.HomeDir
		}
	}
	return filepath.Join(home, ".local", "share", "surrealm")
}

// Models returns the folder for the weights of models inside a data folder.
func Models(dir string) string { return filepath.Join(dir, "models") }
