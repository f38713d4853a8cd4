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

// The first versions that have everything used here. pgvector 0.7 brought halfvec.
const (
	oldestPostgres = 15
	oldestVector   = "0.7"
)

// What a server may lack.
var (
	ErrOldServer = errors.New("PostgreSQL is too old")
	ErrNoVector  = errors.New("pgvector is missing")
)

// ServerVersions says which PostgreSQL a database is on, and which pgvector is in it; "" when it has none.
type ServerVersions struct {
	Postgres string `db:"postgres"`
	Major    int    `db:"major"`
	Vector   string `db:"vector"`
	Fits     bool   `db:"fits"` // pgvector is new enough, and where it is looked for
}

func serverVersions(ctx context.Context, q queryer) (ServerVersions, error) {
	return one[ServerVersions](ctx, q, `
		select split_part(current_setting('server_version'), ' ', 1) as postgres,
			current_setting('server_version_num')::int / 10000 as major,
			coalesce(e.extversion, '') as vector,
			coalesce(string_to_array(e.extversion, '.')::int[] >= string_to_array($1, '.')::int[]
				and e.extnamespace = to_regnamespace('ext'), false) as fits
		from (values (1)) as one_row
		left join pg_catalog.pg_extension e on e.extname = 'vector'`, oldestVector)
}

// checkServer refuses a server that lacks something.
func checkServer(v ServerVersions) error {
	switch {
	case v.Major < oldestPostgres:
		return fmt.Errorf("%w: the server has version %s, and %d or newer is needed", ErrOldServer, v.Postgres, oldestPostgres)
	case v.Vector == "":
		return fmt.Errorf("%w in this database: surrealm migrate --bootstrap-url puts it there", ErrNoVector)
	case !v.Fits:
		return fmt.Errorf("%w in a form that can be used: version %s was found, and %s or newer is needed, in the schema ext", ErrNoVector, v.Vector, oldestVector)
	}
	return nil
}
