package browsertest

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// dropsFile lets go of a file over a place of the page, as from a folder of the desktop.
func (p *person) dropsFile(t *testing.T, path, selector string) {
	t.Helper()
	x, y := p.spot(t, selector)
	do(t, p.tab, func(ctx context.Context, target *chromedp.Target) (none chromedp.Void, err error) {
		for _, step := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
			if _, err = cdp.Call(ctx, target, input.DispatchDragEvent, input.DispatchDragEventParams{Type: step, X: x, Y: y,
				Data: &input.DragData{Files: []string{path}, Items: []*input.DragDataItem{}, DragOperationsMask: 1}}); err != nil {
				return none, err
			}
		}
		return none, nil
	})
}

func TestCaptureKeepsWhatWasTypedAndTakesFiles(t *testing.T) {
	t.Parallel()
	s, chromium := newSite(t), startBrowser(t)
	owner := storetest.Owner(t)
	draft := signal.NewDraft(signal.DocumentType)
	draft.Title, draft.Tags, draft.Payload = "Before", []string{"pressure", "pump"}, signal.Document{Content: "x"}
	must(owner.CreateSignal(t.Context(), store.NewSignal{Draft: draft}))(t)
	page := "/o/" + owner.Org.Slug + "/signals/new"
	ann := newPerson(t, chromium, s, "Ann")
	ann.logsIn(t, owner.User.Email)

	// What was typed is there again after the page was left, until it is sent or started afresh.
	ann.open(t, page)
	ann.fills(t, "What is it?", "The gauge stood at half.")
	ann.press(t, "button", "More")
	ann.fills(t, "Title", "The gauge")
	ann.open(t, page)
	ann.sees(t, "[data-draft-notice]", "What you had typed is back.")
	ann.until(t, "document.getElementById('text').value === 'The gauge stood at half.' && document.getElementById('title').value === 'The gauge'", "what was typed is lost")
	ann.press(t, "button", "Start afresh")
	ann.until(t, "document.getElementById('text').value === ''", "does not start afresh")
	ann.open(t, page)
	ann.until(t, "document.querySelector('[data-draft-notice]').hidden", "what was given up is back")

	// The list of tags completes the one that is being typed. The browser shows it and takes the arrow keys; a headless one shows none.
	ann.fills(t, "What is it?", "The gauge stood at half.")
	ann.press(t, "button", "More")
	ann.fills(t, "Tags", "gauge, pre")
	ann.until(t, "[...document.getElementById('tags').list.options].some((o) => o.value === 'gauge, pressure')", "does not offer the tag that begins so")
	ann.focus(t, "field", "Tags")
	ann.keys(t, kb.End+"ssure")
	ann.follow(t, "button", "Keep it")
	ann.sees(t, "main", "pressure")
	ann.open(t, page)
	ann.until(t, "document.querySelector('[data-draft-notice]').hidden && document.getElementById('text').value === ''", "what was sent is back")

	// A file is taken where it is pasted or dropped, and says what kind of signal it makes.
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	file := writeFile(t, "bay.png", picture.Bytes())
	ann.dropsFile(t, file, "#text")
	ann.until(t, "document.getElementById('file').files[0]?.name === 'bay.png' && document.querySelector('[name=type]:checked').value === 'PHOTO'", "the dropped file is not taken")
	ann.follow(t, "button", "Keep it")
	ann.until(t, "document.querySelector('main img')?.naturalWidth === 40", "the picture is not shown")
	ann.open(t, page)
	evaluate[bool](t, ann.tab, `(() => {
		const data = new DataTransfer();
		data.items.add(new File(['1\n00:00:01,000 --> 00:00:02,000\nHello there\n'], 'talk.srt', { type: '' }));
		document.getElementById('text').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
		return true;
	})()`)
	ann.until(t, "document.getElementById('file').files[0]?.name === 'talk.srt' && document.querySelector('[name=type]:checked').value === 'TRANSMISSION'", "the pasted file is not taken")
	ann.follow(t, "button", "Keep it")
	ann.sees(t, ".cues", "Hello there")
}

func TestALineOfATranscriptPlaysTheRecordingFromThere(t *testing.T) {
	t.Parallel()
	s, chromium := newSite(t), startBrowser(t)
	owner := storetest.Owner(t)
	// Ten seconds of silence, one byte for each of 8,000 samples a second.
	const size = 80_000
	head := []byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x80\x38\x01\x00")
	head[4], head[5], head[6] = byte((size+36)&0xff), byte((size+36)>>8&0xff), byte((size+36)>>16)
	talk := store.NewFile{ID: uuid.New(), Name: "talk.wav", MediaType: "audio/wav", Bytes: append(head, bytes.Repeat([]byte{0x80}, size)...)}
	draft := signal.NewDraft(signal.TransmissionType)
	draft.Title = "Talk"
	second := signal.Offset(time.Second)
	draft.Payload = signal.Transmission{File: talk.ID, Transcript: []signal.Cue{{To: 4 * second, Text: "Good morning"}, {From: 6 * second, To: 9 * second, Text: "The pump leaks"}}}
	id := must(owner.CreateSignal(t.Context(), store.NewSignal{Draft: draft, File: &talk}))(t)
	ann := newPerson(t, chromium, s, "Ann")
	ann.logsIn(t, owner.User.Email)
	ann.open(t, "/o/"+owner.Org.Slug+"/signals/"+id.String())
	ann.until(t, "document.querySelector('[data-player]').readyState >= 1 && Math.round(document.querySelector('[data-player]').duration) === 10", "the recording is not loaded")
	do(t, ann.tab, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		x, y := ann.spot(t, `[data-seek="6"]`)
		return chromedp.MouseClickXY(x, y)(ctx, target)
	})
	ann.until(t, "document.querySelector('[data-player]').currentTime >= 6", "does not go there")
	ann.until(t, "document.querySelector('.cues .now')?.textContent.includes('The pump leaks')", "the passage that is heard is not marked")
}

func TestSignalsInTime(t *testing.T) {
	t.Parallel()
	s, chromium := newSite(t), startBrowser(t)
	owner := storetest.Owner(t)
	for title, day := range map[string]int{"First": 3, "Second": 3, "Third": 17} {
		draft := signal.NewDraft(signal.DocumentType)
		draft.Title, draft.Payload, draft.CapturedAt = title, signal.Document{Content: "x"}, time.Date(2026, 3, day, 9, 0, 0, 0, time.UTC)
		must(owner.CreateSignal(t.Context(), store.NewSignal{Draft: draft}))(t)
	}
	ann := newPerson(t, chromium, s, "Ann")
	ann.logsIn(t, owner.User.Email)
	ann.open(t, "/o/"+owner.Org.Slug+"/signals")
	ann.follow(t, "link", "Calendar", ".tabs")
	ann.sees(t, "main", "March 2026")
	ann.sees(t, "main", "Third")
	ann.press(t, "link", "Month before")
	ann.sees(t, "main", "February 2026")
	ann.seesNot(t, "main", "Third")
	ann.press(t, "link", "Month after")
	ann.sees(t, "main", "March 2026")
	ann.follow(t, "link", "Timeline", ".tabs")
	ann.sees(t, "main", "Third")
	ann.sees(t, "main", "First")
	ann.follow(t, "link", "Third")
	ann.sees(t, "h1", "Third")
}
