package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/synthesis"
)

// Subject is what a synthesis is about: a signal or a cluster.
type Subject struct{ Signal, Cluster uuid.UUID }

type subjectRow struct {
	Realm      uuid.UUID `db:"realm_id"`
	Title      string    `db:"title"`
	Visibility string    `db:"visibility"`
	Author     uuid.UUID `db:"author"`
	Alone      bool      `db:"alone"` // its realm is one person's
	Writable   bool      `db:"writable"`
}

// findSubject returns a signal that the member may see, or a cluster of their realms; ErrNotFound otherwise.
func findSubject(ctx context.Context, tx pgx.Tx, about Subject) (subjectRow, error) {
	if about.Cluster != uuid.Nil {
		// What is written in a realm of one person is theirs alone, also when the realm is opened later.
		return one[subjectRow](ctx, tx, `
			select x.realm_id, x.title, case r.type when 'PRIVATE' then 'PRIVATE' else 'SHARED' end as visibility,
				current_setting('app.user_id')::uuid as author, r.type = 'PRIVATE' as alone, x.realm_id = any (current_setting('app.realms_write')::uuid[]) as writable
			from clusters x join realms r on r.id = x.realm_id
			where x.id = $1 and x.realm_id = any (current_setting('app.realms_read')::uuid[])`, about.Cluster)
	}
	return one[subjectRow](ctx, tx, `
		select s.realm_id, s.title, s.visibility, s.created_by as author, coalesce(r.type = 'PRIVATE', false) as alone, s.realm_id = any (current_setting('app.realms_write')::uuid[]) as writable
		from signals s left join realms r on r.id = s.realm_id
		where s.id = $1 and s.deleted_at is null and `+inReach, about.Signal)
}

// AskSynthesis asks for a text about a signal or a cluster of a realm that the member may add to. ErrConflict when one of the type
// is under way, or the author of the signal does not allow it.
func (t *Tenant) AskSynthesis(ctx context.Context, about Subject, kind synthesis.Type) (uuid.UUID, error) {
	return t.askSynthesis(ctx, about, kind, uuid.Nil, uuid.Nil)
}

// AskSynthesisOf asks a language model for a text, as AskSynthesis asks the built-in writer. Invalid on "writer" when there is no
// such account, it is switched off, or the author of the signal does not allow that it leaves this server.
func (t *Tenant) AskSynthesisOf(ctx context.Context, account uuid.UUID, about Subject, kind synthesis.Type) (uuid.UUID, error) {
	id, err := t.askSynthesis(ctx, about, kind, uuid.Nil, account)
	if refused := (Conflict{}); errors.As(err, &refused) && (refused == noModel || refused == notAllowed(true)) {
		err = Invalid{"writer": refused.Reason}
	}
	return id, err
}

var noModel = Conflict{Reason: "This language model is not there any more. Choose another writer."}

// RegenerateSynthesis asks the same writer for another text of the same type about the same. The earlier one stays until the new one is confirmed.
func (t *Tenant) RegenerateSynthesis(ctx context.Context, id uuid.UUID) (uuid.UUID, error) {
	var before Synthesis
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		before, err = findSynthesis(ctx, tx, id)
		return err
	})
	if err != nil {
		return uuid.Nil, err
	}
	account := uuid.Nil
	if before.Account != nil {
		account = *before.Account
	}
	return t.askSynthesis(ctx, before.Of(), before.Type, id, account)
}

