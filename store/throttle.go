package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Place is where a request comes from: the address of its connection, and how its browser calls itself.
type Place struct {
	Address string
	Device  string
}

// network is the part of the address that its holder cannot change at will: the address itself, or the /64 of IPv6.
func (p Place) network() string {
	address, err := netip.ParseAddr(p.Address)
	if err != nil {
		return "unknown"
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	return netip.PrefixFrom(address, 64).Masked().String()
}

// TooMany says that something was tried too often, and how long to wait. It is a delay and no lock: the same try
// counts again after it.
type TooMany struct{ Wait time.Duration }

// Error is for a log; Message is for the person.
func (t TooMany) Error() string { return "too many tries, wait " + t.Wait.String() }

// Message is the sentence to show.
func (t TooMany) Message() string {
	return "There were too many tries. Wait " + t.minutes() + ", then try again."
}

func (t TooMany) minutes() string {
	if minutes := int((t.Wait + time.Minute - 1) / time.Minute); minutes > 1 {
		return fmt.Sprintf("%d minutes", minutes)
	}
	return "a minute"
}

// A limit bounds how often its subject may be counted within a window.
type limit struct {
	subject string
	most    int
	window  time.Duration
}

// The limits, by what they protect. Those of accounts count by the e-mail that was typed, whether an account has it
// or not, so that a limit tells nothing about who has an account.

func addressLimit(from Place) limit {
	return limit{"address:" + from.network(), 50, 15 * time.Minute}
}

// accountLimit bounds guesses at one account. The owner's usual places have a count of their own: a stranger who uses
// up the common one does not keep the owner out.
func accountLimit(email string, from Place, knownPlace bool) limit {
	subject := "account:" + emailKey(email)
	if knownPlace {
		subject += "@" + from.network()
	}
	return limit{subject, 10, 15 * time.Minute}
}

// registerLimit bounds new organisations, and asking by way of them who has an account.
func registerLimit(from Place) limit {
	return limit{"register:" + from.network(), 20, time.Hour}
}

// slugLimit bounds the questions whether an address is free: more than anybody types, less than a walk through the
// customers takes.
func slugLimit(from Place) limit {
	return limit{"slug:" + from.network(), 120, time.Minute}
}

// invitationLimit bounds the mail to strangers that an organisation can cause.
func invitationLimit(org uuid.UUID) limit {
	return limit{"invite:" + org.String(), 50, time.Hour}
}

func confirmLimit(user uuid.UUID) limit {
	return limit{"confirm:" + user.String(), 10, 15 * time.Minute}
}

// emailKey stands for an address in the table of counts, which so holds no address that somebody merely typed.
func emailKey(email string) string {
	sum := sha256.Sum256([]byte(email))
	return hex.EncodeToString(sum[:16])
}

// count adds one to each limit in turn, before the try is looked at: tries that run side by side are all counted.
// TooMany from the first that is used up; those behind it are then not counted.
func (s *Store) count(ctx context.Context, limits ...limit) error {
	for _, l := range limits {
		var tries int
		var wait time.Duration
		err := s.ctl.QueryRow(ctx, `
			insert into login_attempts as a (subject, tries, since)
			values ($1, 1, now())
			on conflict (subject) do update
			set tries = case when a.since <= now() - $2::interval then 1 else least(a.tries, 1000000) + 1 end,
				since = case when a.since <= now() - $2::interval then now() else a.since end
			returning tries, since + $2::interval - now()`, l.subject, l.window).Scan(&tries, &wait)
		if err != nil {
			return translate(err)
		}
		if tries > l.most {
			return TooMany{Wait: max(wait, time.Second)}
		}
	}
	return nil
}

// forgive takes back what count added for a try that succeeded: all of the account's, one of the address's.
func forgive(ctx context.Context, tx pgx.Tx, address, account limit) error {
	_, err := tx.Exec(ctx, `
		with cleared as (delete from login_attempts where subject = $1)
		update login_attempts set tries = tries - 1 where subject = $2 and tries > 0`, account.subject, address.subject)
	return err
}
