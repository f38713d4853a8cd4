package store_test

import (
	"archive/zip"
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// noisy is a picture with something in it.
func noisy() image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 * 30 {
		picture.Set(i%40, i/40, color.NRGBA{uint8(i), uint8(i * 7), uint8(i * 13), 255})
	}
	return picture
}

// withFile captures a signal with a file, as the upload of it would.
func withFile(t *testing.T, who *store.Tenant, payload signal.Payload, name, mediaType string, content []byte) {
	t.Helper()
	file := store.NewFile{ID: uuid.New(), Name: name, MediaType: mediaType, Bytes: content}
	d := signal.NewDraft(payload.Type())
	d.Title, d.Payload = "With "+name, signal.WithFile(payload, file.ID)
	if mediaType != "audio/wav" {
		file.Thumbnail = content // of a small picture
	}
	if _, err := who.CreateSignal(t.Context(), store.NewSignal{Draft: d, File: &file}); err != nil {
		t.Fatal(err)
	}
}

// filesOf are the files of all signals of a member, as name, kind and content.
func filesOf(t *testing.T, who *store.Tenant) (all []string) {
	t.Helper()
	list, err := who.Signals(t.Context(), everything())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list.Items {
		found, err := who.Signal(t.Context(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found.Files {
			if f.ID != signal.FileOf(found.Draft.Payload) {
				t.Errorf("%s has a file that it does not name", s.Title)
			}
			content, err := who.SignalFilePart(t.Context(), s.ID, f.ID, false, 0, f.Size)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, strings.Join([]string{s.Title, f.Name, f.MediaType, string(content)}, "|"))
		}
	}
	slices.Sort(all)
	return all
}

// An export in a zip holds the pictures and the recordings, and an import of it gives the very same ones.
func TestFilesComeBackFromAnExport(t *testing.T) {
	t.Parallel()
	ann := storetest.Owner(t)
	var sharp, photo bytes.Buffer
	if err := png.Encode(&sharp, noisy()); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&photo, noisy(), nil); err != nil {
		t.Fatal(err)
	}
	sound := append([]byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"), make([]byte, 2<<20+7)...)
	withFile(t, ann, signal.Photo{OriginalName: "bay.png"}, "bay.png", "image/png", sharp.Bytes())
	withFile(t, ann, signal.Photo{OriginalName: "b [1] é.jpg"}, "b [1] é.jpg", "image/jpeg", photo.Bytes())
	withFile(t, ann, signal.Transmission{URL: "https://example.com/talk", Transcript: []signal.Cue{{Text: "Hello"}}}, "talk.wav", "audio/wav", sound)
	want := filesOf(t, ann)
	for _, format := range []exchange.Format{exchange.Markdown, exchange.Archive} {
		out, count := exported(t, ann, everything(), format)
		if format == exchange.Markdown {
			linked(t, out)
		}
		if exchange.Detect("x.zip", out[:min(len(out), 8<<10)]) != format {
			t.Errorf("%s is not told by its beginning", format)
		}
		ben := storetest.Owner(t)
		sent := upload(t, ben, format, out)
		if sent.Total != 3 || sent.Failed != 0 {
			t.Fatalf("%s: %+v, %v", format, sent.SignalImport, sent.Problems)
		}
		if end := imported(t, ben, sent.ID); end.Created != count {
			t.Fatalf("%s: %+v", format, end.SignalImport)
		}
		if got := filesOf(t, ben); !slices.Equal(got, want) {
			t.Errorf("%s: %d files came back, or they changed", format, len(got))
		}
		// Once more changes nothing, neither there nor where it comes from.
		for _, who := range []*store.Tenant{ann, ben} {
			if end := imported(t, who, upload(t, who, format, out).ID); end.Created != 0 {
				t.Errorf("%s again: %+v", format, end.SignalImport)
			}
		}
		if got := filesOf(t, ann); !slices.Equal(got, want) {
			t.Errorf("%s: importing the own export changed the files", format)
		}
	}
}

// linked makes sure that the texts of a zip link to the files that stand there.
func linked(t *testing.T, out []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(in); err != nil {
			t.Fatal(err)
		}
		if _, link, found := strings.Cut(text.String(), "](files/"); found && strings.HasSuffix(f.Name, ".md") {
			links++
			link, _, _ = strings.Cut(link, "/")
			if !slices.ContainsFunc(archive.File, func(o *zip.File) bool { return strings.HasPrefix(o.Name, "files/"+link+"/") }) {
				t.Errorf("%s links to a file that is not there", f.Name)
			}
		}
	}
	if links != 3 {
		t.Errorf("%d links", links)
	}
}

