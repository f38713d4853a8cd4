package handlers_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
)

// sendFiles posts a form with files: by field, the name and then the content.
func (b *browser) sendFiles(t *testing.T, path string, form url.Values, files map[string][2]string) *page {
	t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, values := range form {
		must(t, parts.WriteField(name, values[0]))
	}
	for name, file := range files {
		part := got[interface{ Write([]byte) (int, error) }](t)(parts.CreateFormFile(name, file[0]))
		got[int](t)(part.Write([]byte(file[1])))
	}
	must(t, parts.Close())
	request := b.request(t, http.MethodPost, path, nil)
	sent, err := http.NewRequestWithContext(t.Context(), http.MethodPost, request.URL.String(), &body)
	must(t, err)
	sent.Header = request.Header
	sent.Header.Set("Content-Type", parts.FormDataContentType())
	return b.do(t, sent)
}

// kept is the signal that an answer leads to.
func kept(t *testing.T, member *store.Tenant, p *page) store.SignalPage {
	t.Helper()
	p.status(t, http.StatusSeeOther)
	id := got[uuid.UUID](t)(uuid.Parse(p.location()[strings.LastIndex(p.location(), "/")+1:]))
	return got[store.SignalPage](t)(member.Signal(t.Context(), id))
}

func picture(t *testing.T, width, height int) string {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, image.NewNRGBA(image.Rect(0, 0, width, height))))
	return out.String()
}

func TestOneFieldIsEnoughToCapture(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, ada := a.owner(t)
	o := "/o/" + ada.Org.Slug
	page := b.get(t, o+"/signals/new?title=&text=Shared+%3Cb%3E&type=CONVERSATION").text(t, "textarea[name=text]", "Shared <b>")
	page.has(t, "input[value=CONVERSATION][checked]")

	found := kept(t, ada, b.get(t, o+"/signals/new").submit(t, "#capture", url.Values{"text": {"## The pump *leaks*\nSince Tuesday."}}))
	if d := found.Draft; d.Title != "The pump leaks" || d.Status != signal.Active || d.Visibility != signal.Private || d.Context != signal.Capture ||
		d.Payload.(signal.Document).Format != signal.Markdown {
		t.Errorf("captured %+v", d)
	}
	b.get(t, o+"/signals/"+found.ID.String()).text(t, ".rich h3", "The pump leaks").has(t, ".rich em")

	talk := kept(t, ada, b.post(t, o+"/signals", url.Values{"type": {"CONVERSATION"}, "text": {"Ada: Did you see it?\nClaude: Yes.\nAll of it."}}))
	if m := talk.Draft.Payload.(signal.Conversation).Messages; len(m) != 2 || m[1].Role != signal.Assistant || m[1].Content != "Yes.\nAll of it." {
		t.Errorf("messages %+v", m)
	}
	b.get(t, o+"/signals/"+talk.ID.String()).count(t, ".bubble", 2)

	for _, c := range []struct {
		form            url.Values
		field, sentence string
	}{
		{url.Values{"type": {"DOCUMENT"}}, "text", "Write something"},
		{url.Values{"type": {"PHOTO"}, "text": {"x"}}, "file", "Choose a picture."},
		{url.Values{"type": {"MYTH"}, "text": {"x"}}, "type", "Choose a type"},
		{url.Values{"type": {"TRANSMISSION"}, "url": {"javascript:x"}}, "url", "https://"},
		{url.Values{"type": {"TRANSMISSION"}, "text": {"1\n00:00:09,000 --> 00:00:04,000\nx"}}, "text", "Line 2: The passage ends before it begins."},
		{url.Values{"type": {"DOCUMENT"}, "text": {"x"}, "realm": {"nowhere"}}, "realm", "Choose a realm"},
		{url.Values{"type": {"DOCUMENT"}, "text": {"x"}, "latitude": {"91"}, "longitude": {"0"}}, "latitude", "-90 to 90"},
		{url.Values{"type": {"DOCUMENT"}, "text": {"x"}, "longitude": {"5"}}, "latitude", "both"},
	} {
		page := b.post(t, o+"/signals", c.form).status(t, http.StatusUnprocessableEntity)
		page.text(t, "#"+c.field+"-error", c.sentence).text(t, "textarea[name=text]", strings.Split(c.form.Get("text"), "\n")[0])
	}
}

