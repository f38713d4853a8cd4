package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"surrealm/store/signal"
)

// readAutonomy reads the JSON list that Autonomy's bulk import takes and its API gives. Its realm and history are left out.
func readAutonomy(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		n := 0
		for value, err := range entries(r, "signal") {
			n++
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(autonomyRow(fmt.Sprintf("signal %d", n), value), nil) {
				return
			}
		}
	}
}

func autonomyRow(name string, value json.RawMessage) Row {
	given := asRecord(value)
	if given == nil {
		return badRow(name, "This is not a JSON object.")
	}
	r := autonomyRecord(given)
	row := maps.Clone(r).row(name, "")
	if r.setAside(row.Problems) {
		row = r.row(name, "")
	}
	return row
}

// autonomyRecord gives the fields of a signal there their names here.
func autonomyRecord(given record) record {
	r := record{}
	extra := record{}
	for key, value := range given {
		name := strings.TrimPrefix(key, "signal_")
		switch name {
		case "id":
			if id := asText(value); id != "" {
				r["external_id"] = quote("autonomy:" + id)
			}
		case "author":
			r["source"] = value
		case "state":
			r["inner_state"] = value
		case "coordinates", "location":
			if at := asRecord(value); at != nil {
				r["latitude"], r["longitude"] = asNumber(at["latitude"]), asNumber(at["longitude"])
			}
		case "temperature", "density", "latitude", "longitude":
			r[name] = asNumber(value)
		case "actions":
			r[name] = autonomyActions(value)
		case "entities":
			r[name] = autonomyEntities(value)
		case "annotations", "visibility_sanctum":
			if !isEmpty(value) {
				extra[name] = value
			}
		case "realm_id", "history", "embedding", "description":
		case "stamp_created", "stamp_imported", "stamp_updated":
		default:
			if slices.Contains(signal.FieldNames, name) {
				r[name] = value
			} else if !isEmpty(value) {
				extra[name] = value
			}
		}
	}
	if isEmpty(r["summary"]) && !isEmpty(given["signal_description"]) { // its name in older exports
		r["summary"] = given["signal_description"]
	}
	// PUBLIC is the default there, which nobody chose: here everything begins with its author alone.
	if strings.EqualFold(asText(r["visibility"]), string(signal.Public)) {
		delete(r, "visibility")
	}
	r["captured_at"] = earlier(given["stamp_created"], given["stamp_imported"])
	r.autonomyPayload()
	r.merge("metadata", extra)
	return r
}

// earlier is the earlier of two times. Autonomy's own pages disagree on which stamp is when a signal was captured and which when it was
// imported; nothing is imported before it is captured.
func earlier(a, b json.RawMessage) json.RawMessage {
	one, two := instant(asText(a)), instant(asText(b))
	if one == nil || two != nil && two.Before(*one) {
		one = two
	}
	if one == nil {
		return json.RawMessage("null")
	}
	return quote(one)
}

// asNumber is a number that may be written as a text, as Autonomy's database driver gives decimals.
func asNumber(value json.RawMessage) json.RawMessage {
	if text := strings.TrimSpace(asText(value)); plainNumber.MatchString(text) {
		return json.RawMessage(text)
	}
	return value
}

// autonomyActions reads actions as a list of texts, or as lists of texts by kind.
func autonomyActions(value json.RawMessage) json.RawMessage {
	out := []signal.Action{}
	var list []string
	if json.Unmarshal(value, &list) == nil {
		for _, text := range list {
			out = append(out, signal.Action{Text: text})
		}
	}
	kinds := asRecord(value)
	for _, kind := range signal.ActionKinds {
		var list []string
		if json.Unmarshal(kinds[kind], &list) != nil {
			continue
		}
		for _, text := range list {
			out = append(out, signal.Action{Text: text, Kind: kind})
		}
	}
	return quote(slices.DeleteFunc(out, func(a signal.Action) bool { return strings.TrimSpace(a.Text) == "" }))
}

// autonomyEntities reads entities as a list of name, type and context, or as lists of names by kind.
func autonomyEntities(value json.RawMessage) json.RawMessage {
	out := []signal.Entity{}
	var list []struct{ Name, Type, Context string }
	if json.Unmarshal(value, &list) == nil {
		for _, e := range list {
			out = append(out, signal.Entity{Name: e.Name, Kind: e.Type, Context: e.Context})
		}
	}
	kinds := asRecord(value)
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		var names []string
		if json.Unmarshal(kinds[kind], &names) != nil {
			continue
		}
		for _, name := range names {
			out = append(out, signal.Entity{Name: name, Kind: kind})
		}
	}
	return quote(slices.DeleteFunc(out, func(e signal.Entity) bool { return strings.TrimSpace(e.Name) == "" }))
}

// autonomyPayload turns a transcript, timed or not, into cues.
func (r record) autonomyPayload() {
	payload := asRecord(r["payload"])
	if strings.ToUpper(asText(r["type"])) != string(signal.TransmissionType) || payload == nil {
		return
	}
	var timed []struct {
		Text       string
		Start, End signal.Offset
	}
	var cues []signal.Cue
	if json.Unmarshal(payload["timed_transcript"], &timed) == nil {
		for _, piece := range timed {
			cues = append(cues, signal.Cue{From: piece.Start, To: piece.End, Text: piece.Text})
		}
	}
	if len(cues) == 0 {
		var bad []signal.BadLine
		if cues, bad = signal.ParseTranscript(asText(payload["transcript"])); len(bad) > 0 {
			return // setAside keeps it as it is
		}
	} else {
		delete(payload, "timed_transcript")
	}
	if len(cues) > 0 {
		payload["transcript"] = quote(cues)
	}
	r["payload"] = quote(payload)
}

// setAside renames the fields of payload and metadata that have problems, so that what stood there is kept and the row can be stored.
// It tells whether there were any.
func (r record) setAside(problems map[string]string) bool {
	found := false
	for field := range problems {
		object, name, inside := strings.Cut(field, ".")
		fields := asRecord(r[object])
		if value, ok := fields[name]; inside && ok {
			delete(fields, name)
			fields["original_"+name] = value
			r[object] = quote(fields)
			found = true
		}
	}
	return found
}