func (t *Tenant) askSynthesis(ctx context.Context, about Subject, kind synthesis.Type, supersedes, account uuid.UUID) (uuid.UUID, error) {
	types := synthesis.OfSignal
	if about.Cluster != uuid.Nil {
		types = synthesis.OfCluster
	}
	if !slices.Contains(types, kind) {
		return uuid.Nil, Invalid{"type": "Choose what to write from the list."}
	}
	id := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		home, err := findSubject(ctx, tx, about)
		if err != nil {
			return err
		}
		if !home.Writable {
			return fmt.Errorf("%w: needs the right to add to the realm", ErrForbidden)
		}
		if account != uuid.Nil {
			if found, err := findLLMAccount(ctx, tx, account); errors.Is(err, pgx.ErrNoRows) || err == nil && found.State != "ACTIVE" {
				return noModel
			} else if err != nil {
				return err
			}
		}
		if err := t.mayDescribe(ctx, tx, about, kind, home, account != uuid.Nil); err != nil {
			return err
		}
		_, err = exec(ctx, tx, `
			insert into syntheses (id, realm_id, signal_id, cluster_id, supersedes_id, type, provider, work, visibility, subject_author, created_by, account_id)
			values ($1, $2, $3, $4, $5, $6, '', 'WAITING', $7, $8, $9, $10)`,
			id, home.Realm, orNull(about.Signal), orNull(about.Cluster), orNull(supersedes), kind, home.Visibility, home.Author, t.User.ID, orNull(account))
		if err != nil {
			return err
		}
		if err := realmJob(ctx, tx, "write_synthesis", map[string]uuid.UUID{"synthesis": id}); err != nil {
			return err
		}
		return t.audit(ctx, tx, SynthesisRequested, Object{"synthesis", id, ""}, Details{"type": string(kind), "outside": account != uuid.Nil})
	})
	return id, err
}

// purposeOf is what people have to allow for a text of a type.
func purposeOf(kind synthesis.Type) Purpose {
	if kind == synthesis.Surface || kind == synthesis.Structure {
		return ToAnalyse
	}
	return ToReflect
}

// mayDescribe refuses at once what the work would refuse: a signal without its author's consent.
func (t *Tenant) mayDescribe(ctx context.Context, tx pgx.Tx, about Subject, kind synthesis.Type, home subjectRow, external bool) error {
	if about.Signal == uuid.Nil {
		return nil
	}
	needed := t.useFor(about, home, kind, external)
	needed.lineage = false
	taken, _, err := needed.allowed(ctx, tx)
	if err == nil {
		err = needed.refuses(taken)
	}
	return err
}

// firstModel is the default of the models, unless the author of the signal lets nothing of it leave this server: uuid.Nil then.
func (t *Tenant) firstModel(ctx context.Context, tx pgx.Tx, about Subject, home subjectRow, models []LLMAccount) (uuid.UUID, error) {
	if len(models) == 0 || !models[0].Default {
		return uuid.Nil, nil
	}
	for _, kind := range []synthesis.Type{synthesis.Surface, synthesis.Mirror} { // one for each purpose
		err := t.mayDescribe(ctx, tx, about, kind, home, true)
		if err == nil {
			return models[0].ID, nil
		} else if !errors.Is(err, ErrConflict) {
			return uuid.Nil, err
		}
	}
	return uuid.Nil, nil
}

// notAllowed says that a consent is missing.
func notAllowed(external bool) Conflict {
	if external {
		return Conflict{Reason: "The author of this signal has not allowed that it leaves this server. Authors allow it on the page of consents of the realm."}
	}
	return Conflict{Reason: "The author of this signal has not allowed this in the realm."}
}

// RetrySynthesis asks the same writer again for what failed or was stopped.
func (t *Tenant) RetrySynthesis(ctx context.Context, id uuid.UUID) error {
	return t.retrySynthesis(ctx, id, false)
}

// WriteSynthesisHere asks the built-in writer for what a language model did not write.
func (t *Tenant) WriteSynthesisHere(ctx context.Context, id uuid.UUID) error {
	return t.retrySynthesis(ctx, id, true)
}

func (t *Tenant) retrySynthesis(ctx context.Context, id uuid.UUID, builtIn bool) error {
	return t.changeSynthesis(ctx, id, SynthesisRequested, func(tx pgx.Tx, s Synthesis) (Details, error) {
		err := move(ctx, tx, `
			update syntheses
			set work = 'WAITING', error = '', finished_at = null, done = 0, tries = 0, account_id = case when not $2 then account_id end
			where id = $1 and work in ('FAILED', 'CANCELLED')`, id, builtIn)
		if err != nil {
			return nil, err
		}
		// A number of its own: the job of the earlier try may still wait for its next turn, and would stand for this one.
		return Details{"type": string(s.Type), "outside": s.Account != nil && !builtIn},
			realmJob(ctx, tx, "write_synthesis", map[string]uuid.UUID{"synthesis": id, "ask": newID()})
	})
}

