package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// initialise makes the data directory if there is none. It is made under another
// name and renamed when it is complete, so being killed leaves nothing half made.
//
// Text is ordered by bytes, which no update of the system's libraries can change
// under an index, while upper and lower case are those of Unicode.
func (f folders) initialise(ctx context.Context, b Binaries, options Options) error {
	leftovers, _ := filepath.Glob(filepath.Join(f.root, "initdb-*")) // the pattern is well-formed
	for _, dir := range leftovers {
		_ = os.RemoveAll(dir) // fails while a killed initdb is still dying; the next start tries again
	}
	if _, err := os.Stat(f.data); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return f.unusable(err)
	}
	dir, err := os.MkdirTemp(f.root, "initdb-")
	if err == nil {
		err = f.own(dir)
	}
	if err != nil {
		return f.unusable(err)
	}
	args := []string{"--pgdata", dir, "--username=postgres", "--auth=peer", "--encoding=UTF8",
		"--locale=C", "--lc-ctype=C.UTF-8", "--data-checksums", "--no-instructions"}
	if options.temporary {
		args = append(args, "--no-sync")
	}
	if err := run(f.commandContext(ctx, b, "initdb", args...), options.Log); err != nil {
		return fmt.Errorf("make the database in %s: %w", f.root, errors.Join(err, ctx.Err()))
	}
	if err := f.include(dir); err != nil {
		return fmt.Errorf("make the database in %s: %w", f.root, err)
	}
	if err := os.Rename(dir, f.data); err != nil {
		return f.unusable(err)
	}
	return syncFolder(f.root)
}

// include makes PostgreSQL read the settings that configure writes. They come first,
// so whoever adds settings of their own to postgresql.conf has the last word.
func (f folders) include(data string) error {
	path := filepath.Join(data, "postgresql.conf")
	defaults, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return f.write(path, string(defaults)+`
include 'surrealm.conf'		# written anew at each start
# Settings of your own go below this line.
`)
}

// configure writes the settings and who may log in. It does so at each start,
// because the user who starts the server may be another one than last time.
func (f folders) configure(socketDir string, options Options) error {
	files := map[string]string{
		"surrealm.conf": f.settings(socketDir, options),
		"pg_hba.conf":   "# Written anew at each start.\nlocal all all peer map=surrealm\n",
		"pg_ident.conf": f.logins(),
	}
	for name, text := range files {
		if err := f.write(filepath.Join(f.data, name), text); err != nil {
			return f.unusable(err)
		}
	}
	return nil
}

// logins returns the map of operating system users to the roles they may log in as:
// the user who runs this program, and nobody else.
func (f folders) logins() string {
	var text strings.Builder
	text.WriteString("# Written anew at each start.\n")
	for _, role := range loginRoles {
		fmt.Fprintf(&text, "surrealm %q %s\n", f.us, role)
	}
	return text.String()
}

// settings returns the server's settings, meant for a small machine.
func (f folders) settings(socketDir string, options Options) string {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	lines := []string{
		"# Written anew at each start.",
		"listen_addresses = ''",
		"port = " + port,
		"unix_socket_directories = " + quote(socketDir),
		"unix_socket_permissions = 0700",
		"max_connections = 100",
		"max_locks_per_transaction = 256", // a schema per organisation means many tables
		"shared_buffers = '256MB'",
		"jit = off", // queries are short, compiling them takes longer than running them
		"timezone = 'UTC'",
		"log_timezone = 'UTC'",
		"log_line_prefix = '%m [%p] %q%u@%d '",
	}
	if options.Log == nil {
		lines = append(lines,
			"logging_collector = on",
			"log_directory = "+quote(filepath.Join(f.root, "log")),
			"log_filename = 'postgresql-%a.log'", // one for each day of the week, then over again
			"log_truncate_on_rotation = on",
			"log_rotation_age = '1d'",
			"log_rotation_size = 0")
	}
	if options.temporary {
		lines = append(lines, temporarySettings...)
	} else {
		lines = append(lines, "fsync = on", "full_page_writes = on", "synchronous_commit = on")
	}
	return strings.Join(lines, "\n") + "\n"
}

// write writes a file for the server. It replaces the file as a whole, which also
// keeps root from following a link that the server's user may have put there.
func (f folders) write(path, text string) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = f.own(file.Name())
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// syncFolder makes a rename in a folder outlast a power cut.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