// A file that is no picture or not whole, and one that two rows claim, are told before or when it counts, and nothing of it is kept.
func TestFilesThatAreNotWhatTheySayAreRefused(t *testing.T) {
	t.Parallel()
	ann := storetest.Owner(t)
	var picture bytes.Buffer
	if err := png.Encode(&picture, noisy()); err != nil {
		t.Fatal(err)
	}
	id := uuid.NewString()
	row := func(title string) string {
		return `{"title":"` + title + `","type":"PHOTO","payload":{"file":"` + id + `"}}` + "\n"
	}
	pack := func(rows string, content []byte) []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for name, text := range map[string][]byte{"signals.jsonl": []byte(rows), "files/" + id + "/a.png": content} {
			w, err := z.Create(name)
			if err == nil {
				_, err = w.Write(text)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	for want, file := range map[string][]byte{
		"Choose a JPEG":             pack(row("One"), []byte("<html>no picture</html>")),
		"Another row has this file": pack(row("One")+row("Two"), picture.Bytes()),
	} {
		sent := upload(t, ann, exchange.Archive, file)
		if len(sent.Problems) != 1 || !strings.Contains(sent.Problems[0].Problem, want) {
			t.Errorf("%s: %+v", want, sent.Problems)
		}
	}
	cut := picture.Bytes()[:picture.Len()-60]
	if end := imported(t, ann, upload(t, ann, exchange.Archive, pack(row("One"), cut)).ID); end.State != "FAILED" || !strings.Contains(end.Error, "damaged") {
		t.Errorf("a damaged picture: %+v", end.SignalImport)
	}
	if list, err := ann.Signals(t.Context(), everything()); err != nil || len(list.Items) > 0 {
		t.Errorf("%d signals are kept, %v", len(list.Items), err)
	}

	// What stands beside the picture, such as where it was taken, does not come along.
	told := append(slices.Clone(picture.Bytes()), "SECRET"...)
	imported(t, ann, upload(t, ann, exchange.Archive, pack(row("One"), told)).ID)
	if files := filesOf(t, ann); len(files) != 1 || strings.Contains(files[0], "SECRET") {
		t.Errorf("%d files, or one with what stood beside it", len(files))
	}
}

// A picture of an import waits for its turn to be unpacked, like that of an upload.
func TestAnImportedPictureWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	s := storetest.Second(t, func(*store.Options) {})
	ann := storetest.Owner(t)
	ann = storetest.ViewIn(t, s, ann.User, ann.Org.Slug)
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, noisy(), nil); err != nil {
		t.Fatal(err)
	}
	withFile(t, ann, signal.Photo{OriginalName: "bay.jpg"}, "bay.jpg", "image/jpeg", photo.Bytes())
	out, _ := exported(t, ann, everything(), exchange.Archive)
	other := storetest.Owner(t)
	ben := storetest.ViewIn(t, s, other.User, other.Org.Slug)
	sent := upload(t, ben, exchange.Archive, out)
	must(t, ben.StartImport(t.Context(), sent.ID))
	var releases []func()
	for range 2 {
		release, err := s.Heavy(t.Context())
		must(t, err)
		releases = append(releases, release)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	if err := ben.ImportFile(ctx, sent.ID); err == nil || len(filesOf(t, ben)) > 0 {
		t.Errorf("a picture was unpacked beside two others: %v", err)
	}
	for _, release := range releases {
		release()
	}
	must(t, ben.ImportFile(t.Context(), sent.ID))
	if files := filesOf(t, ben); len(files) != 1 {
		t.Errorf("%d files after its turn came", len(files))
	}
}

// An own export that is larger than any other upload comes back in one piece, part by part, and nothing of the file stays.
func TestALargeExportComesBackInOnePiece(t *testing.T) {
	t.Parallel()
	ann, ben := storetest.Owner(t), storetest.Owner(t)
	sound := append([]byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"), make([]byte, 34<<20)...)
	for i, name := range []string{"one.wav", "two.wav"} {
		sound[len(sound)-1] = byte(i)
		withFile(t, ann, signal.Transmission{}, name, "audio/wav", sound)
	}
	withFile(t, ann, signal.Photo{OriginalName: "bay.jpg"}, "bay.jpg", "image/jpeg", jpegOf(t))
	out, _ := exported(t, ann, everything(), exchange.Archive)
	if len(out) <= exchange.FileLimit {
		t.Fatalf("the export has %d bytes, and that is not large", len(out))
	}
	sent := upload(t, ben, exchange.Archive, out)
	if sent.Total != 3 || sent.Failed != 0 || len(sent.First) != 3 {
		t.Fatalf("%+v, %v", sent.SignalImport, sent.Problems)
	}
	parts := func() int {
		return scan[int](t, storetest.Connect(t, "postgres"), `select count(*) from `+schemaOf(ben)+`.signal_import_parts`)[0]
	}
	if parts() != 17 {
		t.Errorf("%d parts beside the first", parts())
	}
	must(t, ben.CancelImport(t.Context(), sent.ID))
	if parts() != 0 {
		t.Errorf("%d parts of a file that was cancelled", parts())
	}
	sent = upload(t, ben, exchange.Archive, out)
	if end := imported(t, ben, sent.ID); end.Created != 3 || parts() != 0 {
		t.Fatalf("%+v, %d parts are left", end.SignalImport, parts())
	}
	if !slices.Equal(filesOf(t, ben), filesOf(t, ann)) {
		t.Error("the files changed")
	}
	// A file that is not whole any more ends the import, and says so.
	sent = upload(t, ben, exchange.Archive, out)
	run(t, storetest.Connect(t, "postgres"), `delete from `+schemaOf(ben)+`.signal_import_parts where position = 3`)
	must(t, ben.StartImport(t.Context(), sent.ID))
	if err := ben.ImportFile(t.Context(), sent.ID); err == nil && importOf(t, ben, sent.ID).State != "FAILED" {
		t.Error("a file that lacks a part was imported")
	}
}

func jpegOf(t *testing.T) []byte {
	t.Helper()
	var photo bytes.Buffer
	must(t, jpeg.Encode(&photo, noisy(), nil))
	return photo.Bytes()
}
