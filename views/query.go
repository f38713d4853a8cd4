package views

import (
	"net/url"
	"strconv"
	"strings"
)

// queryOf makes a query of pairs, leaving out what is empty, so that a plain list has a plain address.
func queryOf(pairs ...string) url.Values {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	return query
}

// nextSort is the order that a click on a column's head asks for.
func nextSort(current, key string) string {
	if current == key {
		return "-" + key
	}
	return key
}

// sortDirection is what a column's head says of the order: ascending, descending, or "" when another column sorts.
func sortDirection(current, key string) string {
	switch current {
	case key:
		return "ascending"
	case "-" + key:
		return "descending"
	}
	return ""
}

// orDefault is text, or what stands for nothing.
func orDefault(text, fallback string) string {
	if strings.TrimSpace(text) == "" {
		return fallback
	}
	return text
}

// thousands is a number with commas between its thousands, such as 10,000.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
