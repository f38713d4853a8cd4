package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

//go:embed bootstrap.sql
var bootstrapSQL string

// Bootstrap makes roles, extensions and the door in an empty database. url must log in as a superuser, and the pgvector
// extension must be installed on that machine. passwords, by login role, may be empty where none are needed.
// It may run again at any time.
func Bootstrap(ctx context.Context, url string, passwords map[string]string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return explain("its superuser", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	versions, err := serverVersions(ctx, conn)
	if err != nil {
		return err
	}
	if err := checkServer(versions); errors.Is(err, ErrOldServer) {
		return err
	}
	for try := 1; ; try++ {
		_, err := conn.Exec(ctx, bootstrapSQL)
		if err == nil {
			break
		}
		if !sideBySide(err) || try == 10 {
			return explainBootstrap(err)
		}
		time.Sleep(time.Duration(try) * 20 * time.Millisecond)
	}
	for role, password := range passwords {
		quoted, err := conn.PgConn().EscapeString(password)
		if err != nil {
			return fmt.Errorf("bootstrap: password of %s: %w", role, err)
		}
		if _, err := conn.Exec(ctx, "alter role "+pgx.Identifier{role}.Sanitize()+" password '"+quoted+"'"); err != nil {
			return fmt.Errorf("bootstrap: password of %s: %w", role, err)
		}
	}
	return nil
}

// sideBySide says that another bootstrap changed the same role at that moment. Roles belong to the whole server, so no
// lock in a database keeps two of them apart.
func sideBySide(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && (refused.Message == "tuple concurrently updated" || refused.Code == "23505")
}

func explainBootstrap(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && strings.Contains(refused.Message, `extension "vector"`) {
		return fmt.Errorf("%w on the database's machine: install pgvector 0.7 or newer there (%s)", ErrNoVector, refused.Message)
	}
	return fmt.Errorf("prepare the database: %w", err)
}
