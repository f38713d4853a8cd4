package views

import (
	"fmt"
	"strings"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// SignalImportView is the page of one import.
type SignalImportView struct {
	Org    string
	Import store.ImportPage
	Bad    store.Invalid
}

func (v SignalImportView) url() string { return SignalImportURL(v.Org, v.Import.ID) }

// title says what the page is about in the state of the import.
func (v SignalImportView) title() string {
	switch v.Import.State {
	case "UPLOADED":
		return "Look before you import"
	case "WAITING", "RUNNING":
		return "Importing"
	case "DONE":
		return "Imported"
	case "CANCELLED":
		return "Import stopped"
	}
	return "Import failed"
}

func (v SignalImportView) counts() []Fact {
	i := v.Import
	facts := []Fact{
		{Term: "Kind", Value: i.Format.Label()}, {Term: "Realm", Value: i.RealmName, Href: RealmURL(v.Org, i.RealmSlug)},
		{Term: "Rows", Value: thousands(i.Total)}, {Term: "With problems", Value: thousands(i.Failed)},
	}
	switch i.State {
	case "UPLOADED":
		facts = append(facts, Fact{Term: "There already", Value: thousands(i.Known)})
	case "DONE":
		facts = append(facts, Fact{Term: "Imported", Value: thousands(i.Created)}, Fact{Term: "There already, unchanged", Value: thousands(i.Unchanged)})
	}
	return facts
}

// moreProblems says how many problems the page does not name.
func (v SignalImportView) moreProblems() string {
	if v.Import.Failed > len(v.Import.Problems) {
		return fmt.Sprintf("%s rows have problems; these are the first.", thousands(v.Import.Failed))
	}
	return ""
}

func (v SignalImportView) progress() string {
	if v.Import.State == "WAITING" {
		return "Waiting for its turn."
	}
	return fmt.Sprintf("%s of %s rows", thousands(v.Import.Done), thousands(v.Import.Total))
}

func importFieldOptions() []Option {
	options := []Option{{Value: "", Label: "Leave out"}}
	for _, field := range exchange.FieldChoices {
		options = append(options, Option{Value: field, Label: fieldLabelOf(field)})
	}
	return options
}

// fieldLabelOf is a field of a file in words; "" is the whole row.
func fieldLabelOf(field string) string {
	switch field {
	case "":
		return "Row"
	case "external_id":
		return "Id where it comes from"
	case "url":
		return "Link"
	case "captured_at":
		return "Time"
	case "visibility":
		return "Who may see it"
	case "context":
		return "Setting"
	case "payload", "metadata":
		return strings.ToUpper(field[:1]) + field[1:] + " (JSON)"
	}
	text := strings.ReplaceAll(strings.ReplaceAll(field, "_", " "), ".", ", ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// columnExamples are the first cells of a column that are not empty.
func columnExamples(table exchange.Table, column int) string {
	var cells []string
	for _, row := range table.Rows {
		if column < len(row) && strings.TrimSpace(row[column]) != "" && len(cells) < 3 {
			cells = append(cells, excerpt(row[column], 60))
		}
	}
	return strings.Join(cells, " · ")
}

// rowTitle is a row as a list names it.
func rowTitle(row exchange.Row) string {
	return orDefault(excerpt(row.Draft.Title, 120), "No title")
}

// ImportPlanForm is how a file is to be imported. Fields has one entry for each column of a table.
type ImportPlanForm struct {
	Fields     []string `form:"field"`
	Visibility string   `form:"visibility"`
	SkipBad    string   `form:"skip_bad"` // "on"
	Do         string   `form:"do"`       // "look", or else start
}

// Plan is the form as the store takes it.
func (f ImportPlanForm) Plan() store.ImportPlan {
	return store.ImportPlan{Fields: f.Fields, Visibility: signal.Visibility(f.Visibility), SkipBad: f.SkipBad == "on"}
}

// Looks says that the person wants to see what becomes of the rows, and not to start yet.
func (f ImportPlanForm) Looks() bool { return f.Do == "look" }
