package signal

import "strings"

// Text is the signal's words for search and for embedding: title, summary, tags, then Body. Two signals of one text are near each
// other in every search.
func (d Draft) Text() string {
	return joinBlocks(d.Title, d.Summary, strings.Join(d.Tags, ", "), Body(d.Payload))
}

// Body is the words of a payload as plain text, in blocks that are separated by an empty line: the paragraphs of a document without
// its markup, a transcript with its speakers, the messages of a conversation with their authors. A photo has none.
func Body(p Payload) string {
	switch p := p.(type) {
	case Document:
		switch p.Format {
		case Markdown:
			return MarkdownText(p.Content)
		case HTML:
			return HTMLText(p.Content)
		}
		return strings.TrimSpace(p.Content)
	case Transmission:
		return transcriptBody(p.Transcript)
	case Conversation:
		blocks := []string{p.Summary, strings.Join(p.KeyPoints, "\n")}
		for _, m := range p.Messages {
			name := either(m.Author, m.Role.Label())
			if strings.TrimSpace(m.Content) != "" && m.Role != System && m.Role != Tool {
				blocks = append(blocks, name+": "+strings.TrimSpace(m.Content))
			}
		}
		return joinBlocks(blocks...)
	}
	return ""
}

// transcriptBody joins what one speaker says in a row to one block.
func transcriptBody(cues []Cue) string {
	var out strings.Builder
	speaker := ""
	for i, cue := range cues {
		text := strings.TrimSpace(cue.Text)
		switch {
		case i > 0 && cue.Speaker != speaker:
			out.WriteString("\n\n")
		case i > 0:
			out.WriteString("\n")
		}
		if cue.Speaker != "" && (i == 0 || cue.Speaker != speaker) {
			out.WriteString(cue.Speaker + ": ")
		}
		out.WriteString(text)
		speaker = cue.Speaker
	}
	return strings.TrimSpace(out.String())
}

func joinBlocks(blocks ...string) string {
	var out []string
	for _, block := range blocks {
		if block = strings.TrimSpace(block); block != "" {
			out = append(out, block)
		}
	}
	return strings.Join(out, "\n\n")
}
