package hostiletest

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"strings"
	"sync"
)

// A File is what somebody sends where a file is asked for. Its name may be as hostile as what it holds.
type File struct {
	Name  string
	Bytes []byte
}

// Files are pages and programs that call themselves pictures, pictures that are something else as well, what declares or unpacks to more than
// anybody has memory for, archives that lead out of their folder, and damaged, deep and endless ones of every kind that is taken anywhere.
var Files = sync.OnceValue(func() []File {
	return append(append(append(pictures(), archives()...), texts()...), names()...)
})

const script = `<html><body><mk-e><script>alert(1)</script>`

func pictures() []File {
	small := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})
	drawn := func(encode func(*bytes.Buffer) error) []byte {
		var out bytes.Buffer
		if err := encode(&out); err != nil {
			panic(err) // memory takes everything, and the picture is a picture
		}
		return out.Bytes()
	}
	p := drawn(func(b *bytes.Buffer) error { return png.Encode(b, small) })
	g := drawn(func(b *bytes.Buffer) error { return gif.Encode(b, small, nil) })
	j := drawn(func(b *bytes.Buffer) error { return jpeg.Encode(b, small, nil) })
	comment := append([]byte{0xff, 0xfe, 0, byte(len(script) + 2)}, script...)
	return []File{
		{"drawing.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><foreignObject><mk-e/></foreignObject></svg>`)},
		{"photo.png", []byte(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&e;</svg>`)},
		{"page.html", []byte(script)}, {"photo.jpg", []byte(script)}, {"photo.jpg.html", j},
		{"script-in-a-comment.jpg", append(append(append([]byte{}, j[:2]...), comment...), j[2:]...)},
		{"and-a-page.png", append(append([]byte{}, p...), script...)}, {"and-a-page.gif", append(append([]byte{}, g...), script...)},
		{"and-a-zip.gif", append(append([]byte{}, g...), Zip(Entry{"../a.md", []byte("x")})...)}, {"program.gif", []byte("GIF89a/*\x00\x00*/=1;alert(1)//" + script)},
		{"half.jpg", j[:len(j)/2]}, {"half.png", p[:len(p)/2]}, {"empty.png", []byte("\x89PNG\r\n\x1a\n")}, {"half.webp", []byte("RIFF\xff\xff\xff\xffWEBPVP8 ")},
		{"wide.png", HugePNG(65_000, 65_000)}, {"wider.png", HugePNG(1<<31-1, 1<<31-1)}, {"wide.gif", hugeGIF(65_000, 65_000)}, {"wide.webp", hugeWebP(16_000, 16_000)}, {"wide.jpg", hugeJPEG(j)},
		{"many.gif", hugeGIFs(2000)}, {"photo.bmp", []byte("BM\xff\xff\xff\x7f\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\xff\xff\x00\x00\xff\xff\x00\x00\x01\x00\x18\x00")},
		{"film.mp4", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00" + script)}, {"sound.wav", []byte("RIFF\xff\xff\xff\xffWAVE" + script)}, {"sound.mp3", []byte("ID3" + script)},
		{"print.pdf", []byte("%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj")}, {"program.exe", []byte("MZ\x90\x00\x03")},
	}
}

// An Entry is a file of an archive.
type Entry struct {
	Name  string
	Bytes []byte
}

// Zip packs files under names that a careful program would not use.
func Zip(entries ...Entry) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.Name, Method: zip.Deflate}
		if strings.HasPrefix(e.Name, "link") {
			header.SetMode(fs.ModeSymlink | 0o777)
		}
		w, err := z.CreateHeader(header)
		if err == nil {
			_, err = w.Write(e.Bytes)
		}
		if err != nil {
			panic(err) // memory takes everything
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func archives() []File {
	note := []byte("---\ntitle: x\n---\nx")
	var files []File
	for i, name := range []string{"../../../etc/cron.d/x.md", "a/../../b.md", "/a.md", `C:\a.md`, `..\a.md`, "link.md", "a\x00.md", "a/\u202edm.exe"} {
		files = append(files, File{fmt.Sprintf("slip%d.zip", i), Zip(Entry{name, note})})
	}
	var many, bombs []Entry
	for n := range 1200 {
		many = append(many, Entry{fmt.Sprintf("%d/../../%d.md", n, n), make([]byte, 8<<10)})
	}
	bomb := Zip(Entry{"bomb.md", make([]byte, 40<<20)})
	for n := range 60 {
		bombs = append(bombs, Entry{fmt.Sprint(n, ".zip"), bomb})
	}
	lies := Zip(Entry{"a.md", make([]byte, 4<<20)})
	binary.LittleEndian.PutUint32(lies[bytes.LastIndex(lies, []byte("PK\x01\x02"))+24:], 10) // it says that it unpacks to ten bytes
	return append(files,
		File{"bomb.zip", bomb}, File{"bombs in a bomb.zip", Zip(bombs...)}, File{"1200 files.zip", Zip(many...)}, File{"zip in zip.zip", Zip(Entry{"inner.zip", Zip(many...)})},
		File{"twice.zip", Zip(Entry{"a.md", note}, Entry{"A.md", note})}, File{"lies.zip", lies}, File{"broken.zip", []byte("PK\x03\x04\x00\x00")},
		File{"entries.zip", append([]byte("PK\x03\x04"), bytes.Repeat([]byte("PK\x01\x02"), 200_000)...)},
		File{"deep.zip", Zip(Entry{"deep.md", []byte("---\na: " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "\n---\nx")})},
		File{"aliases.zip", Zip(Entry{"alias.md", []byte("---\na: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n---\nx")})},
		File{"a sheet.zip", Zip(Entry{"[Content_Types].xml", []byte(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`)})})
}

