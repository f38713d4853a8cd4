package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Mail is a message of the outbox. It is written in the transaction that causes it, and sent by a job.
type Mail struct {
	ID        uuid.UUID  `db:"id"`
	Recipient string     `db:"recipient"`
	Subject   string     `db:"subject"`
	Body      string     `db:"body"` // plain text; emptied once it was sent, because links in it are secrets
	Tries     int        `db:"tries"`
	Problem   *string    `db:"problem"` // why it could not be sent the last time it was tried
	CreatedAt time.Time  `db:"created_at"`
	SentAt    *time.Time `db:"sent_at"`
}

// A Mailer hands a mail to whoever delivers it. A mail that it took may be given to it again, after a crash; its id
// is then the same.
type Mailer interface {
	Send(ctx context.Context, mail Mail) error
}

const mailColumns = `id, recipient, subject, body, tries, problem, created_at, sent_at`

// QueuedMail lists the mail that nobody has sent, the newest first, for the outbox page of a development server.
func (s *Store) QueuedMail(ctx context.Context) ([]Mail, error) {
	list, err := many[Mail](ctx, s.ctl, `
		select `+mailColumns+`
		from outbox
		where sent_at is null
		order by created_at desc, id desc
		limit 50`)
	return list, translate(err)
}

// MailByID loads a mail of the outbox.
func (s *Store) MailByID(ctx context.Context, id uuid.UUID) (Mail, error) {
	mail, err := one[Mail](ctx, s.ctl, `select `+mailColumns+` from outbox where id = $1`, id)
	return mail, translate(err)
}

// MarkMailSent notes that a mail was handed over and forgets its text. ErrNotFound when that was noted before.
func (s *Store) MarkMailSent(ctx context.Context, id uuid.UUID) error {
	tag, err := s.ctl.Exec(ctx, `
		update outbox set sent_at = now(), body = '', problem = null
		where id = $1 and sent_at is null`, id)
	if err == nil && tag.RowsAffected() == 0 {
		return ErrNotFound
	}
	return translate(err)
}

// SendMail hands a mail of the outbox to the mailer, unless that was done. When the mailer does not take it, the mail
// keeps the reason, and the job that calls this tries again later.
func (s *Store) SendMail(ctx context.Context, id uuid.UUID, mailer Mailer) error {
	mail, err := s.MailByID(ctx, id)
	if err != nil || mail.SentAt != nil {
		return err
	}
	if err := mailer.Send(ctx, mail); err != nil {
		return errors.Join(err, s.noteMailProblem(ctx, id, err))
	}
	return s.MarkMailSent(ctx, id)
}

func (s *Store) noteMailProblem(ctx context.Context, id uuid.UUID, problem error) error {
	_, err := s.ctl.Exec(ctx, `
		update outbox set tries = tries + 1, problem = left($2, 1000)
		where id = $1`, id, problem.Error())
	return translate(err)
}

// UnsentMail counts the mail that the mail server has refused so far, and tells the newest refusal.
func (s *Store) UnsentMail(ctx context.Context) (count int, newest string, err error) {
	err = s.ctl.QueryRow(ctx, `
		select count(*), coalesce((array_agg(problem order by created_at desc))[1], '')
		from outbox
		where sent_at is null and problem is not null`).Scan(&count, &newest)
	return count, newest, translate(err)
}

// queueMail puts a mail into the outbox, with the job that sends it.
func queueMail(ctx context.Context, tx pgx.Tx, to, subject, body string) error {
	_, err := tx.Exec(ctx, `select public.queue_mail($1, $2, $3, $4)`, newID(), to, subject, body)
	return err
}
