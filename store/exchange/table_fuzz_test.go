package exchange_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"surrealm/store/exchange"
)

// A table comes back cell by cell, and a spreadsheet takes none of them for a formula: it is the cell, or the cell after an apostrophe.
func FuzzWriteTable(f *testing.F) {
	f.Add("=1+1", "@x", "-12.5")
	f.Add("'=1", "\"a\"\nb", "+49 30 1")
	f.Add("\r", "\t=x", "\ufeff=x")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var out strings.Builder
		row := []string{a, b, c}
		if err := exchange.WriteTable(&out, [][]string{row}); err != nil {
			t.Fatal(err)
		}
		back, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).Read()
		if err != nil && slices.Max(row) == "" {
			return // a line without any text is none
		}
		if err != nil || len(back) != len(row) {
			t.Fatalf("%q: %q, %v", row, back, err)
		}
		for i, cell := range back {
			want := strings.ReplaceAll(row[i], "\r\n", "\n") // as every reader of such files takes line ends
			if cell != want && cell != "'"+want {
				t.Errorf("%q became %q", want, cell)
			}
			if strings.ContainsRune("=@\t\r", first(cell)) || strings.ContainsRune("+-", first(cell)) && strings.ContainsAny(cell, "=(!|") {
				t.Errorf("%q is a formula", cell)
			}
		}
	})
}

// first is the first character, or a space.
func first(text string) rune {
	for _, r := range text {
		return r
	}
	return ' '
}
