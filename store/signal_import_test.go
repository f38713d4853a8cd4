package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
	"surrealm/store/signal/signaltest"
	"surrealm/store/storetest"
)

// An export that is imported elsewhere and exported there is the same file, in every format.
func TestAnExportImportedElsewhereIsTheSame(t *testing.T) {
	t.Parallel()
	ann, ben := storetest.Owner(t), storetest.Owner(t)
	var drafts []signal.Draft
	for i := range 25 {
		d := rapid.Custom(signaltest.Draft).Example(i)
		d.ExternalID = fmt.Sprintf("%d %s", i, d.ExternalID)
		drafts = append(drafts, d.Normalised())
	}
	if end := imported(t, ann, upload(t, ann, exchange.JSONL, jsonl(t, drafts...)).ID); end.Created != len(drafts) || end.State != "DONE" {
		t.Fatalf("%+v", end.SignalImport)
	}
	if _, err := ann.CreateSignal(t.Context(), store.NewSignal{Draft: titled("Captured here")}); err != nil {
		t.Fatal(err)
	}
	for _, format := range store.ExportFormats {
		file, count := exported(t, ann, everything(), format)
		if count != len(drafts)+1 {
			t.Errorf("%s: %d signals", format, count)
		}
		there := upload(t, ben, format, file)
		if there.Failed > 0 {
			t.Fatalf("%s: %v", format, there.Problems)
		}
		if end := imported(t, ben, there.ID); end.Created+end.Unchanged != count || format == exchange.JSONL && end.Created != count {
			t.Errorf("%s: %+v", format, end.SignalImport)
		}
		other := storetest.Owner(t) // where nothing is there yet
		imported(t, other, upload(t, other, format, file).ID)
		if ours, theirs := exportedLines(t, ann), exportedLines(t, other); !slices.Equal(ours, theirs) {
			t.Errorf("%s: what came of it is not what was exported:\n%s\n\n%s", format, strings.Join(ours, ""), strings.Join(theirs, ""))
		}
	}
	// The own export into its own realm changes nothing, even where a signal had no external id.
	file, count := exported(t, ann, everything(), exchange.JSONL)
	before := upload(t, ann, exchange.JSONL, file)
	if before.Known != count {
		t.Errorf("%d of %d are known", before.Known, count)
	}
	if end := imported(t, ann, before.ID); end.Created != 0 || end.Unchanged != count {
		t.Errorf("again: %+v", end.SignalImport)
	}
}

func TestRowsWithProblemsStopAnImportUnlessTheyAreLeftOut(t *testing.T) {
	t.Parallel()
	ann := storetest.Owner(t)
	file := []byte(`{"id":"1","title":"Good"}
{"id":"2","title":""}
not json
{"id":"1","title":"Another of the same id"}
{"id":"3","title":"Good too","visibility":"SHARED"}
`)
	found := upload(t, ann, exchange.JSONL, file)
	if found.Total != 5 || found.Failed != 3 || len(found.First) != 5 {
		t.Fatalf("%+v", found.SignalImport)
	}
	named := []string{}
	for _, p := range found.Problems {
		named = append(named, p.Row+" "+p.Field)
	}
	if want := []string{"line 2 title", "line 3 ", "line 4 external_id"}; !slices.Equal(named, want) {
		t.Errorf("problems of %q, want %q", named, want)
	}
	if err := ann.StartImport(t.Context(), found.ID); !errors.As(err, new(store.Invalid)) {
		t.Errorf("an import with problems started: %v", err)
	}
	if _, count := exported(t, ann, everything(), exchange.JSONL); count != 0 {
		t.Errorf("%d signals were written", count)
	}
	if err := ann.PlanImport(t.Context(), found.ID, store.ImportPlan{Visibility: signal.Sanctum, SkipBad: true}); err != nil {
		t.Fatal(err)
	}
	end := imported(t, ann, found.ID)
	if end.Created != 2 || end.Failed != 3 || end.Unchanged != 0 || end.State != "DONE" {
		t.Errorf("%+v", end.SignalImport)
	}
	list, err := ann.Signals(t.Context(), store.SignalFilter{Sort: "title"})
	if err != nil {
		t.Fatal(err)
	}
	sight := map[string]signal.Visibility{}
	for _, s := range list.Items {
		sight[s.Title] = s.Visibility
		page, err := ann.Signal(t.Context(), s.ID)
		if err != nil || page.ImportedAt == nil || len(page.History) != 1 || page.History[0].Action != "IMPORTED" {
			t.Errorf("%s: imported at %v, history %v, %v", s.Title, page.ImportedAt, page.History, err)
		}
	}
	if want := map[string]signal.Visibility{"Good": signal.Sanctum, "Good too": signal.Shared}; !reflect.DeepEqual(sight, want) {
		t.Errorf("seen by %v, want %v", sight, want)
	}
	if all, err := ann.ImportProblems(t.Context(), found.ID); err != nil || len(all) != 3 {
		t.Errorf("%d problems to download: %v", len(all), err)
	}
	log, err := ann.AuditLog(t.Context(), store.AuditFilter{Action: store.SignalsImported})
	if err != nil || len(log.Entries) != 1 {
		t.Errorf("%d audit entries: %v", len(log.Entries), err)
	}
}

