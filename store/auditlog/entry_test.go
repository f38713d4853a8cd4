package auditlog

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"
)

const goldenBody = `{"action":"sop.submitted","actor":"0192f0c1-aaaa-7000-8000-00000000000a","actor_name":"Ada \"the\" Löfgren\n","at":"2026-11-22T08:00:01.123456Z",` +
	`"details":{"from":"DRAFT","to":"REVIEW","version":1},"object":{"id":"0192f0c1-bbbb-7000-8000-000000000001","label":"Intake <v1> 🧭","type":"sop"},` +
	`"org":"0192f0c1-1111-7000-8000-000000000001","prev":"0000000000000000000000000000000000000000000000000000000000000000","seq":1,"v":1}`

func TestBodyHasItsGoldenForm(t *testing.T) {
	t.Parallel()
	row := chain(t, orgA, 1, nil)[0]
	if string(row.Body) != goldenBody {
		t.Fatalf("got  %s\nwant %s", row.Body, goldenBody)
	}
	const want = "6pcOjXJFIdq0bXA69hNFQSeqQd3UFMKwQEM+gdNG5QU="
	if got := Hash(row.Hash).String(); got != want {
		t.Fatalf("hash %s", got)
	}
}

func TestParseEntryRefusesOtherSpellings(t *testing.T) {
	t.Parallel()
	swap := func(old, new string) string {
		out := strings.Replace(goldenBody, old, new, 1)
		if out == goldenBody {
			t.Fatalf("%q does not occur", old)
		}
		return out
	}
	for name, body := range map[string]string{
		"empty":             "",
		"null":              "null",
		"space":             swap(`,"actor"`, `, "actor"`),
		"trailing newline":  goldenBody + "\n",
		"unknown field":     swap(`"v":1`, `"v":1,"w":1`),
		"missing field":     swap(`"actor_name":"Ada \"the\" Löfgren\n",`, ``),
		"field twice":       swap(`"v":1`, `"v":1,"v":1`),
		"other case":        swap(`"seq"`, `"Seq"`),
		"escaped letter":    swap(`Ada`, `\u0041da`),
		"escaped angle":     swap(`<v1>`, `\u003cv1\u003e`),
		"order":             swap(`"seq":1,"v":1`, `"v":1,"seq":1`),
		"seq zero":          swap(`"seq":1`, `"seq":0`),
		"seq negative":      swap(`"seq":1`, `"seq":-1`),
		"seq as float":      swap(`"seq":1`, `"seq":1.0`),
		"seq too great":     swap(`"seq":1`, `"seq":9007199254740992`),
		"format":            swap(`"v":1`, `"v":2`),
		"time without zone": swap(`.123456Z`, `.123456`),
		"three decimals":    swap(`.123456Z`, `.123Z`),
		"other zone":        swap(`.123456Z`, `.123456+00:00`),
		"comma in time":     swap(`.123456Z`, `,123456Z`),
		"upper-case hash":   swap(`"prev":"00`, `"prev":"AA`),
		"short hash":        swap(`"prev":"00`, `"prev":"`),
		"details list":      swap(`{"from":"DRAFT","to":"REVIEW","version":1}`, `[]`),
		"details missing":   swap(`"details":{"from":"DRAFT","to":"REVIEW","version":1},`, ``),
		"details order":     swap(`"from":"DRAFT","to":"REVIEW"`, `"to":"REVIEW","from":"DRAFT"`),
		"details number":    swap(`"version":1`, `"version":1e0`),
		"details twice":     swap(`"from":"DRAFT","to"`, `"from":"DRAFT","from":"DRAFT","to"`),
		"org":               swap(`"org":"0192`, `"org":"X192`),
		"upper-case org":    swap(`"org":"0192f`, `"org":"0192F`),
		"invalid UTF-8":     swap(`Ada`, "Ad\xff"),
		"object unknown":    swap(`"type":"sop"`, `"type":"sop","x":1`),
		"object null":       swap(`"object":{"id":"0192f0c1-bbbb-7000-8000-000000000001","label":"Intake <v1> 🧭","type":"sop"}`, `"object":null`),
		"too long":          swap(`Ada`, strings.Repeat("A", MaxBody)),
	} {
		if _, err := ParseEntry([]byte(body)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestBodyIsCanonicalForAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := Entry{
			Seq: rapid.Int64Range(1, maxSeq).Draw(t, "seq"), Org: orgA,
			ActorName: rapid.String().Draw(t, "name"), Action: "a.b",
			Object:  Object{Label: rapid.String().Draw(t, "label")},
			Details: json.RawMessage(`{}`),
		}
		body, err := e.Body()
		if err != nil {
			t.Fatal(err)
		}
		canonical, err := jcs.Transform(body)
		if err != nil || !bytes.Equal(canonical, body) {
			t.Fatalf("not canonical: %s, %v", body, err)
		}
		back, err := ParseEntry(body)
		if err != nil || back.ActorName != e.ActorName || back.Object != e.Object || back.Seq != e.Seq {
			t.Fatalf("round trip: %+v, %v", back, err)
		}
	})
}

func FuzzParseEntry(f *testing.F) {
	f.Add([]byte(goldenBody))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := ParseEntry(body)
		if err != nil {
			return
		}
		canonical, err := jcs.Transform(body)
		if err != nil || !bytes.Equal(canonical, body) {
			t.Fatalf("accepted a body that is not canonical: %q", body)
		}
		again, err := e.Body()
		if err != nil || !bytes.Equal(again, body) {
			t.Fatalf("round trip changed %q", body)
		}
	})
}
