package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

const (
	maxCitations = 100 // of one proposal
	passageShown = 600 // characters of a passage
)

// EvidenceOrigin is what a proposal grows from: exactly one of the two.
type EvidenceOrigin struct{ Cluster, Synthesis uuid.UUID }

// Citation is a signal with the number that a text names it by, [1]. Length 0 is the signal as a whole, else From and Length name a
// passage in characters of its text.
type Citation struct {
	Number       int
	Signal       uuid.UUID
	From, Length int
}

// CitedSignal is a citation as the person sees it who is about to make it.
type CitedSignal struct {
	Number     int         `db:"number"`
	Signal     uuid.UUID   `db:"signal_id"`
	From       int         `db:"passage_from"`
	Length     int         `db:"passage_length"`
	Type       signal.Type `db:"type"`
	Title      string      `db:"title"`
	Author     string      `db:"author"`
	Passage    string      `db:"passage"` // or the first words
	Open       bool        `db:"open"`    // quoting it tells nothing that is another's to tell: it is the member's own, or everybody's to read anyway
	CapturedAt time.Time   `db:"captured_at"`
}

// EvidenceSource is what the form shows that turns a cluster or a synthesis into a proposal.
type EvidenceSource struct {
	EvidenceOrigin
	Title      string        // of the cluster, or of what the synthesis is about: its theme
	Signals    []CitedSignal // to choose from, by number
	More       int           // signals of the cluster that there is no room for
	Procedures []SOPChoice   // that are in force
	Surrogates []SurrogateName
	Readers    int // people of the organisation, who will all read the reasons
}

// EvidenceSource reads a cluster or a synthesis for a proposal. given are the citations that the form has already; nil numbers those of
// the source anew. What the member may not see any more is left out. Conflict when nothing may be built on the source.
func (t *Tenant) EvidenceSource(ctx context.Context, origin EvidenceOrigin, given []Citation) (EvidenceSource, error) {
	found := EvidenceSource{EvidenceOrigin: origin}
	err := t.tx(ctx, func(tx pgx.Tx) error {
		citations, err := found.read(ctx, tx)
		if err != nil {
			return err
		}
		if given == nil {
			given = citations
		}
		if found.Signals, err = citedSignals(ctx, tx, given); err != nil {
			return err
		}
		if found.Procedures, err = changeableSOPs(ctx, tx); err != nil {
			return err
		}
		if found.Surrogates, err = many[SurrogateName](ctx, tx, surrogateNames); err != nil {
			return err
		}
		found.Readers, err = value[int](ctx, tx, `select count(*) from people where state = 'ACTIVE'`)
		return err
	})
	return found, err
}

// read opens the source and numbers its signals.
func (s *EvidenceSource) read(ctx context.Context, tx pgx.Tx) ([]Citation, error) {
	if s.Synthesis != uuid.Nil {
		return s.readSynthesis(ctx, tx)
	}
	cluster, err := findCluster(ctx, tx, s.Cluster)
	if err != nil {
		return nil, err
	}
	if cluster.Suggested() || cluster.State == "ARCHIVED" {
		return nil, Conflict{Reason: "Accept this cluster first: nothing is built on a suggestion or on what was dismissed."}
	}
	members, err := clusterMembers(ctx, tx, s.Cluster)
	s.Title, s.More = cluster.Title, max(0, len(members)-maxCitations)
	citations := make([]Citation, 0, len(members))
	for i, m := range members[:len(members)-s.More] {
		citations = append(citations, Citation{Number: i + 1, Signal: m.ID})
	}
	return citations, err
}

// readSynthesis cites each passage of a text once, and without passages the signals that it is about.
func (s *EvidenceSource) readSynthesis(ctx context.Context, tx pgx.Tx) ([]Citation, error) {
	found, err := findSynthesis(ctx, tx, s.Synthesis)
	if err != nil {
		return nil, err
	}
	switch {
	case found.Work != "DONE" || found.State == "SUPERSEDED":
		return nil, Conflict{Reason: "Nothing is built on a text that is not finished, or that another one has replaced."}
	case found.TaintedAt != nil:
		return nil, Conflict{Reason: "A consent that this text rests on was revoked. Have it written anew first."}
	}
	page := SynthesisPage{Synthesis: found}
	if err := page.read(ctx, tx); err != nil {
		return nil, err
	}
	s.Title = found.About
	var citations []Citation
	seen := map[Citation]bool{}
	add := func(c Citation) {
		if !seen[c] && len(citations) < maxCitations {
			seen[c] = true
			c.Number = len(citations) + 1
			citations = append(citations, c)
		}
	}
	for _, line := range page.Lines {
		if line.Source != nil && line.Quote != "" {
			add(Citation{Signal: line.Signal, From: line.From, Length: line.Length})
		}
	}
	if len(citations) == 0 {
		for _, id := range found.SignalIDs {
			add(Citation{Signal: id})
		}
	}
	return citations, nil
}

// citedSignals reads the signals of citations that the member may see, by number.
func citedSignals(ctx context.Context, tx pgx.Tx, citations []Citation) ([]CitedSignal, error) {
	numbers, signals, from, length := columnsOf(citations)
	return many[CitedSignal](ctx, tx, `
		select x.number, x.signal_id, x.passage_from, x.passage_length, s.type, s.title, p.display_name as author,
			case when x.passage_length = 0 then `+excerpt+`
				else substr(split_part(s.body, E'\f', 1), x.passage_from + 1, least(x.passage_length, $5)) end as passage,
			s.created_by = current_setting('app.user_id')::uuid or s.realm_listed and s.visibility = 'PUBLIC' as open, s.captured_at
		from unnest($1::int[], $2::uuid[], $3::int[], $4::int[]) as x (number, signal_id, passage_from, passage_length)
		join signals s on s.id = x.signal_id
		join people p on p.user_id = s.created_by
		where s.deleted_at is null and `+inReach+`
			and (x.passage_length = 0 or x.passage_from >= 0 and x.passage_length > 0
				and x.passage_from::bigint + x.passage_length <= length(split_part(s.body, E'\f', 1)))
		order by x.number`, numbers, signals, from, length, passageShown)
}

// columnsOf takes citations apart for unnest.
func columnsOf(citations []Citation) (numbers []int, signals []uuid.UUID, from, length []int) {
	numbers, signals, from, length = []int{}, []uuid.UUID{}, []int{}, []int{}
	for _, c := range citations {
		numbers, signals = append(numbers, c.Number), append(signals, c.Signal)
		from, length = append(from, c.From), append(length, c.Length)
	}
	return numbers, signals, from, length
}

// changeableSOPs lists the versions in force whose surrogate is in use.
func changeableSOPs(ctx context.Context, tx pgx.Tx) ([]SOPChoice, error) {
	return many[SOPChoice](ctx, tx, `
		select s.id, s.title, s.version, g.role_title
		from sops s
		join surrogates g on g.id = s.surrogate_id
		where s.status = 'CERTIFIED' and g.status <> 'ARCHIVED'
		order by lower(g.role_title), lower(s.title), s.id
		limit 1000`)
}