func texts() []File {
	var cells, rows strings.Builder
	for i, text := range Texts {
		fmt.Fprintf(&cells, "%q,%q\n", fmt.Sprint("row ", i), strings.ReplaceAll(text, `"`, `""`))
		fmt.Fprintf(&rows, "{\"title\":%q}\n", text)
	}
	return []File{
		{"cells.csv", []byte("title,content\n" + cells.String())}, {"rows.jsonl", []byte(rows.String())}, {"odd.csv", []byte("title,content\n\xff\xfe,\x00\n=cmd(),\"unclosed\n")},
		{"wide.csv", []byte(strings.Repeat("a,", 2000))}, {"empty", nil}, {"noise.bin", bytes.Repeat([]byte{0, 1, 2, 0xff}, 1000)}, {"many.jsonl", bytes.Repeat([]byte("{\n"), 100_000)},
		{"deep.json", bytes.Repeat([]byte("["), 1<<20)}, {"deeper.json", []byte(strings.Repeat(`{"a":[`, 100_000))}, {"deep.jsonl", append([]byte(`{"title":`), bytes.Repeat([]byte("["), 1<<19)...)},
		{"numbers.json", []byte(`{"title":1e999,"graph":{"nodes":-1,"edges":99999999999999999999}}`)}, {"utf16.txt", []byte("\xff\xfeh\x00i\x00")}, {"one line.txt", bytes.Repeat([]byte("x"), 3<<20)},
		{"nul.txt", []byte("a\x00b")}, {"times.srt", []byte("99999999999\n99:99:99,999 --> 00:00:00,000\n<mk-e>\n\n2\n-1:00:00,000 --> x\nx\n")}, {"marks.vtt", []byte("WEBVTT\n\nSTYLE\n::cue{background:url(//mk.example)}\n\n00:01.000 --> 00:02.000\n<v mk-a><mk-e>\n")},
		{"deep.md", []byte(strings.Repeat("> ", 20_000) + "x")}, {"brackets.md", []byte(strings.Repeat("[", 50_000))}, {"stars.md", []byte(strings.Repeat("**a _", 20_000))}, {"deep.html", []byte(strings.Repeat("<b>", 100_000))},
	}
}

func names() []File {
	var files []File
	for _, name := range []string{"\x00\r\n/..", "a\r\nX-Injected: 1.txt", `"; filename=x.html; x="y.txt`, "../../../etc/passwd.txt", `..\..\x.txt`, "\u202etxt.exe", "\xff\xfe.txt", "con.txt", ".htaccess",
		strings.Repeat("\u00e4", 3000) + ".txt", `"><mk-e mk-a="1">.txt`, "=cmd().txt", " .txt", "%00%0d%0a.txt"} {
		files = append(files, File{name, []byte("A note.")})
	}
	return files
}

// HugePNG is the head of a picture that declares a size and holds nothing.
func HugePNG(w, h uint32) []byte {
	header := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	header = append(header, 8, 6, 0, 0, 0)
	out := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	return binary.BigEndian.AppendUint32(append(out, header...), crc32.ChecksumIEEE(header))
}

func hugeGIF(w, h uint16) []byte {
	size := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, w), h)
	out := append([]byte("GIF89a"), size...)
	out = append(out, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x2c, 0, 0, 0, 0) // two colours, and a picture at the corner
	return append(append(out, size...), 0, 2, 2, 0x4c, 1, 0, 0x3b)
}

// hugeGIFs moves: so many pictures of six thousand pixels a side, a few bytes each.
func hugeGIFs(n int) []byte {
	one := hugeGIF(6000, 6000)
	head, frame := one[:19], one[19:len(one)-1]
	return append(append(append([]byte{}, head...), bytes.Repeat(frame, n)...), 0x3b)
}

// hugeWebP is the head of a lossless picture; the format ends at 16,384 pixels a side.
func hugeWebP(w, h uint32) []byte {
	bits := (w - 1) | (h-1)<<14
	data := append([]byte("VP8L"), binary.LittleEndian.AppendUint32(nil, 5)...)
	data = append(append(data, 0x2f), binary.LittleEndian.AppendUint32(nil, bits)...)
	data = append(data, 0)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(data)+4)), append([]byte("WEBP"), data...)...)
}

// hugeJPEG is a JPEG that says of itself that it is 65,500 pixels wide and high.
func hugeJPEG(small []byte) []byte {
	out := bytes.Clone(small)
	at := bytes.Index(out, []byte{0xff, 0xc0})
	copy(out[at+5:], []byte{0xff, 0xdc, 0xff, 0xdc})
	return out
}
