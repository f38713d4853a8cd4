package store

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
	"surrealm/store/synthesis"
)

// Synthesis is a text about a signal or a cluster, or the work that will become one. State is DRAFT, CONFIRMED or SUPERSEDED.
type Synthesis struct {
	ID         uuid.UUID           `db:"id"`
	SignalID   *uuid.UUID          `db:"signal_id"` // one of these two
	ClusterID  *uuid.UUID          `db:"cluster_id"`
	About      string              `db:"about"` // its title
	RealmSlug  string              `db:"realm_slug"`
	RealmName  string              `db:"realm_name"`
	Type       synthesis.Type      `db:"type"`
	State      string              `db:"state"`
	Work       string              `db:"work"`  // WAITING, RUNNING, DONE, FAILED or CANCELLED
	Error      string              `db:"error"` // why it failed
	Body       string              `db:"body"`
	Sources    []synthesis.Passage `db:"sources"`
	Content    synthesis.Content   `db:"content"`
	Provider   string              `db:"provider"`
	Model      string              `db:"model"`
	SignalIDs  []uuid.UUID         `db:"signal_ids"` // that were read
	LeftOut    int                 `db:"left_out"`   // signals of people who had not consented
	Consents   int                 `db:"consents"`   // that it rests on
	Supersedes *uuid.UUID          `db:"supersedes_id"`
	Rating     *int                `db:"rating"`     // 1 to 5
	Account    *uuid.UUID          `db:"account_id"` // the language model that writes it; nil is the built-in writer
	Writer     string              `db:"writer"`     // the name of that account
	WriterURL  string              `db:"writer_url"`
	Done       int                 `db:"done"` // of 100, while it is written
	Revision   int                 `db:"revision"`
	Editable   bool                `db:"editable"`
	CreatedBy  string              `db:"created_by"`
	CreatedAt  time.Time           `db:"created_at"`
	EditedAt   *time.Time          `db:"edited_at"`
	TaintedAt  *time.Time          `db:"tainted_at"` // since when a consent, or a share, that it rests on is revoked
}

// Open says that it is still to be written.
func (s Synthesis) Open() bool { return s.Work == "WAITING" || s.Work == "RUNNING" }

// Host is where texts go to be written about; "" for the built-in writer.
func (s Synthesis) Host() string { return hostOf(s.WriterURL) }

// Of is what the synthesis is about.
func (s Synthesis) Of() Subject {
	if s.SignalID != nil {
		return Subject{Signal: *s.SignalID}
	}
	return Subject{Cluster: *s.ClusterID}
}

const (
	synthesisColumns = `
	y.id, y.signal_id, y.cluster_id, coalesce(s.title, c.title) as about, r.slug as realm_slug, r.name as realm_name, y.type, y.state, y.work,
	y.error, y.body, y.sources, y.content, y.provider, y.model, y.signal_ids, y.left_out, cardinality(y.consents) as consents, y.supersedes_id,
	y.rating, y.account_id, coalesce(a.name, '') as writer, coalesce(a.base_url, '') as writer_url, y.done, y.revision,
	y.realm_id = any (current_setting('app.realms_write')::uuid[]) as editable, p.display_name as created_by,
	y.created_at, y.edited_at,
	(select coalesce(least(min(k.revoked_at), min(k.unchosen_at) filter (where k.unchosen_ids && y.signal_ids)), case when count(*) < cardinality(y.consents)
			or (select count(*) from signal_shares h where h.id = any (y.shares) and h.scope = 'SYNTHESIS') < cardinality(y.shares) then y.created_at end)
		from consents k where k.realm_id = y.realm_id and k.id = any (y.consents)) as tainted_at`
	synthesisTables = `
	syntheses y
	join realms r on r.id = y.realm_id
	join people p on p.user_id = y.created_by
	left join signals s on s.realm_id = y.realm_id and s.id = y.signal_id
	left join clusters c on c.realm_id = y.realm_id and c.id = y.cluster_id
	left join llm_accounts a on a.id = y.account_id`
	// What is about a signal in the bin is in the bin too.
	synthesisShows = `y.realm_id = any (current_setting('app.realms_read')::uuid[]) and (y.signal_id is null or s.id is not null and s.deleted_at is null)`
)

func findSynthesis(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Synthesis, error) {
	return one[Synthesis](ctx, tx, `select `+synthesisColumns+` from `+synthesisTables+` where y.id = $1 and `+synthesisShows, id)
}

// SynthesisList is what is written about one signal or cluster, the newest first, at most 100.
type SynthesisList struct {
	Subject
	Title    string
	Editable bool
	Items    []Synthesis  // without their texts
	Models   []LLMAccount // that may write the next one, the default first
	First    uuid.UUID    // the model that a form chooses at first: the default, if any of this may leave the server
}

