package views

import (
	"encoding/csv"
	"strings"
)

// writeTags writes tags with commas between them. A tag with a comma or a quotation mark in it stands in quotation marks.
func writeTags(tags []string) string {
	out := make([]string, len(tags))
	for i, tag := range tags {
		if out[i] = tag; strings.ContainsAny(tag, `,"`) {
			out[i] = `"` + strings.ReplaceAll(tag, `"`, `""`) + `"`
		}
	}
	return strings.Join(out, ", ")
}

// readTags is the inverse of writeTags.
func readTags(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	reader := csv.NewReader(strings.NewReader(onLine(text)))
	reader.LazyQuotes, reader.TrimLeadingSpace, reader.FieldsPerRecord = true, true, -1
	tags, err := reader.Read()
	if err != nil {
		return strings.Split(text, ",")
	}
	return tags
}
