package store

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The roles that log in. bootstrap.sql says what each is for.
const (
	RoleWeb      = "surrealm_web"
	RoleControl  = "surrealm_ctl"
	RoleMigrator = "surrealm_migrator"
)

// CheckURL says what is wrong with a database address that shall log in as role. It does not connect.
func CheckURL(url, role string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The driver's error may repeat the password.
		return errors.New("this is not a database address such as postgres://" + role + ":password@host:5432/surrealm")
	}
	if config.User != role {
		return fmt.Errorf("this address logs in as %q, and has to log in as %s", config.User, role)
	}
	return nil
}

// Password is the password in a database address, or "".
func Password(url string) string {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return ""
	}
	return config.Password
}

// MakeDatabase creates a database unless it is there. url logs in as a superuser to another database of that server.
func MakeDatabase(ctx context.Context, url, name string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return explain("postgres", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	there, err := value[bool](ctx, conn, `select exists (select from pg_database where datname = $1)`, name)
	if err != nil || there {
		return err
	}
	if _, err = conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create the database %s: %w", name, err)
	}
	return nil
}

// explain makes one clear sentence of why a role could not connect.
func explain(role string, err error) error {
	var refused *pgconn.PgError
	var lost *net.OpError
	switch {
	case errors.As(err, &refused):
		return fmt.Errorf("the database does not let %s in: %w", role, hint(refused))
	case errors.As(err, &lost):
		return fmt.Errorf("the database cannot be reached as %s: %w", role, lost)
	}
	return fmt.Errorf("connect to the database as %s: %w", role, err)
}

func hint(refused *pgconn.PgError) error {
	switch refused.Code {
	case "28P01", "28000":
		return fmt.Errorf("%s; surrealm migrate --bootstrap-url makes the roles and sets their passwords", refused.Message)
	case "42501":
		return fmt.Errorf("%s; has surrealm migrate --bootstrap-url been run?", refused.Message)
	}
	return errors.New(refused.Message)
}

// oldestPostgres is the first version that has everything used here.
const oldestPostgres = 15

// ErrOldServer says that the server's PostgreSQL is too old.
var ErrOldServer = errors.New("PostgreSQL is too old")

func checkVersion(ctx context.Context, q queryer) error {
	version, err := value[string](ctx, q, `select current_setting('server_version')`)
	if err != nil {
		return err
	}
	number, err := value[int](ctx, q, `select current_setting('server_version_num')::int / 10000`)
	if err == nil && number < oldestPostgres {
		err = fmt.Errorf("%w: the server has version %s, and %d or newer is needed", ErrOldServer, version, oldestPostgres)
	}
	return err
}
