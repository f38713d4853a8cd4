package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
)

// Pooler is the variable that names PgBouncer's program. With it, every store of the tests reaches its tenants through a
// real PgBouncer in transaction mode: each transaction on another connection than the one before, in the mode that a
// PgBouncer older than 1.21 needs. make test-pgbouncer sets it.
const Pooler = "SURREALM_TEST_PGBOUNCER"

// poolerDir is the folder of the pooler's socket; "" without one.
var poolerDir string

// startPooler starts PgBouncer in front of the server, and returns what stops it.
func startPooler(ctx context.Context, program string) (stop func(), err error) {
	direct, err := pgx.ParseConfig(server.DSN(store.RoleWeb, "surrealm"))
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "surrealm-pooler-") // short: the name of a socket is
	if err != nil {
		return nil, err
	}
	// Few connections for many clients, so that hardly any transaction meets the connection of the one before.
	settings := fmt.Sprintf(`[databases]
* = host=%s port=%d
[pgbouncer]
unix_socket_dir = %s
listen_port = 6432
auth_type = trust
auth_file = %s/users
pool_mode = transaction
default_pool_size = 6
server_login_retry = 1
server_round_robin = 1
max_client_conn = 1000
logfile = %s/log
`, direct.Host, direct.Port, dir, dir, dir)
	err = errors.Join(
		os.WriteFile(filepath.Join(dir, "users"), []byte(`"`+store.RoleWeb+"\" \"\"\n"), 0o644),
		os.WriteFile(filepath.Join(dir, "pgbouncer.ini"), []byte(settings), 0o644))
	if err != nil {
		return nil, err
	}
	args := []string{filepath.Join(dir, "pgbouncer.ini")}
	if os.Getuid() == 0 { // it refuses to run as root
		if err := errors.Join(giveAway(dir, "postgres"), letIn(ctx, "postgres")); err != nil {
			return nil, err
		}
		args = append([]string{"-u", "postgres"}, args...)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	poolerDir = dir
	stop = func() {
		_ = cmd.Process.Kill() // it holds nothing
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	}
	if err := awaitPooler(ctx); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log")) // whatever there is of it
		stop()
		return nil, fmt.Errorf("PgBouncer does not answer: %w\n%s", err, log)
	}
	return stop, nil
}

func giveAway(dir, name string) error {
	account, err := user.Lookup(name)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(account.Uid)
	if err != nil {
		return err
	}
	return errors.Join(os.Chown(dir, uid, -1), os.Chmod(dir, 0o755))
}

// letIn lets a user of this machine log in to the server as surrealm_web.
func letIn(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, server.DSN("postgres", "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var path string
	if err := conn.QueryRow(ctx, `show ident_file`).Scan(&path); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "surrealm %s %s\n", name, store.RoleWeb)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `select pg_reload_conf()`)
	return err
}

func awaitPooler(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, webDSN("surrealm"))
		if err == nil {
			return conn.Close(ctx)
		}
		if ctx.Err() != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// webDSN is how a store reaches its tenants: through the pooler, if there is one.
func webDSN(database string) string {
	if poolerDir == "" {
		return server.DSN(store.RoleWeb, database)
	}
	return fmt.Sprintf("host=%s port=6432 user=%s dbname=%s default_query_exec_mode=exec", poolerDir, store.RoleWeb, database)
}
