package storetest

import (
	"context"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Statements notes what stores send to the database. It is a store.Options.Tracer.
type Statements struct {
	mu   sync.Mutex
	sent []Sent
	trip int
}

// Sent is one statement. Statements that went in one round trip have the same Trip.
type Sent struct {
	SQL  string
	Args []any
	Trip int
}

// Door says whether the statement enters an organisation, which verifies membership and realms.
func (s Sent) Door() bool { return strings.Contains(s.SQL, "public.enter_tenant(") }

// Control says whether the statement only begins or ends a transaction: the door belongs to its beginning.
func (s Sent) Control() bool {
	if s.Door() {
		return true
	}
	switch word, _, _ := strings.Cut(strings.TrimSpace(strings.ToLower(s.SQL)), " "); word {
	case "begin", "commit", "rollback", "savepoint", "release":
		return true
	}
	return false
}

// Take returns what was sent since the last call.
func (s *Statements) Take() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := s.sent
	s.sent = nil
	return sent
}

// CountStatements returns how many of them do something, and in how many round trips all of them went.
func CountStatements(sent []Sent) (statements, trips int) {
	seen := map[int]bool{}
	for _, one := range sent {
		seen[one.Trip] = true
		if !one.Control() {
			statements++
		}
	}
	return statements, len(seen)
}

func (s *Statements) note(trip int, sql string, args []any) {
	s.sent = append(s.sent, Sent{sql, args, trip})
}

// TraceQueryStart notes a statement that goes alone.
func (s *Statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trip++
	s.note(s.trip, data.SQL, data.Args)
	return ctx
}

// TraceQueryEnd does nothing.
func (s *Statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart notes statements that go together.
func (s *Statements) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trip++
	for _, query := range data.Batch.QueuedQueries {
		s.note(s.trip, query.SQL, query.Arguments)
	}
	return ctx
}

// TraceBatchQuery does nothing.
func (s *Statements) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd does nothing.
func (s *Statements) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
