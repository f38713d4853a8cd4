package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"surrealm/store/signal"
)

// MarkdownWriter writes drafts as files in a zip: every field in the front matter, below it the content of a document, or what is said
// in a transmission or a conversation, to be read by people, with a link to the picture or the recording. Reading it gives the same
// drafts, in the order of their file names.
type MarkdownWriter struct {
	out   *zip.Writer
	names map[string]bool
}

// NewMarkdownWriter begins a zip.
func NewMarkdownWriter(w io.Writer) *MarkdownWriter {
	return &MarkdownWriter{zip.NewWriter(w), map[string]bool{}}
}

// Write adds a draft as a file. Its name is the day, the title and a hash of the external id. The attached is the name of the file that
// comes with the draft, "" for none.
func (w *MarkdownWriter) Write(d signal.Draft, attached string) error {
	d = d.Normalised()
	text, err := MarkdownFile(d)
	if err != nil {
		return err
	}
	if attached != "" {
		text = append(bytes.TrimRight(text, "\n"), "\n\n"+fileLink(d.Payload, signal.FileOf(d.Payload), attached)...)
	}
	base := strings.Trim(d.CapturedAt.Format("2006-01-02")+"-"+slug(d.Title), "-") + "-" + hashed("", d.ExternalID)[1:9]
	name := base + ".md"
	for i := 2; w.names[name]; i++ {
		name = fmt.Sprintf("%s-%d.md", base, i)
	}
	w.names[name] = true
	file, err := w.out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: d.CapturedAt})
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return err
}

// File begins the file of a draft, which is whole when the next one begins.
func (w *MarkdownWriter) File(id uuid.UUID, name string) (io.Writer, error) {
	return zipFile(w.out, id, name)
}

// Close writes the zip's directory.
func (w *MarkdownWriter) Close() error { return w.out.Close() }

// MarkdownFile is a draft as a Markdown file with front matter. ReadMarkdown is its inverse.
func MarkdownFile(d signal.Draft) ([]byte, error) {
	d = d.Normalised()
	fields, err := d.Fields()
	if err != nil {
		return nil, err
	}
	body := signal.Body(d.Payload)
	if d.Type == signal.DocumentType {
		liftContent(fields, func(string) bool { return true })
		body = asText(fields["content"])
		delete(fields, "content")
		if fields["format"] == nil {
			fields["format"] = quote("")
		}
	}
	var out strings.Builder
	out.WriteString("---\n")
	for _, name := range append([]string{"format"}, signal.FieldNames...) {
		value := fields[name]
		if value == nil || name != "format" && isEmpty(value) {
			continue
		}
		fmt.Fprintf(&out, "%s: %s\n", name, yamlValue(name, value))
	}
	out.WriteString("---\n\n" + body)
	return []byte(out.String()), nil
}

// yamlValue is JSON as YAML: as it is, for YAML reads JSON, but for characters that YAML refuses; and as a text that holds the JSON
// where YAML reads it otherwise all the same (very long names, for one).
func yamlValue(name string, value json.RawMessage) string {
	text := escapeForYAML(string(value))
	again, err := frontMatter(name + ": " + text)
	if err == nil && signal.SameJSON(again[name], value) {
		return text
	}
	return escapeForYAML(string(quote(string(value))))
}

// escapeForYAML writes what may stand in a JSON text but not in YAML as JSON's escapes.
func escapeForYAML(text string) string {
	var out strings.Builder
	for _, r := range text {
		if r >= 0x7f && r <= 0x9f || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// slug is a title as a part of a file name: letters, digits and hyphens, at most 60.
func slug(title string) string {
	var out []rune
	for _, r := range norm.NFKD.String(strings.ToLower(title)) {
		switch {
		case len(out) >= 60:
			return strings.Trim(string(out), "-")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			out = append(out, r)
		case !unicode.Is(unicode.Mn, r) && len(out) > 0 && out[len(out)-1] != '-':
			out = append(out, '-')
		}
	}
	return strings.Trim(string(out), "-")
}
