package store

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/google/uuid"
)

// PageSize is how many rows a page of a list shows.
const PageSize = 20

// Page is one page of a list. Next and Previous are the cursors of its neighbours, "" where there is none.
type Page[T any] struct {
	Items          []T
	Next, Previous string
}

// cursor is a place in a sorted list: the sort key and the id of the row at its edge. Back asks for the rows before it.
// A list stays in place while others add rows, which page numbers would not.
type cursor struct {
	Key  string    `json:"k"`
	ID   uuid.UUID `json:"i"`
	Back bool      `json:"b,omitempty"`
}

func (c cursor) String() string {
	plain, _ := json.Marshal(c) // two strings and a bool always marshal
	return base64.RawURLEncoding.EncodeToString(plain)
}

// parseCursor reads a cursor from a URL. One that was tampered with is the start of the list; it can name no row that
// the query would not return anyway.
func parseCursor(text string) (c cursor, ok bool) {
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(plain) > 1000 || json.Unmarshal(plain, &c) != nil || c.ID == uuid.Nil {
		return cursor{}, false
	}
	return c, true
}

// page cuts the rows of a query that asked for one row more than a page, in the order of its direction, and finds the
// neighbours. place says where a row stands.
func page[T any](rows []T, from cursor, started bool, place func(T) cursor) Page[T] {
	more := len(rows) > PageSize
	if more {
		rows = rows[:PageSize]
	}
	if from.Back {
		for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
	p := Page[T]{Items: rows}
	if len(rows) == 0 {
		return p
	}
	if from.Back || more {
		p.Next = place(rows[len(rows)-1]).String()
	}
	if (from.Back && more) || (!from.Back && started) {
		first := place(rows[0])
		first.Back = true
		p.Previous = first.String()
	}
	return p
}

// sortOrder reads a sort such as "name" or "-updated": its key, and whether it rises.
func sortOrder(sort, fallback string) (key string, ascending bool) {
	if sort == "" {
		sort = fallback
	}
	key, descending := strings.CutPrefix(sort, "-")
	return key, !descending
}

// likePattern escapes what LIKE would read as a wildcard.
func likePattern(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.TrimSpace(text))
}
