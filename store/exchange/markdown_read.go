package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"surrealm/store/signal"
)

// readMarkdownZip reads every Markdown and text file of a zip, in the order of their names, or the lines of JSON in it. Pictures and
// recordings go with the rows that name them. Hidden files and folders are left out; other files are named as rows that cannot be read.
func readMarkdownZip(file io.ReaderAt, size int64) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		archive, err := openZip(file, size)
		if err != nil {
			yield(Row{}, err)
			return
		}
		if slices.ContainsFunc(archive.File, holdsConversations) {
			for row, err := range readConversations(file, size) {
				if !yield(row, err) {
					return
				}
			}
			return
		}
		files, texts, err := takeFiles(archive.File)
		if err != nil {
			yield(Row{}, err)
			return
		}
		if at := slices.IndexFunc(texts, func(f *zip.File) bool { return f.Name == archiveRows }); at >= 0 {
			readArchive(texts[at], files, yield)
			return
		}
		slices.SortFunc(texts, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
		unpack := unpacker{UnpackedLimit}
		for _, f := range texts {
			if hidden(f.Name) {
				continue
			}
			row, err := markdownEntry(&unpack, f)
			files.attach(&row)
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func hidden(name string) bool {
	return strings.HasSuffix(name, "/") || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") || strings.HasPrefix(name, "__MACOSX/")
}

func markdownEntry(unpack *unpacker, f *zip.File) (Row, error) {
	name := signal.Clean(f.Name)
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".txt":
	default:
		return badRow(name, "This is not a Markdown file. It was left out."), nil
	}
	text, err := unpack.all(f, EntryLimit)
	switch {
	case errors.As(err, &BadFile{}):
		return Row{}, err
	case errors.Is(err, errEntryTooLarge):
		return badRow(name, fmt.Sprintf("This file is larger than %d MB.", EntryLimit>>20)), nil
	case err != nil:
		return badRow(name, "This file is damaged."), nil
	}
	return ReadMarkdown(name, text), nil
}

// ReadMarkdown reads a file with or without front matter, which is YAML between two lines of three hyphens. The rest is the content
// of a document. A title that the front matter does not give is the first heading, or else the name of the file.
func ReadMarkdown(name string, text []byte) Row {
	if len(text) > EntryLimit {
		return badRow(name, fmt.Sprintf("This file is larger than %d MB.", EntryLimit>>20))
	}
	head, body := splitFrontMatter(signal.Clean(string(text)))
	fields, err := frontMatter(head)
	if err != nil {
		return badRow(name, err.Error())
	}
	r := fields.renamed()
	foreign := isEmpty(fields["payload"]) && fields["format"] == nil
	for _, field := range []string{"type", "context", "status", "visibility"} {
		r.keepOwnWords(field)
	}
	kind := strings.ToUpper(asText(r["type"]))
	if _, ok := r["content"]; !ok && body != "" && (isEmpty(r["payload"]) || kind == "" || kind == string(signal.DocumentType)) {
		r["content"] = quote(body)
	}
	if foreign && kind == "" && r["content"] != nil {
		r["format"] = quote(formatOf(name))
	}
	if asText(r["format"]) == "" {
		delete(r, "format")
	}
	if asText(r["title"]) == "" {
		r["title"] = quote(short(titleOf(name, body)))
	}
	return r.row(name, hashed("file", name))
}

// splitFrontMatter returns what stands between the lines of hyphens, if the text begins with one, and the rest without the empty line
// that separates the two.
func splitFrontMatter(text string) (head, body string) {
	first, rest, found := strings.Cut(strings.TrimPrefix(text, "\ufeff"), "\n")
	if !found || strings.TrimRight(first, " \t\r") != "---" {
		return "", text
	}
	for at := 0; at < len(rest); {
		line, _, _ := strings.Cut(rest[at:], "\n")
		end := min(at+len(line)+1, len(rest))
		if mark := strings.TrimRight(line, " \t\r"); mark == "---" || mark == "..." {
			body = rest[end:]
			if cut, ok := strings.CutPrefix(body, "\r\n"); ok {
				return rest[:at], cut
			}
			return rest[:at], strings.TrimPrefix(body, "\n")
		}
		at = end
	}
	return "", text
}

// keepOwnWords moves a value that is none of ours to the metadata: many programs have a type or a status of another kind.
func (r record) keepOwnWords(field string) {
	value, ok := r[field]
	if !ok {
		return
	}
	word := strings.ToUpper(asText(value))
	known := map[string]bool{
		"type": signal.Type(word).Valid(), "context": signal.Context(word).Valid(),
		"status": signal.Status(word).Valid(), "visibility": signal.Visibility(word).Valid(),
	}
	if !known[field] {
		delete(r, field)
		r.merge("metadata", record{field: value})
	}
}

func formatOf(name string) signal.Format {
	if strings.EqualFold(path.Ext(name), ".txt") {
		return signal.Plain
	}
	return signal.Markdown
}

func titleOf(name, body string) string {
	for line := range strings.Lines(body) {
		if heading, ok := strings.CutPrefix(strings.TrimSpace(line), "# "); ok {
			return signal.MarkdownText(heading)
		}
	}
	return strings.NewReplacer("-", " ", "_", " ").Replace(strings.TrimSuffix(path.Base(name), path.Ext(name)))
}

// short cuts a text that becomes a title.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > signal.TitleLimit {
		return strings.TrimSpace(string(runes[:signal.TitleLimit-1])) + "…"
	}
	return text
}

// asRecord is a JSON object as a record, nil for anything else.
func asRecord(text json.RawMessage) record {
	var r record
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) && json.Unmarshal(text, &r) == nil {
		return r
	}
	return nil
}
