package store

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// NewProposal is what a person gives to propose a change.
type NewProposal struct {
	Title     string
	Rationale string // may be empty when the file has one
	File      string // the JSON of a change, or of a graph; "" starts from the certified graph
}

// ProposeChange starts a proposal about a certified version and returns its id. Without a file it proposes the graph
// as it is, for the author to change in the editor. Invalid fields: title, rationale, file; Conflict when the version is
// not the certified one.
func (t *Tenant) ProposeChange(ctx context.Context, sopID uuid.UUID, n NewProposal) (uuid.UUID, error) {
	graph, err := n.read()
	if err != nil {
		return uuid.Nil, err
	}
	id := newID()
	err = t.tx(ctx, func(tx pgx.Tx) error {
		base, err := sopByID(ctx, tx, sopID)
		if err != nil {
			return err
		}
		if base.Status != VersionCertified {
			return Conflict{Reason: "Changes are proposed to the certified version. This one is not, or no longer."}
		}
		text := base.GraphText
		if graph != "" {
			text = graph
		}
		number, err := t.insertProposal(ctx, tx, id, base, n, text)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, ProposalCreated, proposalObject(id, number, n.Title), startDetails(base, text))
	})
	return id, err
}

// insertProposal writes a proposal whose texts were checked, and returns its number.
func (t *Tenant) insertProposal(ctx context.Context, tx pgx.Tx, id uuid.UUID, base SOP, n NewProposal, graph string) (int, error) {
	number, err := t.takeProposalNumber(ctx, tx)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `
		insert into sop_proposals (id, number, line_id, sop_id, surrogate_id, title, rationale, proposed_graph, proposed_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, number, base.LineID, base.ID, base.SurrogateID, n.Title, n.Rationale, graph, t.User.ID)
	return number, err
}

// startDetails is what the audit log says of a new proposal.
func startDetails(base SOP, graph string) Details {
	return Details{
		"base": base.ID.String(), "base_version": base.Version, "procedure": base.Title, "graph_hash": sop.GraphHash([]byte(graph)),
	}
}

// read tidies the texts, checks them, and returns the canonical text of the file's graph, "" without a file.
func (n *NewProposal) read() (string, error) {
	n.Title, n.Rationale = trimmed(n.Title), trimmed(n.Rationale)
	graph, bad := "", Invalid{}
	if trimmed(n.File) != "" {
		document, err := readFile(n.File)
		if refused, ok := err.(Invalid); ok {
			bad["file"] = refused["file"]
		} else if err != nil {
			return "", err
		}
		if n.Rationale == "" {
			n.Rationale = trimmed(document.Rationale)
		}
		canonical, err := sop.Canonical(document.Graph)
		if err != nil {
			return "", fmt.Errorf("write the graph: %w", err)
		}
		graph = string(canonical)
	}
	checkProposalTexts(bad, n.Title, n.Rationale)
	return graph, bad.orNil()
}

func checkProposalTexts(bad Invalid, title, rationale string) {
	if problem := (sop.Document{Title: title}).TextProblems()["title"]; problem != "" {
		bad["title"] = "Say in 1 to 300 characters, on one line, what should change."
	}
	if n := utf8.RuneCountInString(rationale); n < 1 || n > sop.MaxRationale {
		bad["rationale"] = "Say in 1 to 10,000 characters why it should change. Reviewers decide on this."
	}
}

// takeProposalNumber is the next number of the organisation. Numbers are taken one after the other, so that none is
// left out and none is given twice.
func (t *Tenant) takeProposalNumber(ctx context.Context, tx pgx.Tx) (int, error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('proposal number of ' || $1::text, 0))`, t.Org.ID); err != nil {
		return 0, err
	}
	return value[int](ctx, tx, `select coalesce(max(number), 0) + 1 from sop_proposals`)
}

// ChangeProposal gives a proposal another title and another rationale. Invalid fields: title, rationale; ErrConflict
// when the edit revision is old; ErrForbidden for anybody but the author.
func (t *Tenant) ChangeProposal(ctx context.Context, id uuid.UUID, editRevision int, title, rationale string) error {
	title, rationale = trimmed(title), trimmed(rationale)
	bad := Invalid{}
	if checkProposalTexts(bad, title, rationale); len(bad) > 0 {
		return bad
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		p, err := t.changing(ctx, tx, id, editRevision)
		if err != nil {
			return err
		}
		if p.Title == title && p.Rationale == rationale {
			return nil
		}
		err = move(ctx, tx, `
			update sop_proposals
			set title = $3, rationale = $4, edit_revision = edit_revision + 1, updated_at = now()
			where id = $1 and edit_revision = $2`, id, editRevision, title, rationale)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, ProposalEdited, proposalObject(id, p.Number, title), Details{
			"summary": "Changed the title or the reasons", "revision": editRevision + 1,
			"before": Details{"title": p.Title, "rationale": p.Rationale}, "after": Details{"title": title, "rationale": rationale},
		})
	})
}