// Syntheses lists what is written about a signal or a cluster that the member may see in one of their realms.
func (t *Tenant) Syntheses(ctx context.Context, about Subject) (SynthesisList, error) {
	found := SynthesisList{Subject: about}
	err := t.tx(ctx, func(tx pgx.Tx) error {
		home, err := findSubject(ctx, tx, about)
		if err != nil {
			return err
		}
		found.Title, found.Editable = home.Title, home.Writable
		if found.Models, err = many[LLMAccount](ctx, tx, listLLMAccounts); err != nil {
			return err
		}
		found.Models = slices.DeleteFunc(found.Models, func(a LLMAccount) bool { return a.State != "ACTIVE" })
		if found.First, err = t.firstModel(ctx, tx, about, home, found.Models); err != nil {
			return err
		}
		found.Items, err = many[Synthesis](ctx, tx, `
			select `+synthesisColumns+` from `+synthesisTables+`
			where (y.signal_id = $1 or y.cluster_id = $2) and `+synthesisShows+`
			order by y.created_at desc, y.id desc limit 100`, orNull(about.Signal), orNull(about.Cluster))
		for i := range found.Items {
			found.Items[i].Body, found.Items[i].Content = "", synthesis.Content{}
		}
		return err
	})
	return found, err
}

// SynthesisLine is a line of a text, with the passage that it rests on as the signal reads now.
type SynthesisLine struct {
	synthesis.Line
	Signal   uuid.UUID // uuid.Nil without a source
	Title    string
	Quote    string // the passage; "" when the signal has become shorter
	From     int    // of the passage, in characters of the signal's text
	Length   int
	Verbatim bool // the line is what stands there
}

// SynthesisPage is a synthesis as one reader sees it.
type SynthesisPage struct {
	Synthesis
	Lines    []SynthesisLine
	Withheld int                  // lines from signals that this reader may not see, or not any more
	Partial  bool                 // something that was read is not the reader's to see: what was counted is withheld too
	Titles   map[uuid.UUID]string // of the signals that it names
	Others   []Synthesis          // of the same type about the same, to compare with
}

// Synthesis returns one text, without the lines that come from signals which the member may not see now.
func (t *Tenant) Synthesis(ctx context.Context, id uuid.UUID) (SynthesisPage, error) {
	var found SynthesisPage
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.Synthesis, err = findSynthesis(ctx, tx, id); err != nil {
			return err
		}
		if err = found.read(ctx, tx); err != nil {
			return err
		}
		found.Others, err = many[Synthesis](ctx, tx, `
			select `+synthesisColumns+` from `+synthesisTables+`
			where (y.signal_id = $1 or y.cluster_id = $2) and y.type = $3 and y.id <> $4 and y.work = 'DONE' and `+synthesisShows+`
			order by y.created_at desc, y.id desc limit 20`, found.SignalID, found.ClusterID, found.Type, id)
		for i := range found.Others {
			found.Others[i].Body, found.Others[i].Content = "", synthesis.Content{}
		}
		return err
	})
	return found, err
}

// read opens the passages, and leaves out what the reader may not see.
func (p *SynthesisPage) read(ctx context.Context, tx pgx.Tx) error {
	type source struct {
		ID    uuid.UUID    `db:"id"`
		Draft signal.Draft `db:"draft"`
	}
	wanted := slices.Clone(p.SignalIDs)
	for _, passage := range p.Sources {
		wanted = append(wanted, passage.Signal)
	}
	rows, err := many[source](ctx, tx, `
		select s.id, to_jsonb(f) as draft from `+signalTables+` where s.id = any ($1) and s.deleted_at is null and `+inReach, wanted)
	if err != nil {
		return err
	}
	texts := map[uuid.UUID]string{}
	p.Titles = map[uuid.UUID]string{}
	for _, row := range rows {
		p.Titles[row.ID], texts[row.ID] = row.Draft.Title, signal.Body(row.Draft.Payload)
	}
	p.Partial = slices.ContainsFunc(wanted, func(id uuid.UUID) bool { _, seen := p.Titles[id]; return !seen })
	if p.Partial {
		p.Content = synthesis.Content{}
	}
	for _, line := range synthesis.Lines(p.Body, p.Sources) {
		shown := SynthesisLine{Line: line}
		if line.Source != nil {
			text, seen := texts[line.Source.Signal]
			if !seen {
				p.Withheld++
				continue
			}
			shown.Signal, shown.Title = line.Source.Signal, p.Titles[line.Source.Signal]
			if from, to := line.Source.From, line.Source.To; 0 <= from && from < to && to <= len(text) {
				shown.Quote = oneLine(text[from:to])
				shown.From, shown.Length = utf8.RuneCountInString(text[:from]), utf8.RuneCountInString(text[from:to])
			}
			shown.Verbatim = shown.Quote == line.Text
		}
		p.Lines = append(p.Lines, shown)
	}
	p.Body = "" // Lines are what may be shown of it
	if p.Withheld == 0 {
		p.Body = synthesisBody(p.Lines)
	}
	return nil
}
