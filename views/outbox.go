package views

import (
	"regexp"
	"strings"
)

// A mailPart is a piece of a mail's text, and where it leads when it is a link to this server.
type mailPart struct{ Text, Path string }

var mailedLink = regexp.MustCompile(`https?://\S+`)

// mailParts splits a mail at its links. Only those to base, this server, become links on the page.
func mailParts(body, base string) []mailPart {
	var parts []mailPart
	for body != "" {
		at := mailedLink.FindStringIndex(body)
		if at == nil {
			return append(parts, mailPart{Text: body})
		}
		if at[0] > 0 {
			parts = append(parts, mailPart{Text: body[:at[0]]})
		}
		link := body[at[0]:at[1]]
		path, ours := strings.CutPrefix(link, base)
		if !ours || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) {
			path = ""
		}
		parts = append(parts, mailPart{Text: link, Path: path})
		body = body[at[1]:]
	}
	return parts
}