// An import that is cancelled while it is being written has written nothing, or had ended before.
func TestAnImportIsWrittenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	ann := storetest.Owner(t)
	var drafts []signal.Draft
	for i := range 3000 {
		drafts = append(drafts, titled(fmt.Sprint("Draft ", i)))
	}
	sent := upload(t, ann, exchange.JSONL, jsonl(t, drafts...))
	if err := ann.StartImport(t.Context(), sent.ID); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- ann.ImportFile(t.Context(), sent.ID) }()
	await(t, "the import to begin", func() bool { return importOf(t, ann, sent.ID).State != "WAITING" })
	cancelled := ann.CancelImport(t.Context(), sent.ID)
	err := <-ended
	_, count := exported(t, ann, everything(), exchange.JSONL)
	switch state := importOf(t, ann, sent.ID).State; {
	case cancelled == nil && (state != "CANCELLED" || count != 0 || !errors.Is(err, store.ErrConflict)):
		t.Errorf("cancelled, and then %s with %d signals: %v", state, count, err)
	case cancelled != nil && (state != "DONE" || count != len(drafts) || err != nil):
		t.Errorf("%v, and then %s with %d signals: %v", cancelled, state, count, err)
	}
}

// What is cancelled before it begins leaves nothing.
func TestACancelledImportLeavesNothing(t *testing.T) {
	t.Parallel()
	ann := storetest.Owner(t)
	file := jsonl(t, titled("One"), titled("Two"))
	waiting := upload(t, ann, exchange.JSONL, file)
	if err := ann.StartImport(t.Context(), waiting.ID); err != nil {
		t.Fatal(err)
	}
	if err := ann.CancelImport(t.Context(), waiting.ID); err != nil {
		t.Fatal(err)
	}
	if err := ann.ImportFile(t.Context(), waiting.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a cancelled import ran: %v", err)
	}
	if err := ann.CancelImport(t.Context(), waiting.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("cancelled twice: %v", err)
	}
	if end := importOf(t, ann, waiting.ID); end.State != "CANCELLED" {
		t.Errorf("%+v", end.SignalImport)
	}
	if _, count := exported(t, ann, everything(), exchange.JSONL); count != 0 {
		t.Errorf("%d signals were written", count)
	}
	// A file that nobody started goes when the next one comes.
	first, second := upload(t, ann, exchange.JSONL, file), upload(t, ann, exchange.JSONL, file)
	if end := importOf(t, ann, first.ID); end.State != "CANCELLED" || importOf(t, ann, second.ID).State != "UPLOADED" {
		t.Errorf("%+v", end.SignalImport)
	}
}

// An import is its person's alone.
func TestAnImportIsSeenByItsPersonOnly(t *testing.T) {
	t.Parallel()
	ann := storetest.Owner(t)
	ben := storetest.Join(t, ann, store.Admin, "Ben")
	found := upload(t, ann, exchange.JSONL, jsonl(t, titled("Mine")))
	for what, err := range map[string]error{
		"read":   second(ben.SignalImport(t.Context(), found.ID)),
		"errors": second(ben.ImportProblems(t.Context(), found.ID)),
		"plan":   ben.PlanImport(t.Context(), found.ID, store.ImportPlan{Visibility: signal.Private}),
		"start":  ben.StartImport(t.Context(), found.ID),
		"cancel": ben.CancelImport(t.Context(), found.ID),
		"work":   ben.ImportFile(t.Context(), found.ID),
	} {
		if !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s by another person: %v", what, err)
		}
	}
	if importOf(t, ann, found.ID).State != "UPLOADED" {
		t.Error("another person changed it")
	}
	_, err := ben.UploadImport(t.Context(), store.NewImport{Realm: homeOf(t, ann), Format: exchange.JSONL, File: strings.NewReader("{}"), Size: int64(len("{}")), Visibility: signal.Private})
	if !errors.As(err, new(store.Invalid)) {
		t.Errorf("imported into a realm of another person: %v", err)
	}
}

