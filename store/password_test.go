package store

import (
	"strings"
	"testing"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for password, good := range map[string]bool{
		"correct horse battery":                 true,
		"try surrealm out":                      true,
		"Ein Maulwurf im Gras":                  true,
		"北京的秋天很美丽也很冷清啊":                         true,
		strings.Repeat("ab1 ", 2) + "fgh7":      true,
		"short":                                 false,
		"elevenchars":                           false,
		"passwordpassword":                      false,
		"P@ssw0rd12345":                         false,
		"Password!2026":                         false,
		"welcome12345":                          false,
		"Summer2026!!!":                         false,
		"123456789012":                          false,
		"qwertyuiopas":                          false,
		"1qaz2wsx3edc":                          false,
		"abcabcabcabc":                          false,
		"xk3!xk3!xk3!":                          false,
		"aaaaaaaaaaaaa":                         false,
		"correcthorsebatterystaple":             false,
		"admin-admin-test":                      false,
		"ada.lovelace":                          false,
		"Engines Ltd 1843":                      false,
		strings.Repeat("long and longer ", 9):   false,
		strings.Repeat("界", 129):                false,
		"the moon over " + "ada.lovelace's sea": true,
	} {
		problem := checkPassword(password, "Ada Lovelace", "ada.lovelace", "Engines Ltd")
		if (problem == "") != good {
			t.Errorf("%q: %q", password, problem)
		}
	}
}