// StopSynthesis ends the writing of a text. What was written so far is not kept.
func (t *Tenant) StopSynthesis(ctx context.Context, id uuid.UUID) error {
	return t.changeSynthesis(ctx, id, SynthesisStopped, func(tx pgx.Tx, _ Synthesis) (Details, error) {
		return nil, move(ctx, tx, `update syntheses set work = 'CANCELLED', finished_at = now() where id = $1 and work in ('WAITING', 'RUNNING')`, id)
	})
}

// changeSynthesis runs a change on a synthesis of a realm that the member may add to, and records it.
func (t *Tenant) changeSynthesis(ctx context.Context, id uuid.UUID, action Action, change func(tx pgx.Tx, s Synthesis) (Details, error)) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		found, err := findSynthesis(ctx, tx, id)
		if err != nil {
			return err
		}
		if !found.Editable {
			return fmt.Errorf("%w: needs the right to add to the realm", ErrForbidden)
		}
		details, err := change(tx, found)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, action, Object{"synthesis", id, ""}, details)
	})
}

// EditSynthesis replaces the text by a person's. A line keeps its source by the number in brackets at its end.
func (t *Tenant) EditSynthesis(ctx context.Context, id uuid.UUID, revision int, body string) error {
	body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
	if length := len([]rune(body)); length < 1 || length > 20_000 {
		return Invalid{"body": "Use 1 to 20,000 characters."}
	}
	return t.changeSynthesis(ctx, id, SynthesisEdited, func(tx pgx.Tx, s Synthesis) (Details, error) {
		page := SynthesisPage{Synthesis: s}
		if err := page.read(ctx, tx); err != nil {
			return nil, err
		}
		if page.Withheld > 0 {
			return nil, Conflict{Reason: "Part of this text is withheld from you, so you cannot replace it. Have it written anew instead."}
		}
		return nil, move(ctx, tx, `
			update syntheses set body = $3, revision = revision + 1, edited_at = now(), updated_at = now()
			where id = $1 and revision = $2 and work = 'DONE' and state <> 'SUPERSEDED'`, id, revision, body)
	})
}

// ConfirmSynthesis says that a person stands by the text. The one that it was written in place of is superseded.
func (t *Tenant) ConfirmSynthesis(ctx context.Context, id uuid.UUID, revision int) error {
	return t.changeSynthesis(ctx, id, SynthesisConfirmed, func(tx pgx.Tx, s Synthesis) (Details, error) {
		err := move(ctx, tx, `
			update syntheses set state = 'CONFIRMED', revision = revision + 1, updated_at = now()
			where id = $1 and revision = $2 and state = 'DRAFT' and work = 'DONE'`, id, revision)
		if err != nil || s.Supersedes == nil {
			return nil, err
		}
		_, err = exec(ctx, tx, `update syntheses set state = 'SUPERSEDED', revision = revision + 1, updated_at = now() where id = $1`, *s.Supersedes)
		return nil, err
	})
}

// RateSynthesis says how good a text is, 1 to 5.
func (t *Tenant) RateSynthesis(ctx context.Context, id uuid.UUID, rating int) error {
	if rating < 1 || rating > 5 {
		return Invalid{"rating": "Choose 1 to 5."}
	}
	return t.changeSynthesis(ctx, id, SynthesisRated, func(tx pgx.Tx, _ Synthesis) (Details, error) {
		return Details{"rating": rating}, move(ctx, tx, `update syntheses set rating = $2 where id = $1 and work = 'DONE'`, id, rating)
	})
}

// DeleteSynthesis removes a text. One that another was written in place of loses that link.
func (t *Tenant) DeleteSynthesis(ctx context.Context, id uuid.UUID) error {
	return t.changeSynthesis(ctx, id, SynthesisDeleted, func(tx pgx.Tx, _ Synthesis) (Details, error) {
		return nil, move(ctx, tx, `delete from syntheses where id = $1`, id)
	})
}

// synthesisBody joins lines to a text that can be edited.
func synthesisBody(lines []SynthesisLine) string {
	parts := make([]string, 0, len(lines))
	for _, line := range lines {
		text := line.Text
		if line.Source != nil {
			text = fmt.Sprintf("%s [%d]", text, line.Number)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n")
}
