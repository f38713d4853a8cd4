package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/signal/signaltest"
)

// editForm is what a browser sends of the form of a signal: it takes line ends out of fields of one line.
func editForm(t *testing.T, b *browser, path string) url.Values {
	t.Helper()
	page := b.get(t, path+"/edit").status(t, http.StatusOK)
	form := page.form(t, "#signal-form")
	for _, input := range page.find("#signal-form input") {
		name := attribute(input, "name")
		for i, value := range form[name] {
			form[name][i] = strings.NewReplacer("\n", "", "\r", "").Replace(value)
		}
	}
	for name := range form {
		for i, value := range form[name] {
			form[name][i] = strings.ReplaceAll(value, "\n", "\r\n")
		}
	}
	return form
}

// Opening the form of any signal and saving it changes nothing at all, and changing one field changes that field.
func TestSavingAnUnchangedSignalChangesNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, ada := a.owner(t)
	seen := map[signal.Type]int{}
	rapid.Check(t, func(r *rapid.T) {
		draft := signaltest.Draft(r)
		draft.ExternalID = uuid.NewString()
		id, err := ada.CreateSignal(t.Context(), store.NewSignal{Draft: draft})
		if err != nil {
			r.Fatalf("create: %v", err)
		}
		seen[draft.Type]++
		before := got[store.SignalPage](t)(ada.Signal(t.Context(), id))
		path := "/o/" + ada.Org.Slug + "/signals/" + id.String()
		b.get(t, path).status(t, http.StatusOK)

		form := editForm(t, b, path)
		b.post(t, path, form).status(t, http.StatusSeeOther)
		after := got[store.SignalPage](t)(ada.Signal(t.Context(), id))
		if changed, err := signal.Differences(before.Draft, after.Draft); err != nil || len(changed) > 0 || after.Revision != before.Revision || len(after.History) != 1 {
			r.Fatalf("saving changed %v, made revision %d with %d entries of history, %v", changed, after.Revision, len(after.History), err)
		}
		form.Set("title", "Another title")
		b.post(t, path, form).status(t, http.StatusSeeOther)
		after = got[store.SignalPage](t)(ada.Signal(t.Context(), id))
		if changed, err := signal.Differences(before.Draft, after.Draft); err != nil || len(changed) != 1 || changed[0] != "title" {
			r.Fatalf("changing the title changed %v, %v", changed, err)
		}
	})
	if len(seen) != len(signal.Types) {
		t.Errorf("only these types were drawn: %v", seen)
	}
}

// A change inside a long text keeps what no form can show about the rest.
func TestChangingOnePassageKeepsTheOthersWhole(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, ada := a.owner(t)
	extra := signal.Extra{"x_words": []byte(`[1.50,"a"]`)}
	save := func(draft signal.Draft, field, old, fresh string) signal.Draft {
		t.Helper()
		draft.Title = "Kept"
		id := got[uuid.UUID](t)(ada.CreateSignal(t.Context(), store.NewSignal{Draft: draft}))
		path := "/o/" + ada.Org.Slug + "/signals/" + id.String()
		form := editForm(t, b, path)
		form.Set(field, strings.Replace(form.Get(field), old, fresh, 1))
		b.post(t, path, form).status(t, http.StatusSeeOther)
		return got[store.SignalPage](t)(ada.Signal(t.Context(), id)).Draft
	}

	recording := signal.NewDraft(signal.TransmissionType)
	recording.Payload = signal.Transmission{Transcript: []signal.Cue{
		{From: 1_234_567_000, To: 2_000_001_000, Speaker: "Ada", Text: "one\n\n\ntwo", Extra: extra}, {From: 3e9, To: 4e9, Text: "three"},
	}}
	cues := save(recording, "transcript", "three", "four").Payload.(signal.Transmission).Transcript
	if len(cues) != 2 || cues[0].From != 1_234_567_000 || cues[0].Text != "one\n\n\ntwo" || len(cues[0].Extra) != 1 || cues[1].Text != "four" {
		t.Errorf("the transcript is %+v", cues)
	}

	talk := signal.NewDraft(signal.ConversationType)
	talk.Payload = signal.Conversation{Messages: []signal.Message{
		{Role: signal.User, Author: "Ada\nLovelace", Content: "one\r\ntwo: three", Extra: extra}, {Role: signal.Assistant, Content: "four"},
	}}
	messages := save(talk, "messages[1].content", "four", "five").Payload.(signal.Conversation).Messages
	if len(messages) != 2 || messages[0].Author != "Ada\nLovelace" || messages[0].Content != "one\r\ntwo: three" || len(messages[0].Extra) != 1 || messages[1].Content != "five" {
		t.Errorf("the messages are %+v", messages)
	}
	if messages = save(talk, "messages[2].content", "", "six").Payload.(signal.Conversation).Messages; len(messages) != 3 || messages[2].Content != "six" || messages[2].Role != signal.User {
		t.Errorf("with another one the messages are %+v", messages)
	}

	text := signal.NewDraft(signal.DocumentType)
	text.Tags = []string{`a, b`, `say "x"`, "c"}
	text.Entities = []signal.Entity{{Name: "Pump | 7", Kind: "system", Extra: extra}, {Name: "Ada", Kind: "person"}}
	if tags := save(text, "tags", "c", "d, e").Tags; strings.Join(tags, "|") != `a, b|say "x"|d|e` {
		t.Errorf("the tags are %q", tags)
	}
	entities := save(text, "entities", "Ada | person", "Ben | person | on call").Entities
	if len(entities) != 2 || entities[0].Name != "Pump | 7" || len(entities[0].Extra) != 1 || entities[1].Name != "Ben" || entities[1].Context != "on call" {
		t.Errorf("the entities are %+v", entities)
	}
}

func TestTheSecondToSaveASignalSeesBothSides(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, ada := a.owner(t)
	id := got[uuid.UUID](t)(ada.CreateSignal(t.Context(), store.NewSignal{Draft: titled("Valve")}))
	path := "/o/" + ada.Org.Slug + "/signals/" + id.String()
	mine := editForm(t, b, path)
	theirs := titled("Valve 8")
	must(t, ada.UpdateSignal(t.Context(), id, 1, theirs))

	mine.Set("title", "Valve 7")
	page := b.post(t, path, mine).status(t, http.StatusConflict)
	page.text(t, "td", "Valve 8").text(t, "td", "Valve 7").count(t, "tbody tr", 1)
	page.submit(t, "#signal-form", nil).status(t, http.StatusSeeOther)
	if saved := got[store.SignalPage](t)(ada.Signal(t.Context(), id)); saved.Draft.Title != "Valve 7" || saved.Revision != 3 {
		t.Errorf("saved %q in revision %d", saved.Draft.Title, saved.Revision)
	}
	must(t, ada.DeleteSignal(t.Context(), id))
	b.post(t, path, mine).status(t, http.StatusConflict).text(t, "main", "in the bin")
}

func titled(title string) signal.Draft {
	draft := signal.NewDraft(signal.DocumentType)
	draft.Title = title
	return draft
}
