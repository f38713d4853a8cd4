package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/storetest"
)

// postbox is a Mailer that keeps what it takes, unless it is closed.
type postbox struct {
	taken  []store.Mail
	closed error
}

func (p *postbox) Send(_ context.Context, m store.Mail) error {
	if p.closed == nil {
		p.taken = append(p.taken, m)
	}
	return p.closed
}

func TestMailIsSentOnceAndThenForgotten(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	requestReset(t, owner.User.Email)
	id := mailID(t, owner.User.Email)
	box := &postbox{closed: errors.New("away")}

	if err := s.SendMail(t.Context(), id, box); err == nil {
		t.Error("no error from a mailer that is away")
	}
	if mail, err := s.MailByID(t.Context(), id); err != nil || mail.Tries != 1 || mail.Problem == nil || *mail.Problem != "away" {
		t.Errorf("after a try in vain: %+v, %v", mail, err)
	}
	box.closed = nil
	for range 2 {
		if err := s.SendMail(t.Context(), id, box); err != nil {
			t.Fatal(err)
		}
	}

	if len(box.taken) != 1 || box.taken[0].Recipient != owner.User.Email || box.taken[0].Body == "" {
		t.Errorf("taken = %+v", box.taken)
	}
	mail, err := s.MailByID(t.Context(), id)
	if err != nil || mail.SentAt == nil || mail.Body != "" || mail.Problem != nil {
		t.Errorf("mail = %+v, %v", mail, err)
	}
	queued, err := s.QueuedMail(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range queued {
		if m.ID == id {
			t.Error("a sent mail is still queued")
		}
	}
	if _, err := s.MailByID(t.Context(), uuid.New()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown mail: %v", err)
	}
}

// mailID is the newest mail to an address.
func mailID(t *testing.T, email string) (id uuid.UUID) {
	t.Helper()
	row := storetest.Behind(t).QueryRow(t.Context(), `
		select id
		from outbox
		where recipient = $1
		order by created_at desc, id desc
		limit 1`, email)
	if err := row.Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}
