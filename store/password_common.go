package store

import "strings"

// commonWords are what people reach for when a password has to be long: alone, repeated, or with figures and signs
// around them they are the first that anybody tries.
var commonWords = []string{
	"password", "passwort", "passphrase", "motdepasse", "contrasena", "welcome", "willkommen", "letmein", "changeme", "secret",
	"admin", "administrator", "root", "user", "login", "guest", "test", "testing", "default", "iloveyou", "sunshine", "princess",
	"football", "baseball", "superman", "batman", "dragon", "monkey", "master", "shadow", "starwars", "trustno", "whatever",
	"qwerty", "qwertyuiop", "qwertz", "qwertzuiop", "azerty", "azertyuiop", "asdf", "asdfghjkl", "zxcvbn", "zxcvbnm",
	"correcthorsebatterystaple", "surrealm", "surrogate", "january", "february", "april", "june", "july", "august", "september",
	"october", "november", "december", "spring", "summer", "autumn", "winter",
}

// runs are sequences of keys and letters; a password that is a piece of one is no secret.
const runs = "01234567890123456789 98765432109876543210 abcdefghijklmnopqrstuvwxyz zyxwvutsrqponmlkjihgfedcba " +
	"qwertyuiopasdfghjklzxcvbnm qwertzuiopasdfghjklyxcvbnm azertyuiopqsdfghjklmwxcvbn 1qaz2wsx3edc4rfv5tgb6yhn 1q2w3e4r5t6y7u8i9o0p"

// lookAlikes turns the usual replacements back into letters.
var lookAlikes = strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

// isCommon says that a lower-case password is short of ideas: few characters, a unit that repeats, a run of keys, or
// common words with figures and signs around them.
func isCommon(lower string) bool {
	return distinct(lower) < 5 || repeats(lower) || strings.Contains(runs, lower) ||
		onlyCommonWords(letters(lower)) || onlyCommonWords(letters(lookAlikes.Replace(strings.TrimRight(lower, "0123456789!?.*#$"))))
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// repeats says that s is a shorter text again and again.
func repeats(s string) bool {
	return strings.Contains((s + s)[1:2*len(s)-1], s)
}

// letters drops all but a to z.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, s)
}

// onlyCommonWords says that s is made of common words alone.
func onlyCommonWords(s string) bool {
	if s == "" {
		return false
	}
	made := make([]bool, len(s)+1) // made[i]: s[:i] is
	made[0] = true
	for i := range s {
		for _, word := range commonWords {
			if made[i] && strings.HasPrefix(s[i:], word) {
				made[i+len(word)] = true
			}
		}
	}
	return made[len(s)]
}
