package store

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// Limits of a password, in characters. There are no rules about its composition: length is what counts.
const (
	minPassword = 12
	maxPassword = 128
)

// PasswordCost is Argon2id with 19 MiB, 2 passes and 1 lane, the least that OWASP's Password Storage Cheat Sheet advises.
var PasswordCost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// maxHashes bounds how many hashes of a store run at once: each takes 19 MiB and a core for some 30 ms, and a flood of
// logins must not starve everything else.
const maxHashes = 2

// hashWait is how long a hash waits for its turn before the request is told that the server is busy.
const hashWait = 30 * time.Second

// hashPassword returns the encoded hash. It waits for its turn; ErrBusy when that does not come in time.
func (s *Store) hashPassword(ctx context.Context, password string) (string, error) {
	release, err := s.hashes.take(ctx, hashWait)
	if err != nil {
		return "", err
	}
	defer release()
	return argon2id.CreateHash(norm.NFC.String(password), s.cost)
}

// matchPassword compares in constant time, with the cost that the hash names. A password that is too long to be
// anybody's costs no more than another.
func (s *Store) matchPassword(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > 4*maxPassword {
		password = ""
	}
	release, err := s.hashes.take(ctx, hashWait)
	if err != nil {
		return false, err
	}
	defer release()
	return argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
}

// checkPassword says what is wrong with a new password, or "". context are words that an attacker would try first.
func checkPassword(password string, context ...string) string {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return fmt.Sprintf("Use at least %d characters. A few unrelated words are easy to remember.", minPassword)
	case n > maxPassword:
		return fmt.Sprintf("Use at most %d characters.", maxPassword)
	}
	lower := strings.ToLower(password)
	for _, word := range context {
		word = strings.ToLower(strings.TrimSpace(word))
		if len(word) >= 4 && strings.Contains(lower, word) && len(lower) < len(word)+6 {
			return "This is close to your name, address or organisation. Choose another."
		}
	}
	if isCommon(lower) {
		return "This is one of the first passwords that anybody would try. Choose another."
	}
	return ""
}