// A realm that was closed after the import was asked for takes nothing, and the person is told why.
func TestAnImportIntoARealmThatWasClosedFails(t *testing.T) {
	t.Parallel()
	ann := storetest.Owner(t)
	sent := upload(t, ann, exchange.JSONL, jsonl(t, titled("Late")))
	if err := ann.StartImport(t.Context(), sent.ID); err != nil {
		t.Fatal(err)
	}
	super := storetest.Connect(t, "postgres")
	if _, err := super.Exec(t.Context(), `update memberships set realms_write = '{}' where org_id = $1 and user_id = $2`, ann.Org.ID, ann.User.ID); err != nil {
		t.Fatal(err)
	}
	if err := ann.ImportFile(t.Context(), sent.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("imported into a realm that takes nothing: %v", err)
	}
	if end := importOf(t, ann, sent.ID); end.State != "FAILED" || !strings.Contains(end.Error, "may not add") {
		t.Errorf("%+v", end.SignalImport)
	}
}

// A table is read by the mapping that the person chose.
func TestATableIsReadByItsMapping(t *testing.T) {
	t.Parallel()
	ann := storetest.Owner(t)
	found := upload(t, ann, exchange.CSV, []byte("Nr,Heading,Words\n1,One,first\n2,Two,second\n"))
	if found.Failed != 2 || !slices.Equal(found.Table.Header, []string{"Nr", "Heading", "Words"}) {
		t.Fatalf("%+v %v", found.SignalImport, found.Table)
	}
	for _, fields := range [][]string{{"title"}, {"title", "nonsense", ""}} {
		if err := ann.PlanImport(t.Context(), found.ID, store.ImportPlan{Visibility: signal.Private, Fields: fields}); !errors.As(err, new(store.Invalid)) {
			t.Errorf("%q: %v", fields, err)
		}
	}
	err := ann.PlanImport(t.Context(), found.ID, store.ImportPlan{Visibility: signal.Private, Fields: []string{"external_id", "title", "content"}})
	if err != nil {
		t.Fatal(err)
	}
	if found = importOf(t, ann, found.ID); found.Failed != 0 || found.First[1].Draft.Title != "Two" || len(found.Problems) != 0 {
		t.Fatalf("%+v %v", found.SignalImport, found.Problems)
	}
	if end := imported(t, ann, found.ID); end.Created != 2 {
		t.Errorf("%+v", end.SignalImport)
	}
}

// Files that were made to break something are refused with a sentence, or their rows are named.
func TestHostileFilesAreRefused(t *testing.T) {
	t.Parallel()
	ann := storetest.Owner(t)
	long := strings.Repeat("x", 300)
	many := bytes.Repeat([]byte("{\n"), 100_000)
	for name, file := range map[string]struct {
		format exchange.Format
		bytes  []byte
	}{
		"nothing": {exchange.JSONL, nil}, "blank lines": {exchange.JSONL, []byte("\n\n")}, "many rows": {exchange.JSONL, many},
		"no zip": {exchange.Markdown, []byte("PK\x03\x04 nothing")}, "no list": {exchange.Autonomy, []byte("{}")},
		"no kind": {"", []byte("x")}, "empty table": {exchange.CSV, []byte(" ")},
	} {
		_, err := ann.UploadImport(t.Context(), store.NewImport{Realm: homeOf(t, ann), Format: file.format, FileName: long, File: bytes.NewReader(file.bytes), Size: int64(len(file.bytes)), Visibility: signal.Private})
		if !errors.As(err, new(store.Invalid)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if zero := upload(t, ann, exchange.JSONL, []byte(`{"title":"x","content":"\u0000"}`)); zero.Failed != 1 {
		t.Errorf("a zero byte in a content: %+v", zero.SignalImport)
	}
	odd, err := json.Marshal(map[string]any{"id": "n\x00ul", "title": "a\x00b", "summary": "=cmd()", "tags": []string{"\u202e"}, "content": "\xff\xfe"})
	if err != nil {
		t.Fatal(err)
	}
	sent := upload(t, ann, exchange.JSONL, odd)
	if sent.Failed > 0 {
		t.Fatal(sent.Problems)
	}
	if end := imported(t, ann, sent.ID); end.Created != 1 {
		t.Errorf("%+v", end.SignalImport)
	}
	table, _ := exported(t, ann, everything(), exchange.CSV)
	if !strings.Contains(string(table), "'=cmd()") {
		t.Errorf("a formula leaves as one: %s", table)
	}
}
