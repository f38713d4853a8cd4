package store_test

import (
	"maps"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"surrealm/store"
)

func TestSessionsKeepTheirValues(t *testing.T) {
	t.Parallel()
	deadline := time.Now().Add(time.Hour).UTC().Round(0)
	values := map[string]any{"user_id": "a", "notice": "“Saved”, <b>\x00\u202e", "epoch": int64(3), "authenticated_at": int64(1) << 60}
	for name, codec := range map[string]scs.Codec{"ours": store.SessionCodec{}, "the default, of sessions from before": scs.GobCodec{}} {
		data, err := codec.Encode(deadline, values)
		if err != nil {
			t.Fatal(err)
		}
		until, got, err := store.SessionCodec{}.Decode(data)
		if err != nil || !until.Equal(deadline) || !maps.Equal(got, values) {
			t.Errorf("%s: got %v until %v, %v", name, got, until, err)
		}
	}
	if _, err := (store.SessionCodec{}).Encode(deadline, map[string]any{"x": 1.5}); err == nil {
		t.Error("a value that cannot be kept was taken")
	}
	for _, broken := range []string{"", "{", "{]", "\x00"} {
		if _, _, err := (store.SessionCodec{}).Decode([]byte(broken)); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}
