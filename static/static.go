// Package static serves what the browser loads: the style sheet, the scripts,
// the fonts and the mark.
//
// The style sheet and the script are written as small files and joined when
// the program starts, so a page makes one request for each. Every file has an
// address that contains a hash of its content: the browser keeps it for a
// year, and a new version of the program has new addresses.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"sync"
)

//go:embed css/*.css js/*.js img/* vendor/*.js vendor/*.woff2
var files embed.FS

// Prefix is the path under which Handler expects to be mounted.
const Prefix = "/static/"

// asset is one file as it is sent.
type asset struct {
	url         string
	contentType string
	plain       []byte
	gzipped     []byte // nil for types that are compressed already
}

// library holds all assets, by logical name and by hashed file name.
type library struct {
	byName map[string]*asset
	byFile map[string]*asset
}

// loaded builds the library once. The files are compiled in, so a failure is a
// fault in the program itself and panics at the first use.
var loaded = sync.OnceValue(load)

// URL returns the address of the asset with a logical name such as "app.css".
// It panics for an unknown name: a page that refers to a missing file is a
// mistake that the first render should show.
func URL(name string) string {
	found, ok := loaded().byName[name]
	if !ok {
		panic(fmt.Sprintf("static: no asset is named %q", name))
	}
	return found.url
}

// Text returns the content of a source file below static/, for the one case
// where a style sheet has to travel inside another document.
func Text(file string) string {
	return string(read(file))
}

func load() *library {
	lib := &library{byName: map[string]*asset{}, byFile: map[string]*asset{}}
	for name, file := range singles {
		lib.add(name, read(file))
	}
	// The style sheet names the fonts, so their addresses must exist before it is joined.
	lib.add("app.css", lib.joinStyles())
	lib.add("app.js", joinScripts())
	return lib
}

func (l *library) add(name string, content []byte) {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	file := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	a := &asset{url: Prefix + file, contentType: contentTypes[ext], plain: content}
	if a.contentType == "" {
		panic(fmt.Sprintf("static: no content type is known for %q", name))
	}
	if ext != ".woff2" {
		a.gzipped = compress(content)
	}
	l.byName[name], l.byFile[file] = a, a
}

func read(file string) []byte {
	content, err := files.ReadFile(file)
	if err != nil {
		panic(fmt.Sprintf("static: read %s: %v", file, err))
	}
	return content
}

func compress(content []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("static: compress: %v", err))
	}
	return out.Bytes()
}
