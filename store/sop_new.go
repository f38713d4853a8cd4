package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
	"surrealm/store/sop/library"
)

// SOPOrigin says what a new procedure starts from.
type SOPOrigin string

// The four ways to start.
const (
	FromNothing  SOPOrigin = "empty"
	FromTemplate SOPOrigin = "template"
	FromFile     SOPOrigin = "file" // pasted or uploaded
	FromCopy     SOPOrigin = "copy"
)

// NewSOP is what a person gives to start a procedure. Title, Description and Source may be empty where the origin has
// them; what is given here comes first.
type NewSOP struct {
	SurrogateID uuid.UUID
	Origin      SOPOrigin
	Template    string    // slug, with FromTemplate
	File        string    // JSON, with FromFile
	CopyOf      uuid.UUID // a version of any procedure of the organisation, with FromCopy
	Title       string
	Description string
	Source      string
}

// CreateSOP starts a procedure as version 1 in DRAFT and returns its id. Invalid fields: surrogate_id, origin, template,
// file, copy_of, title, description, source. The problems of a file stand one on a line.
func (t *Tenant) CreateSOP(ctx context.Context, n NewSOP) (uuid.UUID, error) {
	id := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		title, details, err := t.insertSOP(ctx, tx, id, n)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, SOPCreated, sopObject(id, title, 1), details)
	})
	return id, err
}

// insertSOP writes a new procedure, and returns its title and what the audit log says of it.
func (t *Tenant) insertSOP(ctx context.Context, tx pgx.Tx, id uuid.UUID, n NewSOP) (string, Details, error) {
	document, details, err := n.document(ctx, tx)
	if err != nil {
		return "", nil, err
	}
	line := newID()
	made, err := exec(ctx, tx, `
		insert into sop_lines (id, surrogate_id, next_version, created_by)
		select $1, id, 2, $3 from surrogates where id = $2 and status <> 'ARCHIVED' for share`, line, n.SurrogateID, t.User.ID)
	if err != nil {
		return "", nil, err
	}
	if made == 0 {
		return "", nil, Invalid{"surrogate_id": "Choose a surrogate that is not archived."}
	}
	return document.Title, details, t.insertVersion(ctx, tx, newVersion{id, line, n.SurrogateID, 1, document})
}

// NewVersion makes the content of any version the newest draft of its line and returns the new version's id.
// ErrNotFound when there is no such version.
func (t *Tenant) NewVersion(ctx context.Context, from uuid.UUID) (uuid.UUID, error) {
	id := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		old, err := sopByID(ctx, tx, from)
		if err != nil {
			return err
		}
		version, err := takeVersion(ctx, tx, old.LineID)
		if err != nil {
			return err
		}
		if err := t.insertVersion(ctx, tx, newVersion{id, old.LineID, old.SurrogateID, version, old.Document()}); err != nil {
			return err
		}
		return t.audit(ctx, tx, SOPCreated, sopObject(id, old.Title, version),
			Details{"origin": "version", "from_version": old.Version, "from": old.ID.String()})
	})
	return id, err
}

// takeVersion takes the next number of a line under the lock of the line's row.
func takeVersion(ctx context.Context, tx pgx.Tx, line uuid.UUID) (int, error) {
	return value[int](ctx, tx, `update sop_lines set next_version = next_version + 1 where id = $1 returning next_version - 1`, line)
}

// newVersion is a row of sops before it exists.
type newVersion struct {
	id, line, surrogate uuid.UUID
	version             int
	document            sop.Document
}

// insertVersion writes a draft. Its content was checked before.
func (t *Tenant) insertVersion(ctx context.Context, tx pgx.Tx, v newVersion) error {
	canonical, err := sop.Canonical(v.document.Graph)
	if err != nil {
		return fmt.Errorf("write the graph: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into sops (id, line_id, surrogate_id, version, title, description, source, graph, graph_hash, created_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		v.id, v.line, v.surrogate, v.version, v.document.Title, v.document.Description, v.document.Source,
		string(canonical), sop.GraphHash(canonical), t.User.ID)
	return err
}

// document is the content that the procedure starts with, and what the audit log says about where it came from.
func (n NewSOP) document(ctx context.Context, tx pgx.Tx) (sop.Document, Details, error) {
	document, details, err := n.origin(ctx, tx)
	if err != nil {
		return document, nil, err
	}
	for _, text := range []struct {
		given string
		at    *string
	}{{n.Title, &document.Title}, {n.Description, &document.Description}, {n.Source, &document.Source}} {
		if given := trimmed(text.given); given != "" {
			*text.at = given
		}
	}
	details["origin"] = string(n.Origin)
	details["steps"] = len(document.Graph.Nodes)
	details["connections"] = len(document.Graph.Edges)
	return document, details, Invalid(document.TextProblems()).orNil()
}

func (n NewSOP) origin(ctx context.Context, tx pgx.Tx) (sop.Document, Details, error) {
	switch n.Origin {
	case FromNothing:
		return sop.Document{Kind: sop.SOPDocument}, Details{}, nil
	case FromTemplate:
		for _, template := range library.Templates() {
			if template.Slug == n.Template {
				document, err := sop.ParseDocument(template.JSON)
				return document, Details{"template": n.Template}, err
			}
		}
		return sop.Document{}, nil, Invalid{"template": "Choose a template."}
	case FromFile:
		document, err := readFile(n.File)
		return document, Details{}, err
	case FromCopy:
		old, err := sopByID(ctx, tx, n.CopyOf)
		if errors.Is(err, pgx.ErrNoRows) {
			return sop.Document{}, nil, Invalid{"copy_of": "Choose the version to copy."}
		}
		return old.Document(), Details{"from": old.ID.String(), "from_version": old.Version}, err
	}
	return sop.Document{}, nil, Invalid{"origin": "Choose what to start from."}
}

// readFile reads what a person pasted or uploaded; its problems are theirs to mend.
func readFile(text string) (sop.Document, error) {
	if strings.TrimSpace(text) == "" {
		return sop.Document{}, Invalid{"file": "Paste the JSON of a procedure, or choose a file."}
	}
	document, err := sop.ParseDocument([]byte(text))
	var refused *sop.ParseError
	if errors.As(err, &refused) {
		return sop.Document{}, Invalid{"file": strings.Join(refused.Problems, "\n")}
	}
	return document, err
}
