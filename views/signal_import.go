package views

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// SignalImportURL is one import's page.
func SignalImportURL(org string, id uuid.UUID) string {
	return SignalImportsURL(org) + "/" + id.String()
}

// SignalImportsURL is where files are sent to.
func SignalImportsURL(org string) string { return SignalsURL(org) + "/imports" }

// NewSignalImportURL is where a file is chosen.
func NewSignalImportURL(org string) string { return SignalsURL(org) + "/import" }

// SignalExportURL is where signals leave as a file.
func SignalExportURL(org string) string { return SignalsURL(org) + "/export" }

// SignalImportForm is a file to import, or what is pasted in its place.
type SignalImportForm struct {
	Realm      string `form:"realm"` // slug
	Format     string `form:"format"`
	Visibility string `form:"visibility"`
	Text       string `form:"text"`
}

// Import is the form as the store takes it, with what was pasted for its file.
func (f SignalImportForm) Import() store.NewImport {
	n := store.NewImport{Realm: f.Realm, Format: exchange.Format(f.Format), Visibility: signal.Visibility(orDefault(f.Visibility, string(signal.Private)))}
	if strings.TrimSpace(f.Text) != "" {
		n.File, n.Size = strings.NewReader(f.Text), int64(len(f.Text))
	}
	return n
}

// NewSignalImport is the page on which a file is chosen.
type NewSignalImport struct {
	Org      string
	Realms   []store.RealmChoice // that the person may add to, the default one first
	Form     SignalImportForm
	FileName string // that was chosen before something went wrong: browsers do not choose it again
	Bad      store.Invalid
}

func (v NewSignalImport) fileHint() string {
	if v.FileName != "" {
		return "You had chosen “" + v.FileName + "”. Choose it again."
	}
	return fmt.Sprintf("Choose a file or drop it here. At most %d MB, or %d GB of a zip with pictures and recordings, and %s rows.",
		exchange.FileLimit>>20, exchange.ArchiveLimit>>30, thousands(exchange.RowsLimit))
}

func importFormats() []Option {
	options := []Option{{Value: "", Label: "Find out by itself"}}
	for _, f := range exchange.Formats {
		options = append(options, Option{Value: string(f), Label: f.Label()})
	}
	return options
}

func importFormatFacts() []Fact {
	return []Fact{
		{Term: exchange.JSONL.Label(), Value: "One object a line, with title, content, tags, captured_at and more. What has another name goes to the facts of the signal."},
		{Term: exchange.Archive.Label(), Value: "A zip as an export gives it: the same lines, and the files that belong to them."},
		{Term: exchange.CSV.Label(), Value: "One signal a row under a row of column names, from any spreadsheet. You say what each column is."},
		{Term: exchange.Markdown.Label(), Value: "A zip of notes, with or without front matter, as note programs write it."},
		{Term: exchange.ChatGPT.Label(), Value: "The zip that ChatGPT sends, or its conversations.json. Each conversation becomes one signal."},
		{Term: exchange.Claude.Label(), Value: "The zip that Claude sends, or its conversations.json."},
		{Term: exchange.Autonomy.Label(), Value: "The JSON list of Autonomy's bulk import."},
	}
}
