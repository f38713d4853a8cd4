package store

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// CommentTarget is what a thread is about.
type CommentTarget string

// The three things that people comment on.
const (
	OnGraph CommentTarget = "GRAPH"
	OnNode  CommentTarget = "NODE"
	OnEdge  CommentTarget = "EDGE"
)

// Remark is one comment of a thread.
type Remark struct {
	ID       uuid.UUID
	Author   string
	Body     string
	Revision int
	At       time.Time
}

// Thread is a remark on a proposal with its replies.
type Thread struct {
	ID         uuid.UUID // of the first comment
	Revision   int       // that was looked at
	Target     CommentTarget
	TargetID   string // of the step or the connection
	Comments   []Remark
	ResolvedBy string
	ResolvedAt *time.Time
}

// Open says that the thread waits for somebody.
func (t Thread) Open() bool { return t.ResolvedAt == nil }

// NewComment is what a person writes: a reply when Thread is given, else the start of a thread about Target.
type NewComment struct {
	Revision int
	Thread   uuid.UUID
	Target   CommentTarget
	TargetID string
	Body     string
}

// AddComment adds a remark to a submitted proposal and returns its id. Invalid at body; ErrNotFound when the proposal
// has no such revision, thread, step or connection.
func (t *Tenant) AddComment(ctx context.Context, proposal uuid.UUID, n NewComment) (uuid.UUID, error) {
	n.Body = trimmed(n.Body)
	if length := utf8.RuneCountInString(n.Body); length < 1 || length > 10000 {
		return uuid.Nil, Invalid{"body": "Write 1 to 10,000 characters."}
	}
	id := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		p, err := proposalByID(ctx, tx, proposal)
		if err != nil {
			return err
		}
		if n.Thread != uuid.Nil {
			err = reply(ctx, tx, id, p, n, t.User.ID)
		} else {
			err = startThread(ctx, tx, id, p, n, t.User.ID)
		}
		if err != nil {
			return err
		}
		thread := n.Thread
		if thread == uuid.Nil {
			thread = id
		}
		return t.audit(ctx, tx, CommentAdded, p.object(), Details{
			"comment": id.String(), "thread": thread.String(), "target": string(n.Target), "target_id": n.TargetID, "body": n.Body,
		})
	})
	return id, err
}

// reply continues a thread of the same proposal and takes over what it is about.
func reply(ctx context.Context, tx pgx.Tx, id uuid.UUID, p Proposal, n NewComment, author uuid.UUID) error {
	added, err := exec(ctx, tx, `
		insert into proposal_comments (id, proposal_id, revision, thread_id, target, target_id, body, author)
		select $1, proposal_id, $4, id, target, target_id, $5, $6
		from proposal_comments
		where id = $3 and proposal_id = $2 and thread_id is null`, id, p.ID, n.Thread, p.Revision, n.Body, author)
	if err == nil && added == 0 {
		return ErrNotFound
	}
	return err
}

func startThread(ctx context.Context, tx pgx.Tx, id uuid.UUID, p Proposal, n NewComment, author uuid.UUID) error {
	if n.Revision < 1 || n.Revision > p.Revision {
		return ErrNotFound
	}
	shown, err := shownRevision(ctx, tx, p, n.Revision)
	if err != nil {
		return err
	}
	if !shown.has(n.Target, n.TargetID) {
		return ErrNotFound
	}
	var target *string
	if n.Target != OnGraph {
		target = &n.TargetID
	}
	_, err = tx.Exec(ctx, `
		insert into proposal_comments (id, proposal_id, revision, target, target_id, body, author)
		values ($1, $2, $3, $4, $5, $6, $7)`, id, p.ID, n.Revision, string(n.Target), target, n.Body, author)
	return err
}

// has says whether either side of the revision's change has what a comment is about.
func (r ShownRevision) has(target CommentTarget, id string) bool {
	for _, g := range []sop.Graph{r.Base, r.Graph} {
		_, node := g.Node(id)
		_, edge := g.Edge(id)
		if target == OnGraph && id == "" || target == OnNode && node || target == OnEdge && edge {
			return true
		}
	}
	return false
}

// ResolveThread says that a thread needs no more talk. Everybody who comments may; ErrConflict when it is resolved.
func (t *Tenant) ResolveThread(ctx context.Context, proposal, thread uuid.UUID) error {
	return t.markThread(ctx, proposal, thread, CommentResolved, `
		update proposal_comments set resolved_by = $3, resolved_at = now()
		where id = $2 and proposal_id = $1 and thread_id is null and resolved_at is null and $3::uuid is not null`)
}

// ReopenThread takes a resolved thread up again. ErrConflict when it is open.
func (t *Tenant) ReopenThread(ctx context.Context, proposal, thread uuid.UUID) error {
	return t.markThread(ctx, proposal, thread, CommentReopened, `
		update proposal_comments set resolved_by = null, resolved_at = null
		where id = $2 and proposal_id = $1 and thread_id is null and resolved_at is not null and $3::uuid is not null`)
}

func (t *Tenant) markThread(ctx context.Context, proposal, thread uuid.UUID, action Action, update string) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		p, err := proposalByID(ctx, tx, proposal)
		if err != nil {
			return err
		}
		_, err = value[uuid.UUID](ctx, tx, `
			select id from proposal_comments where id = $1 and proposal_id = $2 and thread_id is null`, thread, proposal)
		if err != nil {
			return err
		}
		if err := move(ctx, tx, update, proposal, thread, t.User.ID); err != nil {
			return err
		}
		return t.audit(ctx, tx, action, p.object(), Details{"thread": thread.String()})
	})
}

// threads reads all threads of a proposal in the order in which they began, comments in the order of their time.
func threads(ctx context.Context, tx pgx.Tx, proposal uuid.UUID) ([]Thread, error) {
	type row struct {
		ID         uuid.UUID     `db:"id"`
		Thread     uuid.UUID     `db:"thread"`
		Revision   int           `db:"revision"`
		Target     CommentTarget `db:"target"`
		TargetID   string        `db:"target_id"`
		Body       string        `db:"body"`
		Author     string        `db:"author"`
		At         time.Time     `db:"created_at"`
		ResolvedBy string        `db:"resolved_by"`
		ResolvedAt *time.Time    `db:"resolved_at"`
	}
	rows, err := many[row](ctx, tx, `
		select c.id, coalesce(c.thread_id, c.id) as thread, c.revision, c.target, coalesce(c.target_id, '') as target_id, c.body,
			a.display_name as author, c.created_at, coalesce(r.display_name, '') as resolved_by, c.resolved_at
		from proposal_comments c
		join people a on a.user_id = c.author
		left join people r on r.user_id = c.resolved_by
		where c.proposal_id = $1
		order by c.created_at, c.id`, proposal)
	list, at := []Thread{}, map[uuid.UUID]int{}
	for _, r := range rows {
		i, known := at[r.Thread]
		if !known {
			i = len(list)
			at[r.Thread] = i
			list = append(list, Thread{
				ID: r.Thread, Revision: r.Revision, Target: r.Target, TargetID: r.TargetID, ResolvedBy: r.ResolvedBy, ResolvedAt: r.ResolvedAt,
			})
		}
		list[i].Comments = append(list[i].Comments, Remark{ID: r.ID, Author: r.Author, Body: r.Body, Revision: r.Revision, At: r.At})
	}
	return list, err
}