func TestPhotosRecordingsAndTextFilesAreTaken(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, ada := a.owner(t)
	o := "/o/" + ada.Org.Slug
	send := func(form url.Values, name, content string) *page {
		return b.sendFiles(t, o+"/signals", form, map[string][2]string{"file": {name, content}})
	}
	photo := kept(t, ada, send(url.Values{"type": {"DOCUMENT"}}, `C:\photos\Bay 7.png`, picture(t, 900, 20)))
	if f := photo.Draft.Metadata.(signal.PhotoFacts); photo.Draft.Type != signal.PhotoType || photo.Draft.Title != "Bay 7" || f.Width != 900 || len(photo.Files) != 1 {
		t.Fatalf("photo %+v", photo.Draft)
	}
	b.get(t, o+"/signals/"+photo.ID.String()).has(t, "img[width=900]")

	sound := "RIFF\x24\x00\x00\x00WAVEfmt " + strings.Repeat("\x00\x01", 3<<19)
	talk := kept(t, ada, send(url.Values{"type": {"DOCUMENT"}, "text": {"0:01 Ada: Good morning\n0:04 Ben: The pump"}}, "talk.wav", sound))
	cues := talk.Draft.Payload.(signal.Transmission).Transcript
	if talk.Draft.Type != signal.TransmissionType || talk.Draft.Title != "Good morning" || len(cues) != 2 || cues[1].Speaker != "Ben" {
		t.Fatalf("recording %+v", talk.Draft)
	}
	b.get(t, o+"/signals/"+talk.ID.String()).has(t, "audio[data-player]").count(t, "[data-seek]", 2)

	file := o + "/signals/" + talk.ID.String() + "/files/" + talk.Files[0].ID.String()
	whole := b.get(t, file).status(t, http.StatusOK)
	if whole.body != sound || whole.header("Content-Type") != "audio/wav" || !strings.HasPrefix(whole.header("Content-Disposition"), "inline") {
		t.Errorf("%d bytes of %s, %s", len(whole.body), whole.header("Content-Type"), whole.header("Content-Disposition"))
	}
	request := b.request(t, http.MethodGet, file, nil)
	request.Header.Set("Range", "bytes=1048570-1048585")
	if part := b.do(t, request).status(t, http.StatusPartialContent); part.body != sound[1048570:1048586] {
		t.Errorf("a part is %q", part.body)
	}
	request = b.request(t, http.MethodGet, file, nil)
	request.Header.Set("If-None-Match", whole.header("ETag"))
	b.do(t, request).status(t, http.StatusNotModified)
	b.get(t, file+"/thumbnail").status(t, http.StatusNotFound)
	small := b.get(t, o+"/signals/"+photo.ID.String()+"/files/"+photo.Files[0].ID.String()+"/thumbnail").status(t, http.StatusOK)
	if small.header("Content-Type") != "image/png" || len(small.body) == 0 {
		t.Errorf("thumbnail of %s", small.header("Content-Type"))
	}

	text := kept(t, ada, send(url.Values{"type": {"DOCUMENT"}}, "page.html", "<h1>Big</h1><script>alert(1)</script><p onclick=x>small</p>"))
	shown := b.get(t, o+"/signals/"+text.ID.String()).text(t, ".rich h2", "Big").hasNot(t, ".rich script").hasNot(t, "[onclick]")
	shown.count(t, "h1", 1)
	film := b.sendFiles(t, o+"/signals", url.Values{"type": {"DOCUMENT"}, "url": {"https://example.com/film"}}, map[string][2]string{
		"transcript_file": {"film.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>Hello"}})
	if cues := kept(t, ada, film).Draft.Payload.(signal.Transmission).Transcript; len(cues) != 1 || cues[0].Speaker != "Ada" {
		t.Errorf("film %+v", cues)
	}

	for name, content := range map[string]string{"a.pdf": "%PDF-1.7", "a.png": "\x89PNG\r\n\x1a\nbroken", "a.exe": "MZ\x90\x00\x03"} {
		page := send(url.Values{"type": {"DOCUMENT"}, "text": {"typed already"}}, name, content).status(t, http.StatusUnprocessableEntity)
		page.has(t, "#file-error").text(t, "textarea[name=text]", "typed already").text(t, "#file-hint", "You had chosen “"+name+"”. Choose it again.")
	}
}

func TestASignalIsMovedAfterItsConsequencesAreShown(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	ben := w.person(t, store.Member)
	b, realm := a.as(t, w.owner), w.realm(t, w.owner, store.SharedRealm)
	w.admit(t, w.owner, realm, ben, store.Observer)
	s := w.aSignal(t, w.owner)
	path := "/o/" + w.slug() + "/signals/" + s.ID.String()
	reader := a.as(t, ben)
	reader.get(t, path).status(t, http.StatusNotFound)

	b.get(t, path).click(t, "Move to another realm")
	plan := b.get(t, path+"/move?realm="+realm).text(t, "li", "One person will see it").text(t, ".person", ben.User.Name)
	plan.submit(t, "main form[method=post]", nil).status(t, http.StatusSeeOther)
	b.post(t, path+"/move", url.Values{"realm": {s.RealmSlug}, "revision": {"1"}}).status(t, http.StatusConflict).text(t, ".alert", "Somebody else was faster")

	seen := reader.get(t, path).status(t, http.StatusOK).hasNot(t, `a[href="`+path+`/edit"]`).hasNot(t, "textarea[name=note]")
	seen.hasNot(t, "#shares")
	for _, below := range []string{"", "/delete", "/notes", "/move"} {
		reader.post(t, path+below, url.Values{"note": {"x"}, "realm": {realm}, "scope": {"READ"}, "revision": {"2"}}).status(t, http.StatusForbidden)
	}
}

func TestTheBinShowsItselfAndGivesBack(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	b, s := a.as(t, w.owner), w.aSignal(t, w.owner)
	path := "/o/" + w.slug() + "/signals/" + s.ID.String()
	after := b.post(t, path+"/delete", nil).status(t, http.StatusSeeOther).follow(t)
	after.text(t, "#toasts", "Put into the bin.").has(t, "#toasts form button")
	b.get(t, path).text(t, ".alert", "in the bin").hasNot(t, "textarea[name=note]")
	after.submit(t, "#toasts form", nil).status(t, http.StatusSeeOther).follow(t).hasNot(t, ".alert").text(t, ".history", "Taken out of the bin")
}
